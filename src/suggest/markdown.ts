import { visible } from '../print/visible.ts';

/** The length of a fence that no line of a text can close: more backticks than any run in it, at least three. */
function fenceLength(text: string): number {
  const runs = text.match(/`+/g) ?? [];
  return Math.max(3, ...runs.map(run => run.length + 1));
}

/** A block of code. Whatever is in its lines, it ends where the block ends. */
export function fenced(lines: readonly string[], info: string): string {
  const fence = '`'.repeat(fenceLength(lines.join('\n')));
  return [`${fence}${info}`, ...lines, fence].join('\n');
}

/** A piece of code within a line. Line breaks and control characters are made harmless; nobody is mentioned. */
export function code(text: string): string {
  const line = visible(text.replaceAll(/\s+/g, ' ').trim());
  if (line === '') return '` `';
  const ticks = '`'.repeat(
    (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0) + 1,
  );
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/**
 * A sentence as Markdown that reads as it is written: no HTML, links, mentions, references or markup come of what a
 * manifest holds. Text between single backticks stays code.
 */
export function prose(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line
    .split(/(`[^`]+`)/)
    .map(piece => (/^`[^`]+`$/.test(piece) ? code(piece.slice(1, -1)) : escaped(visible(piece))))
    .join('');
}

/** A zero-width space behind a character keeps forges from seeing a mention, a reference or a link in it. */
const guard = '\u200b';

/** A forge takes `www.` with anything behind it for a link, a zero-width space included; so the guard stands before the dot. */
const webHost = /(www)\./gi;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]{}()#|~!$]/g, '\\$&')
    .replaceAll(/@(?=\w)/g, `@${guard}`)
    .replaceAll(/(\\#|%|!)(?=\w)/g, `$1${guard}`)
    .replaceAll('://', `:${guard}//`)
    .replaceAll(webHost, `$1${guard}.`)
    .replace(/^([-+=]|\d+[.)])/, '\\$1');
}

/** A cell of a table. */
export function cell(markdown: string): string {
  return markdown.replaceAll(/(?<!\\)\|/g, '\\|');
}

/** A block that is closed until somebody opens it. The title is HTML. */
export function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** Text within HTML tags, where forges look for mentions, references, links and what begins a line as well. */
export function html(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll(/@(?=\w)/g, `@${guard}`)
    .replaceAll(/([#%!])(?=\w)/g, `$1${guard}`)
    .replaceAll('://', `:${guard}//`)
    .replaceAll(webHost, `$1${guard}.`)
    .replace(/^[-+=*#|~`\d\s]/, character => `&#${character.charCodeAt(0)};`);
}

/** Blocks of Markdown with a blank line between them; empty ones are left out. */
export function paragraphs(blocks: readonly string[]): string {
  return blocks.filter(block => block !== '').join('\n\n');
}
