import { changeSection, heldSection } from './bodies.ts';
import { type FileComment, written } from './comment.ts';
import { fingerprint } from './fingerprint.ts';
import { frameOf, frameOfAll } from './frame.ts';
import type { Item } from './items.ts';
import { paragraphs } from './markdown.ts';
import type { Setting } from './setting.ts';

/** One comment for each file, however much there is to tell of it. */
export function fileComments(
  items: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  setting: Setting,
): { readonly comments: readonly FileComment[]; readonly told: ReadonlySet<Item> } {
  const comments: FileComment[] = [];
  const told = new Set<Item>();
  for (const diffFile of setting.diff) {
    const { path, status } = diffFile;
    const id = fingerprint('file', path);
    const own = items.filter(item => item.path === path);
    if (own.length === 0 || status === 'deleted' || setting.refused.has(id)) continue;
    if (comments.length >= setting.maxFileComments) break;
    const body = sections(own, reasons, setting);
    comments.push({
      where: 'file',
      path,
      oldPath: diffFile.oldPath ?? path,
      ...written(
        id,
        body,
        setting.tag,
        own.flatMap(({ objects }) => objects),
      ),
    });
    for (const item of own) told.add(item);
  }
  return { comments, told };
}

function sections(
  items: readonly Item[],
  reasons: ReadonlyMap<Item, string>,
  { dialect, command, files, filter }: Setting,
): string {
  const wording = { command, maxBody: dialect.maxBody, files: [...files.values()], dialect, filter };
  let budget = dialect.maxBody - 3000;
  const blocks: string[] = [];
  for (const [index, item] of items.entries()) {
    const block =
      item.kind === 'change'
        ? changeSection(item, reasons.get(item) ?? '', wording, budget)
        : heldSection(item);
    if (block.length > budget) {
      blocks.push(`And ${items.length - index} more in this file.`);
      break;
    }
    budget -= block.length + 10;
    blocks.push(block);
  }
  const [only] = items;
  const frame = only !== undefined && items.length === 1 ? frameOf(only, wording) : frameOfAll(wording);
  return paragraphs([blocks.join('\n\n---\n\n'), frame]);
}
