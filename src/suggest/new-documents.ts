import type { DiffFile } from './diff.ts';
import type { LineRange } from './lines.ts';

/**
 * The objects that a diff takes away as a whole, by kind and name. One that comes elsewhere under the same name was moved.
 *
 * @returns `KIND NAME`, and `KIND of HOST` for each host of a VirtualService, so that one that got another name is known, too
 */
export function removedObjects(diff: readonly DiffFile[]): ReadonlySet<string> {
  return new Set(
    diff.flatMap(({ hunks }) => {
      const runs: string[][] = [[]];
      for (const { kind, text } of hunks.flatMap(({ lines }) => lines)) {
        if (kind === 'removed') runs.at(-1)?.push(text);
        else if (kind === 'context') runs.push([]);
      }
      return runs.flatMap(lines => lines.join('\n').split(/^---.*$/m)).flatMap(keysOf);
    }),
  );
}

/**
 * Whether a pull request brings a document: every line of it is added, and no object of its kind with its name or with a host of
 * it goes. Rewritten line ends and other forms of the same object are changes.
 */
export function isNewDocument(
  file: DiffFile,
  { start, end }: LineRange,
  removed: ReadonlySet<string>,
): boolean {
  const added = new Map(
    file.hunks.flatMap(({ lines }) =>
      lines.flatMap(({ kind, newLine, text }) => (kind === 'added' ? [[newLine, text] as const] : [])),
    ),
  );
  const lines: string[] = [];
  for (let line = start; line <= end; line += 1) {
    const text = added.get(line);
    if (text === undefined) return false;
    lines.push(text);
  }
  return keysOf(lines.join('\n')).every(key => !removed.has(key));
}

function keysOf(text: string): readonly string[] {
  const kind = /^kind:[ \t]*["']?(\w+)/m.exec(text)?.[1];
  if (kind === undefined) return [];
  const metadata = /^metadata:[ \t]*(\{[^}]*\}|(?:\r?\n[ \t]+.*|\r?\n[ \t]*$)*)/m.exec(text)?.[1] ?? '';
  const name = /(?:^|[\s{,])name:[ \t]*["']?([\w.-]+)/.exec(metadata)?.[1];
  const hosts = /^[ \t]+hosts:[ \t]*(\[[^\]]*\]|(?:\r?\n[ \t]*-[ \t]+.*)*)/m.exec(text)?.[1] ?? '';
  const named =
    kind === 'VirtualService' ? [...hosts.matchAll(/[\w*.-]*[\w*][\w*.-]*/g)].map(([host]) => host) : [];
  return [...(name === undefined ? [] : [`${kind} ${name}`]), ...named.map(host => `${kind} of ${host}`)];
}
