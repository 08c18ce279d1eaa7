import type { ConvertedResource, Status } from '../conversion.ts';
import { countReasons, countRequests, countStatuses, statuses } from './count.ts';
import type { Palette } from './palette.ts';

const headings: Readonly<Record<Status, string>> = {
  converted: 'converted',
  approximate: 'approximate',
  'held-back': 'held back',
  skipped: 'skipped',
};

/**
 * What became of everything, for people: a table of kinds and statuses, the reasons for what is not exact, and how it
 * was checked.
 */
export function summary(resources: readonly ConvertedResource[], palette: Palette): readonly string[] {
  if (resources.length === 0) return [];
  return [...table(resources, palette), ...reasons(resources, palette), ...requests(resources)];
}

function table(resources: readonly ConvertedResource[], palette: Palette): readonly string[] {
  const kinds = [...new Set(resources.map(({ resource }) => resource.kind))];
  const width = Math.max(...kinds.map(kind => kind.length));
  const head = `${' '.repeat(width)}  ${statuses.map(status => headings[status]).join('  ')}`;
  const rows = kinds.map(kind => {
    const counts = countStatuses(resources.filter(({ resource }) => resource.kind === kind));
    const cells = statuses.map(status => {
      const cell = formatNumber(counts[status]).padStart(headings[status].length);
      return counts[status] === 0 ? palette.faint(cell) : paintOf(status, palette)(cell);
    });
    return `${kind.padEnd(width)}  ${cells.join('  ')}`;
  });
  return [palette.strong(head), ...rows];
}

function paintOf(status: Status, palette: Palette): (text: string) => string {
  switch (status) {
    case 'converted':
      return palette.good;
    case 'approximate':
      return palette.warning;
    case 'held-back':
      return palette.error;
    case 'skipped':
      return palette.strong;
  }
}

function reasons(resources: readonly ConvertedResource[], palette: Palette): readonly string[] {
  const blocks = statuses.map(status => ({ status, counts: countReasons(resources, status) }));
  const width = Math.max(
    0,
    ...blocks.flatMap(({ counts }) => counts.map(({ count }) => formatNumber(count).length)),
  );
  return blocks.flatMap(({ status, counts }) =>
    counts.length === 0
      ? []
      : [
          '',
          palette.strong(`${headings[status]} because of`),
          ...counts.map(({ of, count }) => `  ${formatNumber(count).padStart(width)}  ${of}`),
        ],
  );
}

function requests(resources: readonly ConvertedResource[]): readonly string[] {
  const { tried, differences } = countRequests(resources);
  if (tried === 0) return [];
  const same =
    differences === 0
      ? 'every one does what it did'
      : `${formatNumber(differences)} of them ${differences === 1 ? 'differs' : 'differ'}, as declared`;
  const requests = tried === 1 ? '1 request' : `${formatNumber(tried)} requests`;
  return ['', `${requests} tried before and after: ${same}.`];
}

/** Always in English, so that a report is the same on every machine. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US');
}

/** @returns a number and what is counted, as in `1 file` or `2,000 files` */
export function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
