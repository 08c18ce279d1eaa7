import { countRequests } from '../print/count.ts';
import { formatNumber } from '../print/summary.ts';
import { becomesWords, checkedWords, plainLine } from '../suggest/bodies.ts';
import type { Comment } from '../suggest/comment.ts';
import { redact } from '../suggest/credentials.ts';
import type { ChangeItem, Item } from '../suggest/items.ts';
import { cell, code, fenced, paragraphs, prose } from '../suggest/markdown.ts';
import { commandFor, headline } from '../suggest/pull-summary.ts';
import type { CommandLine } from '../suggest/wording.ts';
import { byteLength } from '../yaml/byte-length.ts';
import type { SourceFile } from '../yaml/source.ts';

/** GitHub refuses more than 1 MiB for one step. */
const MAX_BYTES = 1_000_000;

/**
 * The whole picture in Markdown, for the summary of a step.
 *
 * @param comments those that were or will be posted
 * @param context what makes the edits, from which files, and what is only mentioned
 */
export function stepSummary(
  items: readonly Item[],
  comments: readonly Comment[],
  context: SummaryContext,
): string {
  const text = (most: number): string => `${paragraphs(blocks(items, comments, context, most))}\n`;
  const fitting = [items.length, 1000, 100, 10].map(text);
  return fitting.find(body => byteLength(body) <= MAX_BYTES) ?? `## vs2route\n\n${headline(items)}\n`;
}

/** The parts of a summary besides the items. */
export interface SummaryContext {
  readonly command: CommandLine;
  readonly files: readonly SourceFile[];
  /** Lines of Markdown. */
  readonly asides: readonly string[];
}

function blocks(
  items: readonly Item[],
  comments: readonly Comment[],
  { command, files, asides }: SummaryContext,
  most: number,
): readonly string[] {
  const changes = items.filter(item => item.kind === 'change');
  const failing = items.filter(({ kind }) => kind === 'loss' || kind === 'failing');
  const others = items.filter(({ kind }) => kind === 'held-back' || kind === 'problem');
  return [
    `## vs2route: ${headline(items)}`,
    comments.length === 0
      ? ''
      : `${formatNumber(comments.length)} ${comments.length === 1 ? 'comment' : 'comments'} on the pull request.`,
    failing.length === 0 ? '' : '### Fails',
    table(['Where', 'What', 'Action'], failing.map(rowOf), most),
    changes.length === 0 ? '' : '### Converts',
    table(
      ['Where', 'What', 'Checked'],
      changes.map(item => [code(redact(`${item.path}:${item.line}`)), becomesWords(item), proofOf(item)]),
      most,
    ),
    changes.length === 0
      ? ''
      : paragraphs([
          changes.length === 1 ? 'This makes the edit:' : `This makes all ${changes.length} edits:`,
          fenced([commandFor(changes, files, command)], 'sh'),
        ]),
    others.length === 0 ? '' : '### Cannot be converted yet',
    table(['Where', 'Why', 'Action'], others.map(rowOf), most),
    asides.map(line => `- ${line}`).join('\n'),
  ];
}

function rowOf(item: Item): readonly string[] {
  return [
    code(redact(`${item.path}:${item.line}`)),
    prose(plainLine(item)),
    [...new Set(item.diagnostics.map(({ remedy }) => prose(redact(remedy))))].join('<br>'),
  ];
}

/** In a cell, with the codes of what is different, which nothing below explains. */
function proofOf({ change, diagnostics }: ChangeItem): string {
  const { differences } = countRequests(change.resources);
  const words = checkedWords(change.resources);
  if (differences === 0) return words;
  const codes = diagnostics.filter(({ fate }) => fate === 'approximate').map(({ code: id }) => code(id));
  return `${words.replace(/ as listed$/, '')}: ${[...new Set(codes)].join(', ')}`;
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
