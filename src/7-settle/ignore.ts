import { closest } from 'fastest-levenshtein';
import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { resolveCode, retired } from '../diagnostics/aliases.ts';
import { catalog, holdsBack } from '../diagnostics/catalog.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { collect, isWithin } from '../diagnostics/locate.ts';

/** The annotation by which people say that they know of something: `code: reason`, one on each line, or `code, code: reason`. */
const annotation = 'vs2route/ignore';

/** The diagnostics that are left once those are gone that owners of objects know already. */
export interface Heeded {
  readonly findings: readonly Finding[];
  /** Objects that said they know of something. */
  readonly heeded: ReadonlySet<AnyResource>;
}

/**
 * Leaves out what people have said they know of. For an error this means that the object is left alone on purpose. A
 * code that nothing is said by is reported, so that old annotations do not stay for ever.
 */
export function heedIgnores(findings: readonly Finding[], resources: readonly AnyResource[]): Heeded {
  const annotated = resources.filter(({ metadata }) => metadata.annotations?.[annotation] !== undefined);
  if (annotated.length === 0) return { findings, heeded: new Set() };
  const { report, findings: unused } = collect();
  const dropped = new Set<Finding>();
  const heeded = new Set<AnyResource>();
  for (const resource of annotated) {
    const { source } = resource;
    if (source === undefined) continue;
    const own = findings.filter(({ place }) => isWithin(place, source));
    for (const { code, reason } of entriesIn(resource)) {
      if (reason === '') {
        const place = placeOf(resource, 'metadata', 'annotations', annotation);
        report('ignore-without-reason', place, { code });
      }
      const known = own.filter(finding => finding.code === resolveCode(code));
      for (const finding of known) dropped.add(finding);
      if (known.length > 0) heeded.add(resource);
      else if (isError(code) || !own.some(finding => isError(finding.code))) {
        const place = placeOf(resource, 'metadata', 'annotations', annotation);
        report('ignore-unused', place, { code, reason: reasonFor(code) });
      }
    }
  }
  return { findings: [...findings.filter(finding => !dropped.has(finding)), ...unused], heeded };
}

/** For an object that is not converted only the reasons are reported; unknown codes count as such. */
function isError(text: string): boolean {
  const code = resolveCode(text);
  return code === undefined || holdsBack(code);
}

/** `code, code: reason`: the reason is for each of them. */
const severalCodes = /^([\w.-]+(?:\s*,\s*[\w.-]+)+)\s*(?::\s*(.*))?$/;

function entriesIn({ metadata }: AnyResource): readonly { readonly code: string; readonly reason: string }[] {
  const lines = (metadata.annotations?.[annotation] ?? '').split(/[\n;]/).map(line => line.trim());
  const entries = lines.flatMap((line): readonly (readonly [string, string])[] => {
    const [, several, common = ''] = severalCodes.exec(line) ?? [];
    if (several !== undefined) return several.split(/\s*,\s*/).map(code => [code, common]);
    const [, code, reason = ''] = /^([^\s:,#]+)[,\s]*:?\s*(.*)$/.exec(line) ?? [];
    return code === undefined ? [] : [[code, reason]];
  });
  return [...new Map(entries)].map(([code, reason]) => ({ code, reason }));
}

function reasonFor(code: string): string {
  if (resolveCode(code) !== undefined || Object.hasOwn(retired, code)) return 'it is not reported here';
  const similar = closest(code, Object.keys(catalog));
  return `there is no such code (did you mean ${similar}?)`;
}
