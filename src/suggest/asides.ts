import type { SourceFile } from '../yaml/source.ts';
import { list } from './bodies.ts';
import { redact } from './credentials.ts';
import { type ChangeItem, namesOf, subjectsOf } from './items.ts';
import { code } from './markdown.ts';
import { commandFor } from './pull-summary.ts';
import type { Selection } from './selection.ts';
import type { CommandLine } from './wording.ts';

/** So many objects are named in a line; more are counted. */
const MOST_NAMED = 3;

/**
 * Notes that are no reason for a comment, each in one line of Markdown: edits of what could be routes, what waits for somebody
 * else, what people said no to.
 */
export function asides(
  { edited, waiting, left }: Pick<Selection, 'edited' | 'waiting' | 'left'>,
  files: readonly SourceFile[],
  command: CommandLine,
): readonly string[] {
  const lines: string[] = [];
  if (edited.length > 0) {
    const how = edited.length > MOST_NAMED ? '' : ` (${code(commandFor(edited, files, command))})`;
    const [what, routes] = edited.length === 1 ? ['an edit', 'a route'] : ['edits', 'routes'];
    lines.push(`Only ${what}, so nothing is suggested: ${named(edited)} can be ${routes}${how}.`);
  }
  for (const { item, files: others } of waiting.slice(0, MOST_NAMED)) {
    const parts = others.map(({ path, owners, gateway }) => {
      const what = gateway === '' ? '' : `${code(redact(gateway))} in `;
      const whose = owners.length === 0 ? '' : ` (${owners.map(owner => code(redact(owner))).join(', ')})`;
      return `${what}${code(redact(path))}${whose}`;
    });
    const names = namesOf(subjectsOf(item.main.resources)).map(name => code(redact(name)));
    lines.push(
      `${list(names)} ${names.length === 1 ? 'is' : 'are'} not counted: the platform's part comes first, ${list(parts)}.`,
    );
  }
  if (waiting.length > MOST_NAMED)
    lines.push(`${waiting.length - MOST_NAMED} more wait for files of other owners.`);
  if (left.length > 0)
    lines.push(`${named(left)} ${left.length === 1 ? 'is' : 'are'} left as asked (vs2route/ignore, --keep).`);
  return lines;
}

function named(items: readonly ChangeItem[]): string {
  const names = items.flatMap(({ objects }) => objects);
  return names.length > MOST_NAMED ? `${names.length} objects` : list(names.map(name => code(redact(name))));
}

/** The same for logs. */
export function plainAside(line: string): string {
  return line.replaceAll(/`+/g, '');
}
