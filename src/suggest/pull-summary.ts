import { formatNumber } from '../print/summary.ts';
import type { SourceFile } from '../yaml/source.ts';
import { changeHeadline, plainLine } from './bodies.ts';
import { redact } from './credentials.ts';
import { frameOfAll } from './frame.ts';
import type { ChangeItem, Item } from './items.ts';
import { code, fenced, folded, paragraphs, prose } from './markdown.ts';
import { offeredParts } from './offered.ts';
import { fileChanges } from './patch.ts';
import type { CommandLine, Wording } from './wording.ts';

/** The rest that no comment at a line or at a file tells: a list of what converts, and of what does not. */
export function summaryBody(
  items: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  wording: Wording,
): string {
  const changes = items.filter(item => item.kind === 'change');
  const losses = items.filter(({ kind }) => kind === 'loss' || kind === 'failing');
  const others = items.filter(item => item.kind === 'held-back' || item.kind === 'problem');
  const command = commandFor(changes, wording.files, wording.command);
  const text = (most: number): string =>
    paragraphs([
      `### vs2route: ${headline(items)}`,
      listOf('Fails', losses, most, () => ''),
      changes.length === 0 ? '' : commandBlock(command, changes.length, wording.maxBody / 2),
      listOf('Converts', changes, most, item => why(reasons.get(item))),
      listOf('Cannot be converted yet', others, most, () => ''),
      frameOfAll(wording),
    ]);
  // Fewer lines until it fits; there is always something that does.
  return (
    [items.length, 200, 50, 10, 1].map(text).find(body => body.length <= wording.maxBody) ?? headline(items)
  );
}

/**
 * @param files everything that was read
 * @returns the command that makes the edits of some changes and no other
 */
export function commandFor(
  changes: readonly ChangeItem[],
  files: readonly SourceFile[],
  command: CommandLine,
): string {
  const edited = fileChanges(changes.flatMap(offeredParts), files);
  return redact(command(edited.map(({ file }) => file.path)));
}

const LONG_COMMAND = 500;

function commandBlock(command: string, count: number, most: number): string {
  const edits = count === 1 ? 'the edit' : `all ${formatNumber(count)} edits`;
  if (command.length > most)
    return `The command that makes ${edits} is too long to be shown here; the summary of the step has it.`;
  const block = fenced([command], 'sh');
  return command.length > LONG_COMMAND
    ? folded(`One command makes ${edits}`, block)
    : paragraphs([`This makes ${edits}:`, block]);
}

/** @returns for example `2 changes to make, 1 that cannot be made yet` */
export function headline(items: readonly Item[]): string {
  const count = (...kinds: readonly Item['kind'][]): number =>
    items.filter(({ kind }) => kinds.includes(kind)).length;
  const [losses, failing, changes] = [count('loss'), count('failing'), count('change')];
  const others = count('held-back', 'problem');
  const parts = [
    losses === 0 ? '' : `${formatNumber(losses)} ${losses === 1 ? 'removal' : 'removals'} of what is used`,
    failing === 0 ? '' : `${formatNumber(failing)} whose requests fail today`,
    changes === 0 ? '' : `${formatNumber(changes)} ${changes === 1 ? 'conversion' : 'conversions'} to make`,
    others === 0 ? '' : `${formatNumber(others)} that cannot be made yet`,
  ].filter(part => part !== '');
  return parts.length === 0 ? 'nothing to convert' : parts.join(', ');
}

function why(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`;
}

/** The fix, once for all that have the same fix. */
function remediesOf({ kind, diagnostics }: Item, told: Set<string>): readonly string[] {
  if (kind === 'change') return [];
  const own = [...new Set(diagnostics.map(({ remedy }) => remedy))];
  const fresh = own.filter(remedy => remedy !== '' && !told.has(remedy));
  for (const remedy of fresh) told.add(remedy);
  return fresh.map(remedy => prose(redact(remedy)));
}

function listOf(title: string, items: readonly Item[], most: number, note: (item: Item) => string): string {
  if (items.length === 0) return '';
  const told = new Set<string>();
  const lines = items.slice(0, most).map(item => {
    const text = item.kind === 'change' ? changeHeadline(item) : prose(plainLine(item));
    const line = `- ${code(redact(`${item.path}:${item.line}`))} ${text}${note(item)}`;
    return [line, ...remediesOf(item, told)].join('  \n  → ');
  });
  const more = items.length - most;
  return [`**${title}**`, '', ...lines, ...(more > 0 ? [`- and ${formatNumber(more)} more`] : [])].join('\n');
}
