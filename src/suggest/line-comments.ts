import type { SourceFile } from '../1-read/source.ts';
import { heldSection, suggestionBody } from './bodies.ts';
import type { Part } from './changes.ts';
import { type LineComment, written } from './comment.ts';
import { hasCredentials, redact } from './credentials.ts';
import { inexactness, type Suggestion } from './dialect.ts';
import { fitsText, visibleRanges } from './diff.ts';
import { fingerprint } from './fingerprint.ts';
import { type ChangeItem, type Item, namesOf } from './items.ts';
import { type LineRange, overlap } from './lines.ts';
import { code } from './markdown.ts';
import { secretRanges } from './secret-documents.ts';
import type { Setting } from './setting.ts';

/** @returns the comments, or in Markdown why there are none */
export function suggestions(item: ChangeItem, setting: Setting): readonly LineComment[] | string {
  const parts = buttonsOf(item);
  const gone = parts.find(({ region }) => region === undefined);
  if (gone !== undefined) return `${code(redact(gone.file.path))} would go, which no suggestion can do`;
  if (parts.length > 1)
    return `it takes edits in ${parts.length} places, and a button for each would break the routes until the others are pressed`;
  const comments: LineComment[] = [];
  for (const [index, { file, region, resources }] of parts.entries()) {
    const diffFile = setting.diff.find(({ path }) => path === file.path);
    const name = code(redact(file.path));
    if (region === undefined || diffFile === undefined)
      return `${name} is not part of this ${setting.dialect.request}`;
    if (diffFile.isCut) return `${name} changes in more lines than are shown`;
    if (!fitsText(diffFile, file.text)) return `the diff and ${name} are not of the same commit`;
    const found = setting.dialect.suggest(diffFile, region, file.text);
    if (typeof found === 'string')
      return parts.length === 1 ? found : `it takes edits in ${parts.length} places; in ${name}, ${found}`;
    const obstacle = inexactness(found.region, file.text) ?? secrecy(found, file);
    if (obstacle !== undefined) return obstacle;
    const id = fingerprint('part', item.id, file.path, ...namesOf(resources), String(index));
    const body = suggestionBody(item, parts, index, found.block);
    if (body.length > setting.dialect.maxBody) return 'it is too long for a suggestion';
    if (setting.refused.has(id)) return 'a suggestion was refused at this place';
    comments.push({
      where: 'line',
      path: file.path,
      oldPath: diffFile.oldPath ?? file.path,
      anchor: found.anchor,
      ...written(id, body, setting.tag),
    });
  }
  return comments;
}

/**
 * The parts of a change that a button makes. What tidies a DestinationRule comes last, when nothing names its subsets any more:
 * pressed alone, it would take the subsets away from VirtualServices that are still there.
 */
export function buttonsOf({ main, change }: ChangeItem): readonly Part[] {
  const others = change.parts.filter(part => part !== main);
  return isTidying(main) ? [main, ...others] : [main, ...others.filter(part => !isTidying(part))];
}

function isTidying({ resources, edits }: Part): boolean {
  const writesNothing = edits.every(edit => !('outputs' in edit) || edit.outputs.length === 0);
  return writesNothing && resources.every(({ resource }) => resource.type === 'istio.DestinationRule');
}

function secrecy({ block, region }: Suggestion, file: SourceFile): string | undefined {
  if (hasCredentials(block)) return 'something in it looks like a credential, which is not repeated here';
  if (secretRanges(file).some(secret => overlap(secret, region.range)))
    return 'there is a Secret in its lines, which is not repeated here';
  return undefined;
}

/** @returns the comment at the first line that it is about and that the diff shows, else at the nearest; or why there is none */
export function atLine(item: Exclude<Item, ChangeItem>, setting: Setting): readonly LineComment[] | string {
  const diffFile = setting.diff.find(({ path }) => path === item.path);
  const file = setting.files.get(item.path);
  if (diffFile === undefined || file === undefined || !fitsText(diffFile, file.text)) return '';
  const visible = visibleRanges(diffFile);
  const lines = item.diagnostics.map(({ location }) => location.start.line);
  const line =
    lines.find(at => visible.some(({ start, end }) => at >= start && at <= end)) ??
    nearest(visible, item.range, item.line);
  const id = fingerprint('line', item.id);
  if (line === undefined || setting.refused.has(id)) return '';
  const suggested = setting.dialect.suggest(
    diffFile,
    { range: { start: line, end: line }, lines: [] },
    file.text,
  );
  if (typeof suggested === 'string') return '';
  return [
    {
      where: 'line',
      path: item.path,
      oldPath: diffFile.oldPath ?? item.path,
      anchor: suggested.anchor,
      ...written(id, cut(heldSection(item), setting.dialect.maxBody), setting.tag),
    },
  ];
}

/** @returns the line of some ranges that is nearest to another, within what an item is about */
function nearest(ranges: readonly LineRange[], within: LineRange, line: number): number | undefined {
  const candidates = ranges
    .filter(range => overlap(range, within))
    .map(({ start, end }) => Math.min(Math.max(line, start, within.start), Math.min(end, within.end)));
  return candidates.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line))[0];
}

function cut(text: string, length: number): string {
  return text.length <= length - 500 ? text : `${text.slice(0, length - 500)}…`;
}
