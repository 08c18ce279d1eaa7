import { type CommandLine, changeHeadline, plainLine, proofLine } from '../suggest/bodies.ts';
import type { Comment } from '../suggest/comment.ts';
import { redact } from '../suggest/credentials.ts';
import type { Item } from '../suggest/items.ts';
import { cell, code, paragraphs, prose } from '../suggest/markdown.ts';
import { headline } from '../suggest/pull-summary.ts';
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
  return fitting.find(body => Buffer.byteLength(body) <= MAX_BYTES) ?? `## vs2route\n\n${headline(items)}\n`;
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
      changes.map(item => [code(redact(`${item.path}:${item.line}`)), changeHeadline(item), proofLine(item)]),
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
