import type { SourceFile } from '../yaml/source.ts';
import { heldSection, suggestionBody } from './bodies.ts';
import { type LineComment, written } from './comment.ts';
import { hasCredentials, redact } from './credentials.ts';
import { inexactness, type Suggestion } from './dialect.ts';
import { fitsText, visibleRanges } from './diff.ts';
import { fingerprint } from './fingerprint.ts';
import { frameOf } from './frame.ts';
import { type ChangeItem, type Item, namesOf } from './items.ts';
import { type LineRange, overlap } from './lines.ts';
import { code, paragraphs } from './markdown.ts';
import { offeredParts } from './offered.ts';
import { secretRanges } from './secret-documents.ts';
import type { Setting } from './setting.ts';

/** @returns the comment, or in Markdown why there is none */
export function suggestions(item: ChangeItem, setting: Setting): readonly LineComment[] | string {
  const parts = offeredParts(item);
  const [part, ...others] = parts;
  const gone = parts.find(({ region }) => region === undefined);
  if (part === undefined || gone !== undefined)
    return `${code(redact((gone ?? item.main).file.path))} would go, which no suggestion can do`;
  if (others.length > 0)
    return `it takes edits in ${parts.length} places, and a button for each would break the routes until the others are pressed`;
  const { file, region, resources } = part;
  const diffFile = setting.diff.find(({ path }) => path === file.path);
  const name = code(redact(file.path));
  if (region === undefined || diffFile === undefined)
    return `${name} is not part of this ${setting.dialect.request}`;
  if (diffFile.isCut) return `${name} changes in more lines than the diff has`;
  if (!fitsText(diffFile, file.text)) return `the diff and ${name} are not of the same commit`;
  const found = setting.dialect.suggest(diffFile, region, file.text);
  if (typeof found === 'string') return found;
  const obstacle = inexactness(found.region, file.text) ?? secrecy(found, file);
  if (obstacle !== undefined) return obstacle;
  const id = fingerprint('part', item.id, file.path, ...namesOf(resources), '0');
  const body = suggestionBody(item, part, found.block, setting);
  if (body.length > setting.dialect.maxBody) return 'it is too long for a suggestion';
  if (setting.refused.has(id)) return 'a suggestion was refused at this place';
  return [
    {
      where: 'line',
      path: file.path,
      oldPath: diffFile.oldPath ?? file.path,
      anchor: found.anchor,
      ...written(id, body, setting.tag, item.objects),
    },
  ];
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
  const body = paragraphs([cut(heldSection(item), setting.dialect.maxBody), frameOf(item, setting)]);
  return [
    {
      where: 'line',
      path: item.path,
      oldPath: diffFile.oldPath ?? item.path,
      anchor: suggested.anchor,
      ...written(id, body, setting.tag, item.objects),
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
  return text.length <= length - 2000 ? text : `${text.slice(0, length - 2000)}…`;
}
