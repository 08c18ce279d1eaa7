import { type Markup, markup, nothing, prose } from './markup.ts';
import { fateWords, type PageDetail, type PageRow, type PageStep } from './page-data.ts';

/** Texts of objects up to this length are in the page once more for browsers without scripts, as the first objects' are. */
const MOST_TEXT = 120_000;

/** Each object of a longer list is one line, with its codes instead of its messages. */
const MOST_OBJECTS = 500;

/** The list and the steps for browsers without scripts: every object with all that is said of it, and the first texts. */
export function withoutScripts(
  rows: readonly PageRow[],
  details: readonly PageDetail[],
  steps: readonly PageStep[],
): Markup {
  let left = MOST_TEXT;
  const isShort = rows.length <= MOST_OBJECTS;
  const objects = rows.map((row, index) => {
    if (!isShort) return line(row);
    const detail = details[index];
    left -= (detail?.before.length ?? 0) + (detail?.after.length ?? 0);
    return object(row, left >= 0 ? detail : undefined);
  });
  return markup`<noscript><style>#app{display:none}</style>
<section><h2>Objects</h2>${isShort ? markup`${objects}` : markup`<ul>${objects}</ul>`}</section>
${planOf(steps)}</noscript>`;
}

function object(row: PageRow, detail: PageDetail | undefined): Markup {
  const { kind, ns, name, file, line, fate, messages } = row;
  const said = messages.map(message => markup`<li>${prose(message)}</li>`);
  const texts =
    detail === undefined
      ? nothing
      : markup`<pre>${detail.before}</pre>${detail.after === '' ? nothing : markup`<p>becomes</p><pre>${detail.after}</pre>`}`;
  return markup`<details><summary><b class="fate ${fate}">${fateWords[fate].short}</b> ${kind} ${ns}/${name} <small>${file}:${line}</small></summary>${said.length === 0 ? nothing : markup`<ul>${said}</ul>`}${texts}</details>`;
}

function planOf(steps: readonly PageStep[]): Markup {
  if (steps.length === 0) return nothing;
  const items = steps.map(
    ({ title, commands }) => markup`<li>${title}:<pre>${commands.join('\n')}</pre></li>`,
  );
  return markup`<section><h2>Cut-over plan</h2><ol>${items}</ol></section>`;
}

function line({ kind, ns, name, fate, codes }: PageRow): Markup {
  return markup`<li>${fateWords[fate].short}: ${kind} ${ns}/${name} ${codes.join(' ')}`;
}
