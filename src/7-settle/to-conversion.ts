import type { SourceDocument, SourceFile } from '../1-read/source.ts';
import { type AnyResource, isType, type ResourceRef, refOf } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { isDelegate } from '../3-link/virtual-services.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { Conversion, ConvertedResource, Status } from '../conversion.ts';
import { type Diagnostic, type Finding, keyOf, placeOf } from '../diagnostics/diagnostic.ts';
import { collect, isWithin, toDiagnostics } from '../diagnostics/locate.ts';
import type { SettledUnit, Settlement } from './settle.ts';
import { isError } from './unit.ts';

/** Puts what was settled into the form that commands and reporters read. */
export function toConversion(
  facts: Facts,
  inputs: ReadonlySet<AnyResource>,
  settlement: Settlement,
  earlier: readonly Finding[],
  files: readonly SourceFile[],
): Conversion {
  const delegates = delegatesOf(facts, inputs, settlement);
  const findings = [
    ...withNamespaces(earlier, facts.resources),
    ...settlement.units.flatMap(({ unit, held }) => (held ? unit.findings.filter(isError) : unit.findings)),
    ...delegates.findings,
  ];
  const diagnostics = toDiagnostics(findings, files);
  const byObject = groupByObject(diagnostics);
  const units = new Map(settlement.units.map(unit => [unit.unit.vs.resource as AnyResource, unit]));
  const rules = new Set(settlement.rules.map(({ rule }) => rule as AnyResource));
  const resources = [...inputs].filter(isConvertible).map((resource): ConvertedResource => {
    const own = byObject.get(keyOfRef(resource.source?.document.file.path ?? '', resource)) ?? [];
    const unit = units.get(resource);
    return {
      resource,
      status: statusOf(resource, unit, own, rules.has(resource) || delegates.converted.has(resource)),
      outputs: unit === undefined || unit.held ? [] : unit.outputs.map(({ resource: made }) => refOf(made)),
      diagnostics: own,
      ...(unit?.proof === undefined || unit.held ? {} : { proof: unit.proof }),
    };
  });
  const converted = settlement.units.filter(({ held }) => !held);
  return {
    resources,
    outputs: converted.flatMap(({ outputs }) => outputs),
    edits: editsOf(facts, inputs, converted, settlement, delegates.converted),
    diagnostics,
  };
}

function isConvertible({ type }: AnyResource): boolean {
  return type === 'istio.VirtualService' || type === 'istio.DestinationRule' || type === 'istio.Gateway';
}

function editsOf(
  facts: Facts,
  inputs: ReadonlySet<AnyResource>,
  converted: readonly SettledUnit[],
  { rules }: Settlement,
  delegates: ReadonlySet<AnyResource>,
): readonly Edit[] {
  if (facts.options.keepVirtualServices) {
    return converted.flatMap(({ unit, outputs }) =>
      outputs.length === 0 ? [] : editOf('append', unit.vs.resource, outputs),
    );
  }
  return [
    ...converted.flatMap(({ unit, outputs }) => editOf('replace', unit.vs.resource, outputs)),
    ...rules.filter(({ rule }) => inputs.has(rule)).flatMap(({ edits }) => edits),
    ...[...delegates].flatMap(resource => editOf('replace', resource, [])),
  ];
}

function editOf(
  kind: 'replace' | 'append',
  { source }: Pick<AnyResource, 'source'>,
  outputs: readonly Output[],
): readonly Edit[] {
  return source === undefined ? [] : [{ kind, source, outputs }];
}

interface Delegates {
  readonly converted: ReadonlySet<AnyResource>;
  readonly findings: readonly Finding[];
}

/** A delegate goes when all who delegate to it are converted; of one that nobody names it is said so. */
function delegatesOf(facts: Facts, inputs: ReadonlySet<AnyResource>, { units }: Settlement): Delegates {
  const { report, findings } = collect();
  const status = new Map(units.map(({ unit, held }) => [unit.vs, held ? 'held' : 'converted']));
  const roots = new Map<AnyResource, boolean[]>();
  for (const vs of facts.virtualServices) {
    for (const { origin } of vs.http) {
      if (origin.root === undefined) continue;
      const delegate = origin.resource as AnyResource;
      roots.set(delegate, [...(roots.get(delegate) ?? []), status.get(vs) === 'converted']);
    }
  }
  const converted = new Set<AnyResource>();
  for (const delegate of [...inputs].filter(isType('istio.VirtualService')).filter(isDelegate)) {
    const uses = roots.get(delegate);
    if (uses === undefined) report('delegate-unused', keyOf(placeOf(delegate, 'spec')), {});
    else if (uses.every(Boolean)) converted.add(delegate);
  }
  return { converted, findings };
}

function statusOf(
  resource: AnyResource,
  unit: SettledUnit | undefined,
  diagnostics: readonly Diagnostic[],
  changed: boolean,
): Status {
  if (unit?.held === true) return 'held-back';
  if (unit === undefined && !changed) {
    const broken = diagnostics.some(({ severity }) => severity === 'error');
    return broken && resource.type === 'istio.VirtualService' ? 'held-back' : 'skipped';
  }
  return diagnostics.some(({ fate }) => fate === 'approximate') ? 'approximate' : 'converted';
}

/** While reading, the namespace of an object that does not name its own is not known yet. */
function withNamespaces(findings: readonly Finding[], resources: readonly AnyResource[]): readonly Finding[] {
  const byDocument = new Map<SourceDocument, AnyResource[]>();
  for (const resource of resources) {
    if (resource.source === undefined) continue;
    const known = byDocument.get(resource.source.document);
    if (known === undefined) byDocument.set(resource.source.document, [resource]);
    else known.push(resource);
  }
  return findings.map(finding => {
    const { place } = finding;
    const candidates = place.document === undefined ? [] : (byDocument.get(place.document) ?? []);
    const owner = candidates.find(({ source }) => source !== undefined && isWithin(place, source));
    return owner === undefined ? finding : { ...finding, place: { ...place, resource: refOf(owner) } };
  });
}

function keyOfRef(file: string, { kind, namespace, name }: ResourceRef): string {
  return `${file} ${kind} ${namespace}/${name}`;
}

function groupByObject(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.resource === undefined) continue;
    const key = keyOfRef(diagnostic.location.file, diagnostic.resource);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [diagnostic]);
    else known.push(diagnostic);
  }
  return groups;
}
