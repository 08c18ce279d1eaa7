import type { AnyResource } from '../2-decode/resource.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { isWithin } from '../diagnostics/locate.ts';
import { refOf } from '../diagnostics/resource-ref.ts';
import type { SourceDocument } from '../yaml/source.ts';
import type { SettledUnit } from './settlement.ts';
import { hasNoEffect, isError, type Unit } from './unit.ts';

/** The errors count for an object that is held back; where nothing applies, all diagnostics tell why. */
export function findingsOfHeld(unit: Unit): readonly Finding[] {
  return hasNoEffect(unit) ? unit.findings : unit.findings.filter(isError);
}

/** Nothing else is worth knowing of an object that is dropped as a whole. */
export function withoutDropped(findings: readonly Finding[]): readonly Finding[] {
  const dropped = findings.filter(({ code }) => code === 'never-reached').map(({ place }) => place);
  return findings.filter(
    ({ code, place }) =>
      code === 'never-reached' ||
      !dropped.some(
        ({ document, path }) =>
          document === place.document &&
          path.length < place.path.length &&
          path.every((part, index) => part === place.path[index]),
      ),
  );
}

/** Diagnostics of a VirtualService with another DestinationRule alone. */
export function newFindings({ vs, findings }: Unit, units: readonly SettledUnit[]): readonly Finding[] {
  const keyOfFinding = ({ code, place, args }: Finding): string =>
    JSON.stringify([code, place.file.path, place.document?.index, place.path, args]);
  const own = units.find(({ unit }) => unit.vs.resource === vs.resource);
  const said = new Set(own?.unit.findings.map(keyOfFinding));
  return withoutDropped(findings).filter(finding => !said.has(keyOfFinding(finding)));
}

/** While reading, the namespace of an object that does not name its own is not known yet. */
export function withNamespaces(
  findings: readonly Finding[],
  resources: readonly AnyResource[],
): readonly Finding[] {
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
