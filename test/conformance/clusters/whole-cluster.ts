import { parseAllDocuments } from 'yaml';
import { printYaml } from '../../../src/6-emit/print.ts';
import type { Options } from '../../../src/options.ts';
import type { SourceFile } from '../../../src/yaml/source.ts';
import { addressOf } from '../addresses.ts';
import type { GatewayPods, Manifest } from '../generate/clusters/layout.ts';

/** A cluster that lacks nothing: what `convert` reads, and what only the judge knows. */
export interface WholeCluster {
  readonly name: string;
  /** What `convert` reads. */
  readonly manifests: readonly Manifest[];
  readonly pods: readonly Manifest[];
  /** The Pods that Istio Gateways select. */
  readonly gatewayPods: readonly GatewayPods[];
  /** Ages of objects whose manifests do not say, by key: any could be the real one. */
  readonly hiddenAges: ReadonlyMap<string, string>;
  readonly options: Options;
}

/** The objects of a cluster at one moment, by key. */
export type State = ReadonlyMap<string, Manifest>;

/** What is made while a conversion is rolled out is younger than everything that was there. */
const rollOut = Date.UTC(2030, 0, 1);

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Manifest & { readonly name: string; readonly namespace?: string };
}

/** @returns `GROUP KIND NAMESPACE/NAME`; versions of one kind are the same object */
export function keyOf(manifest: Manifest): string {
  const { apiVersion, kind, metadata } = manifest as unknown as Named;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** @returns the file that `convert` reads */
export function fileOf({ manifests }: Pick<WholeCluster, 'manifests'>): SourceFile {
  return { path: 'cluster.yaml', text: manifests.map(manifest => printYaml(manifest)).join('---\n') };
}

/** Reads back what the edits of a conversion leave of a file: all of it, also what `convert` passes over and istiod reads. */
export function readManifests({ text }: SourceFile): readonly Manifest[] {
  return parseAllDocuments(text, { version: '1.1', merge: true })
    .map(document => document.toJSON() as Manifest | null)
    .flatMap(manifest => (manifest?.['kind'] === 'List' ? (manifest['items'] as Manifest[]) : [manifest]))
    .filter(manifest => manifest !== null);
}

/** @returns the objects, each as old as the cluster knows it to be */
export function stateOf(manifests: readonly Manifest[], ages: ReadonlyMap<string, string>): State {
  return new Map(manifests.map(manifest => [keyOf(manifest), withAge(manifest, ages.get(keyOf(manifest)))]));
}

/** @param order of its making, a second for each */
export function madeNow(manifest: Manifest, order: number): Manifest {
  return withAge(manifest, `${new Date(rollOut + order * 1000).toISOString().slice(0, 19)}Z`);
}

/** An object that is there already keeps its age, whatever becomes of it. */
export function withAgeOf(manifest: Manifest, old: Manifest | undefined): Manifest {
  const { metadata } = (old ?? {}) as Partial<Named>;
  const age = metadata?.['creationTimestamp'];
  return typeof age === 'string' ? withAge(manifest, age) : manifest;
}

/** @returns one text for the judge; JSON is YAML too */
export function textOf(state: State, pods: readonly Manifest[]): string {
  return [...state.values(), ...pods].map(manifest => JSON.stringify(withAddress(manifest))).join('\n---\n');
}

function withAge(manifest: Manifest, age: string | undefined): Manifest {
  if (age === undefined) return manifest;
  const { metadata } = manifest as unknown as Named;
  return { ...manifest, metadata: { ...metadata, creationTimestamp: age } };
}

/** Gives a Service an address that stays, whatever else comes and goes. */
function withAddress(manifest: Manifest): Manifest {
  const { kind, metadata } = manifest as unknown as Named;
  const spec = manifest['spec'] as Manifest | undefined;
  if (kind !== 'Service' || spec === undefined || spec['clusterIP'] !== undefined) return manifest;
  if (spec['type'] === 'ExternalName') return manifest;
  const host = `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
  return { ...manifest, spec: { ...spec, clusterIP: addressOf(host) } };
}
