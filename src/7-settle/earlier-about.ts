import type { AnyResource } from '../2-decode/resource.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { SourceDocument } from '../yaml/source.ts';

/** @returns a function from objects to what was said of their documents, in the order in which it was said */
export function earlierAbout(
  findings: readonly Finding[],
): (resources: readonly AnyResource[]) => readonly Finding[] {
  const byDocument = new Map<SourceDocument, number[]>();
  for (const [number, { place }] of findings.entries()) {
    if (place.document === undefined) continue;
    const known = byDocument.get(place.document);
    if (known === undefined) byDocument.set(place.document, [number]);
    else known.push(number);
  }
  if (byDocument.size === 0) return () => [];
  return resources => {
    const documents = new Set(resources.flatMap(({ source }) => source?.document ?? []));
    const numbers = [...documents].flatMap(document => byDocument.get(document) ?? []);
    return numbers.sort((one, other) => one - other).flatMap(number => findings[number] ?? []);
  };
}
