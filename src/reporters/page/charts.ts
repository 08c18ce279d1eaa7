import type { ConvertedResource } from '../../conversion.ts';
import { formatNumber } from '../../print/summary.ts';
import { fateOf, reasonsOf } from './fate.ts';
import { type Markup, markup, nothing } from './markup.ts';
import { addressOf, fateWords, type PageFate, pageFates } from './page-data.ts';

/** So many namespaces or reasons have a bar of their own. */
const MOST_BARS = 10;

type Counts = Readonly<Record<PageFate, number>>;

/** @returns how many objects have each fate */
export function countFates(resources: readonly ConvertedResource[]): Counts {
  const counts = { same: 0, segment: 0, differs: 0, not: 0, skipped: 0 };
  for (const one of resources) counts[fateOf(one)] += 1;
  return counts;
}

/** One bar with a part for each fate; the words stand beside it. */
export function stackedBar(counts: Counts, total: number, label: string): Markup {
  let at = 0;
  const parts = pageFates.flatMap(fate => {
    const width = total === 0 ? 0 : (1000 * counts[fate]) / total;
    const x = at;
    at += width;
    return width === 0
      ? []
      : [markup`<rect class="${fate}" x="${round(x)}" width="${round(width)}" height="10"></rect>`];
  });
  return markup`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${label}">${parts}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** @returns for people who do not see the bar: `3 no difference, 1 not converted` */
export function sayCounts(counts: Counts): string {
  return pageFates
    .filter(fate => counts[fate] > 0)
    .map(fate => `${formatNumber(counts[fate])} ${fateWords[fate].short}`)
    .join(', ');
}

/** The namespaces in which most is left to do, each with a bar that filters the list. */
export function namespaceChart(virtualServices: readonly ConvertedResource[]): Markup {
  const groups = new Map<string, ConvertedResource[]>();
  for (const one of virtualServices) {
    const known = groups.get(one.resource.namespace);
    if (known === undefined) groups.set(one.resource.namespace, [one]);
    else known.push(one);
  }
  const all = [...groups]
    .map(([name, own]) => ({ name, counts: countFates(own), total: own.length }))
    .toSorted(
      (a, b) =>
        b.counts.not - a.counts.not ||
        b.counts.differs - a.counts.differs ||
        b.total - a.total ||
        (a.name < b.name ? -1 : 1),
    );
  if (all.length === 0) return nothing;
  const shown = all.slice(0, MOST_BARS);
  const largest = Math.max(...shown.map(({ total }) => total));
  const rows = shown.map(({ name, counts, total }) => {
    const said = sayCounts(counts);
    return markup`<li><a href="${addressOf('list', { ns: name })}"><span class="bar-name">${name}</span>${stackedBar(counts, largest, said)}<span class="bar-count">${formatNumber(total)}</span></a></li>`;
  });
  return chart('by-namespace', 'By namespace', rows, all.length - shown.length, 'namespaces');
}

/** The most frequent reasons for which VirtualServices do not convert, or convert with differences. */
export function reasonChart(virtualServices: readonly ConvertedResource[]): Markup {
  const counts = new Map<string, Record<PageFate, number>>();
  for (const one of virtualServices) {
    for (const code of reasonsOf(one)) {
      const known = counts.get(code) ?? { same: 0, segment: 0, differs: 0, not: 0, skipped: 0 };
      known[fateOf(one)] += 1;
      counts.set(code, known);
    }
  }
  const all = [...counts]
    .map(([code, own]) => ({ code, counts: own, total: own.not + own.differs + own.segment }))
    .toSorted((a, b) => b.counts.not - a.counts.not || b.total - a.total || (a.code < b.code ? -1 : 1));
  if (all.length === 0) return nothing;
  const shown = all.slice(0, MOST_BARS);
  const largest = Math.max(...shown.map(({ total }) => total));
  const rows = shown.map(
    ({ code, counts: own, total }) =>
      markup`<li><a href="${addressOf('list', { code })}"><span class="bar-name"><code>${code}</code></span>${stackedBar(own, largest, sayCounts(own))}<span class="bar-count">${formatNumber(total)}</span></a></li>`,
  );
  return chart('by-reason', 'By reason', rows, all.length - shown.length, 'reasons');
}

function chart(id: string, title: string, rows: readonly Markup[], left: number, things: string): Markup {
  const more =
    left === 0 ? nothing : markup`<p class="more">${formatNumber(left)} more ${things} are in the list.</p>`;
  return markup`<section class="card chart" aria-labelledby="${id}"><h2 id="${id}">${title}</h2><ul>${rows}</ul>${more}</section>`;
}
