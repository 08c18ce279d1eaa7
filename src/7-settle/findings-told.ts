import type { AnyResource } from '../2-decode/resource.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { isWithin } from '../diagnostics/locate.ts';
import { refOf } from '../diagnostics/resource-ref.ts';
import type { SourceDocument } from '../yaml/source.ts';
import type { SettledUnit } from './settlement.ts';
import { isError, isHeldOnlyBy, type Unit } from './unit.ts';

/** The errors count for an object that is held back; where nothing applies or matches, the other findings tell why. */
export function findingsOfHeld(unit: Unit): readonly Finding[] {
  const isExplainedByOthers = isHeldOnlyBy(unit, ['nothing-to-attach', 'matches-no-request']);
  return isExplainedByOthers ? unit.findings : unit.findings.filter(isError);
}

/**
 * Nothing else is worth knowing of an object that is dropped as a whole. A difference that a request shows is told all the same,
 * once: another scope or another order of ages may have the object.
 */
export function withoutDropped({
  findings,
  declarations,
}: Pick<Unit, 'findings' | 'declarations'>): readonly Finding[] {
  const dropped = findings.filter(({ code }) => code === 'never-reached').map(({ place }) => place);
  if (dropped.length === 0) return findings;
  const isDropped = ({ code, place }: Finding): boolean =>
    code !== 'never-reached' &&
    dropped.some(outer => outer.path.length < place.path.length && isPlaceWithin(place, outer));
  const isSeen = (finding: Finding): boolean =>
    declarations.some(({ code, place }) => code === finding.code && isPlace(place, finding.place));
  const wordsOf = ({ code, args }: Finding): string => JSON.stringify([code, args]);
  const told = new Set(findings.filter(finding => !isDropped(finding)).map(wordsOf));
  return findings.filter(finding => {
    if (!isDropped(finding)) return true;
    const words = wordsOf(finding);
    if (!isSeen(finding) || told.has(words)) return false;
    told.add(words);
    return true;
  });
}

function isPlace(one: Place, other: Place): boolean {
  return one.path.length === other.path.length && isPlaceWithin(one, other);
}

function isPlaceWithin({ document, path }: Place, outer: Place): boolean {
  return document === outer.document && outer.path.every((part, index) => part === path[index]);
}

/** Diagnostics of a VirtualService with another DestinationRule alone. */
export function newFindings(unit: Unit, units: readonly SettledUnit[]): readonly Finding[] {
  const keyOfFinding = ({ code, place, args }: Finding): string =>
    JSON.stringify([code, place.file.path, place.document?.index, place.path, args]);
  const own = units.find(other => other.unit.vs.resource === unit.vs.resource);
  const said = new Set(own?.unit.findings.map(keyOfFinding));
  return withoutDropped(unit).filter(finding => !said.has(keyOfFinding(finding)));
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
