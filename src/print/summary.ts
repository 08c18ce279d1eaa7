import type { ConvertedResource } from '../conversion.ts';
import { type Count, countReasons, countRequests } from './count.ts';
import { countOutcomes, type Outcome, outcomeOf, outcomes, reasonUnchanged } from './outcome-words.ts';
import type { Palette } from './palette.ts';
import { visible } from './visible.ts';

const headings: Readonly<Record<Outcome, string>> = {
  same: 'no difference',
  prefixes: 'only prefixes',
  differences: 'differences',
  'not-converted': 'not converted',
  unchanged: 'unchanged',
};

/**
 * The outcome of everything, for people: a table of kinds and outcomes, the reasons for differences and for objects that
 * are not converted, and the number of requests that were checked.
 */
export function summary(resources: readonly ConvertedResource[], palette: Palette): readonly string[] {
  if (resources.length === 0) return [];
  return [...table(resources, palette), ...reasons(resources, palette), ...requests(resources)];
}

function table(resources: readonly ConvertedResource[], palette: Palette): readonly string[] {
  const kinds = [...new Set(resources.map(({ resource }) => resource.kind))];
  const width = Math.max(...kinds.map(kind => kind.length));
  const head = `${' '.repeat(width)}  ${outcomes.map(outcome => headings[outcome]).join('  ')}`;
  const rows = kinds.map(kind => {
    const counts = countOutcomes(resources.filter(({ resource }) => resource.kind === kind));
    const cells = outcomes.map(outcome => {
      const cell = formatNumber(counts[outcome]).padStart(headings[outcome].length);
      return counts[outcome] === 0 ? palette.faint(cell) : paintOf(outcome, palette)(cell);
    });
    return `${kind.padEnd(width)}  ${cells.join('  ')}`;
  });
  return [palette.strong(head), ...rows];
}

/** @returns the colour of an outcome */
export function paintOf(outcome: Outcome, palette: Palette): (text: string) => string {
  switch (outcome) {
    case 'same':
      return palette.good;
    case 'prefixes':
    case 'differences':
      return palette.warning;
    case 'not-converted':
      return palette.error;
    case 'unchanged':
      return palette.strong;
  }
}

function reasons(resources: readonly ConvertedResource[], palette: Palette): readonly string[] {
  const withOutcome = (outcome: Outcome): readonly ConvertedResource[] =>
    resources.filter(resource => outcomeOf(resource) === outcome);
  const blocks = [
    {
      title: 'only prefixes differ because of',
      counts: countReasons(withOutcome('prefixes'), 'approximate'),
    },
    {
      title: 'converted with differences because of',
      counts: countReasons(withOutcome('differences'), 'approximate'),
    },
    { title: 'not converted because of', counts: countReasons(resources, 'held-back') },
    { title: 'unchanged because', counts: countUnchanged(resources) },
  ];
  const width = Math.max(
    0,
    ...blocks.flatMap(({ counts }) => counts.map(({ count }) => formatNumber(count).length)),
  );
  return blocks.flatMap(({ title, counts }) =>
    counts.length === 0
      ? []
      : [
          '',
          palette.strong(title),
          ...counts.map(({ of, count }) => `  ${formatNumber(count).padStart(width)}  ${visible(of)}`),
        ],
  );
}

function countUnchanged(resources: readonly ConvertedResource[]): readonly Count<string>[] {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const reason = reasonUnchanged(resource);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([of, count]) => ({ of, count }))
    .toSorted((a, b) => b.count - a.count || (a.of < b.of ? -1 : 1));
}

function requests(resources: readonly ConvertedResource[]): readonly string[] {
  const line = checkedRequests(countRequests(resources));
  return line === '' ? [] : ['', line];
}

/** @returns a sentence about the requests that were checked, empty where there were none */
export function checkedRequests({
  tried,
  differences,
}: {
  readonly tried: number;
  readonly differences: number;
}): string {
  if (tried === 0) return '';
  const same =
    differences === 0
      ? 'no difference'
      : `${formatNumber(Math.max(0, tried - differences))} the same, ${formatNumber(differences)} ${differences === 1 ? 'differs' : 'differ'} as listed`;
  return `Checked ${count(tried, 'request')} before and after: ${same}.`;
}

/**
 * Always in English, so that a report is the same on every machine; without the tables of languages, which take a while to read.
 *
 * @param value a whole number that is not negative
 */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** @returns a number and what is counted, as in `1 file` or `2,000 files` */
export function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
