import type { ConvertedResource } from '../../conversion.ts';
import type { Code } from '../../diagnostics/catalog.ts';
import type { PageFate } from './page-data.ts';

/** Differences between letters and whole segments of a path: `/foo` no longer matches `/foobar`, or also matches `/foo`. */
const bySegment: ReadonlySet<Code> = new Set<Code>(['prefix-by-segment', 'prefix-without-slash']);

/** @returns how an object converts, in the words of the report */
export function fateOf({ status, diagnostics }: ConvertedResource): PageFate {
  switch (status) {
    case 'converted':
      return 'same';
    case 'held-back':
      return 'not';
    case 'skipped':
      return 'skipped';
    case 'approximate': {
      const differing = diagnostics.filter(({ fate }) => fate === 'approximate');
      return differing.length > 0 && differing.every(({ code }) => bySegment.has(code))
        ? 'segment'
        : 'differs';
    }
  }
}

/** @returns the codes that explain how an object converts; none where it converts without difference */
export function reasonsOf({ status, diagnostics }: ConvertedResource): readonly Code[] {
  const reasons = diagnostics.filter(({ severity, fate }) => {
    if (status === 'held-back') return severity === 'error';
    return status === 'approximate' && fate === 'approximate';
  });
  return [...new Set(reasons.map(({ code }) => code))];
}
