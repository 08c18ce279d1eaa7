import { printResources } from '../6-emit/print.ts';
import type { Conversion, ConvertedResource, Status } from '../conversion.ts';
import type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
import { countReasons, countRequests, countStatuses, statuses } from './count.ts';
import { cutOverSteps } from './cut-over.ts';
import { headlineOf } from './headline.ts';
import { script, style } from './html-page.ts';
import { excerptOf } from './object-excerpt.ts';
import { count, formatNumber } from './summary.ts';
import { visible } from './visible.ts';

/** How places become links. */
export interface HtmlOptions {
  /** Where a line of a file can be looked at, with `{path}` and `{line}`; undefined for no links. */
  readonly sourceUrl?: string | undefined;
}

/** What people have to look at comes first. */
const urgency: Readonly<Record<Status, number>> = {
  'held-back': 0,
  approximate: 1,
  converted: 2,
  skipped: 3,
};

const gravity: Readonly<Record<Diagnostic['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** The report as one page that needs nothing beside it: each object before and after, with all there is to say. */
export function htmlReport(conversion: Conversion, options: HtmlOptions = {}): string {
  const { resources, diagnostics } = conversion;
  const told = new Set(resources.flatMap(resource => resource.diagnostics));
  const others = diagnostics.filter(diagnostic => !told.has(diagnostic));
  const outputs = outputTexts(conversion);
  const articles = resources
    .toSorted((a, b) => urgency[a.status] - urgency[b.status])
    .map((resource, index) => article(resource, index, outputs(resource), options));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>vs2route: ${escapeHtml(headlineOf(resources))}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(headlineOf(resources))}</h1>
${proofLine(resources)}
${table(resources)}
</header>
<form id="filter" role="search">
<fieldset><legend>Status</legend>${statusBoxes(resources)}</fieldset>
<label>Code <select name="code"><option value="">any</option>${codeOptions(conversion)}</select></label>
<label>Name or file <input name="text" type="search" autocomplete="off"></label>
<output name="shown"></output>
</form>
<main>
${articles.join('\n')}
${beside(others, options)}
${cutOver(conversion)}
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** What is said of documents that hold no object that could be read. */
function beside(diagnostics: readonly Diagnostic[], options: HtmlOptions): string {
  if (diagnostics.length === 0) return '';
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const rest = diagnostics.filter(({ severity }) => severity !== 'error');
  const title = `Not read: ${formatNumber(errors.length)} with errors, ${formatNumber(rest.length)} other remarks`;
  return `<details class="others"><summary><b>${title}</b></summary>${diagnosticList([...errors, ...rest], '', options)}</details>`;
}

function cutOver(conversion: Conversion): string {
  const steps = cutOverSteps(conversion);
  if (steps.length === 0) return '';
  const items = steps.map(
    ({ title, commands }) => `<li>${escapeHtml(title)}:<pre>${escapeHtml(commands.join('\n'))}</pre></li>`,
  );
  return `<details class="others"><summary><b>In which order to apply it</b></summary><ol>${items.join('')}</ol></details>`;
}

function proofLine(resources: readonly ConvertedResource[]): string {
  const { tried, differences } = countRequests(resources);
  if (tried === 0) return '';
  const others =
    differences === 0
      ? 'every one does what it did'
      : `${formatNumber(differences)} ${differences === 1 ? 'differs, which is' : 'differ, and each of these is'} declared below`;
  return `<p>${count(tried, 'request')} ${tried === 1 ? 'was' : 'were'} tried before and after: ${others}.</p>`;
}

function table(resources: readonly ConvertedResource[]): string {
  const kinds = [...new Set(resources.map(({ resource }) => resource.kind))];
  if (kinds.length === 0) return '';
  const rows = kinds.map(kind => {
    const counts = countStatuses(resources.filter(({ resource }) => resource.kind === kind));
    const cells = statuses.map(
      status => `<td class="${counts[status] === 0 ? 'none' : status}">${formatNumber(counts[status])}</td>`,
    );
    return `<tr><th scope="row">${escapeHtml(kind)}</th>${cells.join('')}</tr>`;
  });
  const heads = statuses.map(status => `<th scope="col">${labelOf(status)}</th>`);
  return `<table><thead><tr><td></td>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function labelOf(status: Status): string {
  return status === 'held-back' ? 'held back' : status;
}

function statusBoxes(resources: readonly ConvertedResource[]): string {
  const counts = countStatuses(resources);
  return statuses
    .map(
      status =>
        `<label><input type="checkbox" name="status" value="${status}" checked> ${labelOf(status)} (${formatNumber(counts[status])})</label>`,
    )
    .join('');
}

/** The codes that explain a status, the most frequent first, then the others. */
function codeOptions({ resources, diagnostics }: Conversion): string {
  const ranked = statuses.flatMap(status => countReasons(resources, status)).map(({ of }) => of);
  const codes = new Set([...ranked, ...diagnostics.map(({ code }) => code)]);
  return [...codes]
    .sort()
    .map(code => `<option>${code}</option>`)
    .join('');
}

/** @returns for each object the text of what takes its place */
function outputTexts({ outputs }: Conversion): (resource: ConvertedResource) => string {
  const bySource = new Map<unknown, ConvertedResource['resource'][]>();
  for (const { home, resource } of outputs) {
    const known = bySource.get(home);
    if (known === undefined) bySource.set(home, [resource]);
    else known.push(resource);
  }
  return ({ resource }) => printResources(bySource.get(resource.source) ?? []);
}

function article(
  { resource, status, diagnostics, proof }: ConvertedResource,
  index: number,
  after: string,
  options: HtmlOptions,
): string {
  const { source, kind, namespace, name } = resource;
  const id = `r${index}`;
  const excerpt = source === undefined ? { lines: [], firstLine: 1 } : excerptOf(source);
  const file = source?.document.file.path ?? '';
  const codes = [...new Set(diagnostics.map(({ code }) => code))].join(' ');
  const marks = new Map(
    diagnostics
      .filter(({ location }) => location.file === file)
      .map(one => [one.location.start.line, one.severity]),
  );
  const line = excerpt.firstLine;
  const proven = proof === undefined ? '' : ` · ${count(proof.requests, 'request')} tried`;
  const search = `${kind} ${namespace}/${name} ${file}`.toLowerCase();
  return `<details class="object" data-status="${status}" data-codes="${codes}" data-search="${escapeHtml(search)}">
<summary><span class="badge ${status}">${labelOf(status)}</span> <b>${escapeHtml(kind)} ${escapeHtml(`${namespace}/${name}`)}</b> <span class="place">${escapeHtml(`${file}:${line}`)}${proven}</span></summary>
${diagnosticList(diagnostics, id, options)}
<div class="panes">
<section><h3>Before ${placeLink(file, line, options)}</h3>${numbered(excerpt.lines, line, id, marks)}</section>
<section><h3>After</h3>${after === '' ? `<p class="nothing">${nothing(status)}</p>` : numbered(after.trimEnd().split('\n'), 1, '', new Map())}</section>
</div>
</details>`;
}

function nothing(status: Status): string {
  return status === 'converted' || status === 'approximate'
    ? 'Nothing: what it said is in other objects, or it is kept with less in it.'
    : 'It stays as it is.';
}

function numbered(
  lines: readonly string[],
  first: number,
  id: string,
  marks: ReadonlyMap<number, Diagnostic['severity']>,
): string {
  const shown = lines.map((line, index) => {
    const number = first + index;
    const mark = marks.get(number);
    const anchor = id === '' ? '' : ` id="${id}-${number}"`;
    return `<span${anchor}${mark === undefined ? '' : ` class="${mark}"`} data-line="${number}">${escapeHtml(visible(line)) || ' '}</span>`;
  });
  return `<pre>${shown.join('')}</pre>`;
}

function diagnosticList(diagnostics: readonly Diagnostic[], id: string, options: HtmlOptions): string {
  if (diagnostics.length === 0) return '';
  const sorted = diagnostics.toSorted((a, b) => gravity[a.severity] - gravity[b.severity]);
  return `<ul class="diagnostics">${sorted.map(one => diagnosticItem(one, id, options)).join('')}</ul>`;
}

function diagnosticItem(diagnostic: Diagnostic, id: string, options: HtmlOptions): string {
  const { code, severity, message, why, remedy, location, related } = diagnostic;
  const others = related.map(
    other =>
      `<p class="related">${escapeHtml(visible(other.message))}: ${place(other.location, '', options)}</p>`,
  );
  return `<li class="${severity}"><p><b class="code">${code}</b> ${inline(message)} ${place(location, id, options)}</p>${
    remedy === '' ? '' : `<p><b>What to do.</b> ${inline(remedy)}</p>`
  }${why === '' ? '' : `<p class="why">${inline(why)}</p>`}${others.join('')}</li>`;
}

/** A place within the object of an article is there to be jumped to. */
function place({ file, start }: Location, id: string, options: HtmlOptions): string {
  const text = escapeHtml(visible(`${file}:${start.line}:${start.column}`));
  const jump = id === '' ? text : `<a href="#${id}-${start.line}">${text}</a>`;
  return `<span class="place">${jump}${id === '' ? placeLink(file, start.line, options) : ''}</span>`;
}

function placeLink(file: string, line: number, { sourceUrl }: HtmlOptions): string {
  if (sourceUrl === undefined) return '';
  const url = sourceUrl
    .replaceAll('{path}', file.split('/').map(encodeURIComponent).join('/'))
    .replaceAll('{line}', String(line));
  // An address of another kind, such as javascript:, would do something else than show a file.
  if (!isWebAddress(url)) return '';
  return ` <a class="source" href="${escapeHtml(url)}">source</a>`;
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

/** Text in which what stands between backticks is code. */
function inline(text: string): string {
  return escapeHtml(visible(text)).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** Text of others within tags and attributes; control characters but line feeds are made visible. */
function escapeHtml(text: string): string {
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
