import type { Conversion, ConvertedResource } from '../../conversion.ts';
import { countRequests } from '../../print/count.ts';
import { formatNumber } from '../../print/summary.ts';
import { countFates, namespaceChart, reasonChart, sayCounts, stackedBar } from './charts.ts';
import { reasonsOf } from './fate.ts';
import { type Markup, markup, nothing, prose } from './markup.ts';
import { addressOf, fateWords, objectAddress, pageFates } from './page-data.ts';
import { rankBlockers, rankReasons } from './unblock.ts';

/** The run that a report is of. */
export interface ReportRun {
  readonly version: string;
  /** The choices that were made, as one would type them: `--from ambient`. */
  readonly flags: readonly string[];
  readonly commit?: string | undefined;
  /** As it is to be shown. */
  readonly date?: string | undefined;
}

/** The number of reasons, and of VirtualServices to fix, that are named. */
const MOST_REASONS = 6;
const MOST_BLOCKERS = 5;

/** The head of the report: how many convert, by namespace and by reason, and what to do next. */
export function headOf(
  conversion: Conversion,
  ids: ReadonlyMap<ConvertedResource, string>,
  run: ReportRun,
): Markup {
  const own = conversion.resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  return markup`<header class="page-head">
<p class="product">vs2route <span>report</span></p>
<h1>${titleOf(own)}</h1>
${stackedBar(countFates(own), own.length, sayCounts(countFates(own)))}
<ul class="tiles">${tiles(own)}</ul>
${proofLine(conversion.resources)}
${runLine(conversion, run)}
</header>
${nextSteps(conversion.resources, ids)}
<div class="charts">${namespaceChart(own)}${reasonChart(own)}</div>`;
}

/** @returns the sentence that says how much of the work is done by a conversion */
export function titleOf(virtualServices: readonly ConvertedResource[]): string {
  const total = virtualServices.length;
  if (total === 0) return 'No VirtualService in the input';
  const { same, segment, differs } = countFates(virtualServices);
  const ready = same + segment + differs;
  if (ready === total)
    return total === 1 ? 'The VirtualService converts' : `All ${formatNumber(total)} VirtualServices convert`;
  return `${formatNumber(ready)} of ${formatNumber(total)} VirtualServices convert`;
}

function tiles(virtualServices: readonly ConvertedResource[]): readonly Markup[] {
  const counts = countFates(virtualServices);
  const total = virtualServices.length;
  return pageFates
    .filter(fate => fate !== 'skipped' || counts.skipped > 0)
    .map(fate => {
      const { long, sign } = fateWords[fate];
      const share = total === 0 ? 0 : Math.round((100 * counts[fate]) / total);
      return markup`<li><a class="tile ${fate}" href="${addressOf('list', { fate: [fate], kind: 'VirtualService' })}"><b>${formatNumber(counts[fate])}</b> <span class="share">${share} %</span><span class="words"><span aria-hidden="true">${sign}</span> ${long}</span></a></li>`;
    });
}

function proofLine(resources: readonly ConvertedResource[]): Markup {
  const { tried, differences } = countRequests(resources);
  if (tried === 0) return nothing;
  const result =
    differences === 0
      ? 'all the same'
      : `${formatNumber(Math.max(0, tried - differences))} the same, ${formatNumber(differences)} differ as listed`;
  return markup`<p class="proof">Checked ${formatNumber(tried)} request${tried === 1 ? '' : 's'} before and after the conversion: ${result}.</p>`;
}

function runLine({ resources, files }: Conversion, { version, flags, commit, date }: ReportRun): Markup {
  const parts = [
    markup`<li>vs2route ${version}</li>`,
    markup`<li>${formatNumber(resources.length)} object${resources.length === 1 ? '' : 's'} in ${formatNumber(files.length)} file${files.length === 1 ? '' : 's'}</li>`,
    ...(flags.length === 0
      ? [markup`<li>default options</li>`]
      : [markup`<li><code>${flags.join(' ')}</code></li>`]),
    ...(commit === undefined ? [] : [markup`<li>commit <code>${commit.slice(0, 12)}</code></li>`]),
    ...(date === undefined ? [] : [markup`<li><time>${date}</time></li>`]),
  ];
  return markup`<ul class="run">${parts}</ul>`;
}

/** The next steps: the VirtualServices to fix first, and the reasons by how much they free. */
function nextSteps(
  resources: readonly ConvertedResource[],
  ids: ReadonlyMap<ConvertedResource, string>,
): Markup {
  const reasons = rankReasons(resources);
  if (reasons.length === 0) return nothing;
  const first = rankBlockers(resources, MOST_BLOCKERS).map(({ resource, frees, reasons: own }) => {
    const { namespace, name, source } = resource.resource;
    const file = source?.document.file.path;
    const [reason] = own;
    const more = new Set(reasonsOf(resource)).size - 1;
    return markup`<li><a href="${objectAddress(ids.get(resource) ?? '')}"><b>${namespace}/${name}</b></a> <span class="frees">${freesWords(frees)}</span>${file === undefined ? nothing : markup` <span class="has">in ${file}</span>`}
<span class="why-first"><code>${reason?.code ?? ''}</code>${more > 0 ? ` and ${more} more` : ''}: ${prose(reason?.message ?? '')}</span></li>`;
  });
  const byReason = reasons.slice(0, MOST_REASONS).map(
    ({
      code,
      frees,
      has,
      remedy,
    }) => markup`<li><a href="${addressOf('list', { code, fate: ['not'] })}"><code>${code}</code></a> <span class="frees">${freesWords(frees)}</span> <span class="has">in ${formatNumber(has)} VirtualService${has === 1 ? '' : 's'}</span>
<span class="why-first">${prose(remedy)}</span></li>`,
  );
  const left = reasons.length - byReason.length;
  return markup`<section class="card next" aria-labelledby="next"><h2 id="next">To do next</h2>
<div class="columns"><div><h3>Fix these VirtualServices first</h3><ol>${first}</ol></div>
<div><h3>Remove these reasons, in this order</h3><ol>${byReason}</ol>${left === 0 ? nothing : markup`<p class="more">${formatNumber(left)} more reasons are in the list.</p>`}</div></div></section>`;
}

function freesWords(frees: number): string {
  return frees === 0 ? 'frees none by itself' : `frees up to ${formatNumber(frees)}`;
}
