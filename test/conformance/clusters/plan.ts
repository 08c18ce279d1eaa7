import type { Conversion } from '../../../src/conversion.ts';
import { cutOverSteps } from '../../../src/reporters/cut-over.ts';
import type { Manifest } from '../generate/clusters/layout.ts';
import type { State } from './whole-cluster.ts';

/** One object that comes, goes or changes. */
export interface Change {
  readonly key: string;
  readonly verb: 'create' | 'update' | 'delete';
}

/** The way back is not a part of the way there. */
const wayBack = /^The way back/;

/**
 * Reads the commands of the printed plan, one object after the other, and says which of the changes they do not name.
 *
 * @param target what the conversion leaves, by key
 */
export function changesOf(
  conversion: Conversion,
  before: State,
  target: ReadonlyMap<string, Manifest>,
): { readonly changes: readonly Change[]; readonly unplanned: readonly string[] } {
  const all = differences(before, target);
  const named = cutOverSteps(conversion)
    .filter(({ title }) => !wayBack.test(title))
    .flatMap(({ commands }) => commands.flatMap(objectsNamed));
  const planned: Change[] = [];
  for (const name of named) {
    const change = all.find(({ key }) => isNamed(key, name));
    if (change !== undefined && !planned.includes(change)) planned.push(change);
  }
  const unplanned = all.filter(change => !planned.includes(change));
  return {
    changes: [...planned, ...unplanned],
    unplanned: unplanned.map(({ key, verb }) => `${verb} ${key}`),
  };
}

function differences(before: State, target: ReadonlyMap<string, Manifest>): readonly Change[] {
  const gone = [...before.keys()].filter(key => !target.has(key));
  const made = [...target.keys()].filter(key => !before.has(key));
  const updated = [...target].filter(([key, manifest]) => {
    const old = before.get(key);
    return old !== undefined && JSON.stringify(old['spec']) !== JSON.stringify(manifest['spec']);
  });
  return [
    ...made.map(key => ({ key, verb: 'create' as const })),
    ...updated.map(([key]) => ({ key, verb: 'update' as const })),
    ...gone.map(key => ({ key, verb: 'delete' as const })),
  ];
}

/** How a command names an object: with its group where it says a plural, else by its kind alone. */
interface NamedObject {
  readonly kind: string;
  readonly group: string | undefined;
  readonly namespace: string;
  readonly name: string;
}

const kinds: Readonly<Record<string, readonly [kind: string, group: string]>> = {
  gateways: ['Gateway', 'gateway.networking.k8s.io'],
  httproutes: ['HTTPRoute', 'gateway.networking.k8s.io'],
  grpcroutes: ['GRPCRoute', 'gateway.networking.k8s.io'],
  tlsroutes: ['TLSRoute', 'gateway.networking.k8s.io'],
  tcproutes: ['TCPRoute', 'gateway.networking.k8s.io'],
  referencegrants: ['ReferenceGrant', 'gateway.networking.k8s.io'],
  backendtlspolicies: ['BackendTLSPolicy', 'gateway.networking.k8s.io'],
  virtualservices: ['VirtualService', 'networking.istio.io'],
  destinationrules: ['DestinationRule', 'networking.istio.io'],
  services: ['Service', ''],
};

function objectsNamed(command: string): readonly NamedObject[] {
  const comment = /^# (\w+) ([^/\s]*)\/(\S+)/.exec(command);
  if (comment !== null) {
    const [, kind = '', namespace = '', name = ''] = comment;
    return [{ kind, group: undefined, namespace, name }];
  }
  const words = command.split(/\s+/).map(word => word.replaceAll("'", ''));
  const at = words.indexOf('-n');
  const verb = words[at + 2];
  if (at < 0 || verb === undefined) return [];
  const namespace = words[at + 1] ?? '';
  const objects: NamedObject[] = [];
  let plural = '';
  for (const word of words.slice(at + 3)) {
    if (word.startsWith('-')) {
      if (verb === 'get') break;
      continue;
    }
    const [type = '', slashed] = word.split('/');
    if (slashed !== undefined) plural = type;
    else if (plural === '') {
      plural = word;
      continue;
    }
    const [first = '', ...rest] = plural.split('.');
    const [kind = '', group = ''] = kinds[first] ?? [];
    objects.push({ kind, group: rest.join('.') || group, namespace, name: slashed ?? word });
  }
  return objects;
}

function isNamed(key: string, { kind, group, namespace, name }: NamedObject): boolean {
  const [ownGroup, ownKind, path] = key.split(' ');
  return ownKind === kind && (group === undefined || group === ownGroup) && path === `${namespace}/${name}`;
}

/** @returns the objects after a change */
export function applyChange(state: State, { key, verb }: Change, after: State): State {
  const next = new Map(state);
  const made = after.get(key);
  if (verb === 'delete' || made === undefined) next.delete(key);
  else next.set(key, made);
  return next;
}
