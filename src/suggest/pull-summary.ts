import { formatNumber } from '../reporters/summary.ts';
import { changeHeadline, plainLine, type Wording } from './bodies.ts';
import { redact } from './credentials.ts';
import type { Item } from './items.ts';
import { code, paragraphs, prose } from './markdown.ts';

/** What no comment at a line or at a file tells: a list of what converts, and of what does not. */
export function summaryBody(
  items: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  wording: Wording,
): string {
  const changes = items.filter(({ kind }) => kind === 'change');
  const others = items.filter(({ kind }) => kind !== 'change');
  const text = (most: number): string =>
    paragraphs([
      `### vs2route: ${headline(items)}`,
      listOf('Converts', changes, most, item => why(reasons.get(item))),
      changes.length === 0 ? '' : `${code(redact(wording.command()))} makes the edits.`,
      listOf('Cannot be converted yet', others, most, () => ''),
    ]);
  // Fewer lines until it fits; there is always something that does.
  return (
    [items.length, 200, 50, 10, 1].map(text).find(body => body.length <= wording.maxBody) ?? headline(items)
  );
}

/** @returns for example `2 changes to make, 1 that cannot be made yet` */
export function headline(items: readonly Item[]): string {
  const changes = items.filter(({ kind }) => kind === 'change').length;
  const others = items.length - changes;
  const parts = [
    changes === 0 ? '' : `${formatNumber(changes)} ${changes === 1 ? 'conversion' : 'conversions'} to make`,
    others === 0 ? '' : `${formatNumber(others)} that cannot be made yet`,
  ].filter(part => part !== '');
  return parts.length === 0 ? 'nothing to convert' : parts.join(', ');
}

function why(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`;
}

function listOf(title: string, items: readonly Item[], most: number, note: (item: Item) => string): string {
  if (items.length === 0) return '';
  const lines = items.slice(0, most).map(item => {
    const text = item.kind === 'change' ? changeHeadline(item) : prose(plainLine(item));
    return `- ${code(redact(`${item.path}:${item.line}`))} ${text}${note(item)}`;
  });
  const more = items.length - most;
  return [`**${title}**`, '', ...lines, ...(more > 0 ? [`- and ${formatNumber(more)} more`] : [])].join('\n');
}
