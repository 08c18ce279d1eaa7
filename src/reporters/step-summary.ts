import { byteLength } from '../1-read/byte-length.ts';
import { type CommandLine, changeHeadline, plainLine } from '../suggest/bodies.ts';
import type { Comment } from '../suggest/comment.ts';
import { redact } from '../suggest/credentials.ts';
import type { ChangeItem, Item } from '../suggest/items.ts';
import { cell, code, paragraphs, prose } from '../suggest/markdown.ts';
import { headline } from '../suggest/pull-summary.ts';
import { countRequests } from './count.ts';
import { formatNumber } from './summary.ts';

/** GitHub refuses more than 1 MiB for one step. */
const MAX_BYTES = 1_000_000;

/**
 * The whole picture in Markdown, for the summary of a step.
 *
 * @param comments those that were or will be posted
 */
export function stepSummary(
  items: readonly Item[],
  comments: readonly Comment[],
  command: CommandLine,
): string {
  const text = (most: number): string => `${paragraphs(blocks(items, comments, command, most))}\n`;
  const fitting = [items.length, 1000, 100, 10].map(text);
  return fitting.find(body => byteLength(body) <= MAX_BYTES) ?? `## vs2route\n\n${headline(items)}\n`;
}

function blocks(
  items: readonly Item[],
  comments: readonly Comment[],
  command: CommandLine,
  most: number,
): readonly string[] {
  const changes = items.filter(item => item.kind === 'change');
  const others = items.filter(item => item.kind !== 'change');
  return [
    `## vs2route: ${headline(items)}`,
    comments.length === 0
      ? ''
      : `${formatNumber(comments.length)} ${comments.length === 1 ? 'comment' : 'comments'} on the pull request.`,
    changes.length === 0 ? '' : '### Converts',
    table(
      ['Where', 'What', 'Proof'],
      changes.map(item => [code(redact(`${item.path}:${item.line}`)), changeHeadline(item), proofOf(item)]),
      most,
    ),
    changes.length === 0 ? '' : `${code(redact(command()))} makes the edits.`,
    others.length === 0 ? '' : '### Cannot be converted yet',
    table(
      ['Where', 'Why', 'What to do'],
      others.map(item => [
        code(redact(`${item.path}:${item.line}`)),
        prose(plainLine(item)),
        [...new Set(item.diagnostics.map(({ remedy }) => prose(redact(remedy))))].join('<br>'),
      ]),
      most,
    ),
  ];
}

/** In a cell, with the codes of what is different, which nothing below explains. */
function proofOf({ change, diagnostics }: ChangeItem): string {
  const { tried, differences } = countRequests(change.resources);
  if (tried === 0) return '';
  const requests = tried === 1 ? '1 request' : `${formatNumber(tried)} requests`;
  if (differences === 0) return `${requests}, all as before`;
  const codes = diagnostics.filter(({ fate }) => fate === 'approximate').map(({ code: id }) => code(id));
  return `${requests}, ${formatNumber(differences)} ${differences === 1 ? 'differs' : 'differ'}: ${[...new Set(codes)].join(', ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], most: number): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const more = rows.length - most;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.slice(0, most).map(line),
    ...(more > 0 ? [line([`and ${formatNumber(more)} more`, ...head.slice(1).map(() => '')])] : []),
  ].join('\n');
}
