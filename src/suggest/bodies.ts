import type { SourceFile } from '../1-read/source.ts';
import type { FileChange } from '../6-emit/edit-files.ts';
import type { ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { countRequests } from '../reporters/count.ts';
import { formatNumber } from '../reporters/summary.ts';
import type { Part } from './changes.ts';
import { redact } from './credentials.ts';
import { type ChangeItem, type Item, namesOf } from './items.ts';
import { code, fenced, folded, paragraphs, prose } from './markdown.ts';
import { fileChanges, patchOf, touchesSecret } from './patch.ts';

/**
 * What makes the edits on one's own machine, as in `vs2route convert --write .`: those of some files, or all of them.
 */
export type CommandLine = (files?: readonly string[]) => string;

/** What texts need to know besides the item. */
export interface Wording {
  readonly command: CommandLine;
  /** How many characters a text may have. */
  readonly maxBody: number;
  /** Everything that was read. */
  readonly files: readonly SourceFile[];
}

/** What becomes of a change's objects, in one line of Markdown. */
export function changeHeadline({ change }: ChangeItem): string {
  const what = subjectsOf(change.resources);
  const outputs = change.resources.flatMap(({ outputs }) => outputs);
  const verb = what.length === 1 ? 'converts' : 'convert';
  const into = list(outputs.map(({ kind, name }) => code(redact(`${kind} ${name}`))));
  const names = list(namesOf(what).map(name => code(redact(name))));
  return outputs.length === 0 ? `${names} ${verb}.` : `${names} ${verb} to ${into}.`;
}

/** How a change was checked; empty when nothing was. */
export function proofLine({ change }: ChangeItem): string {
  const { tried, differences } = countRequests(change.resources);
  if (tried === 0) return '';
  const requests = tried === 1 ? '1 request' : `${formatNumber(tried)} requests`;
  return differences === 0
    ? `Proven with ${requests}: each does what it did before.`
    : `Proven with ${requests}: ${formatNumber(differences)} ${differences === 1 ? 'differs' : 'differ'}, as declared below; the others do what they did before.`;
}

/** The sentences on what is different afterwards, and what else is good to know. */
export function changeNotes({ diagnostics, path }: ChangeItem): string {
  const differing = diagnostics.filter(
    ({ fate, severity }) => fate === 'approximate' || severity === 'warning',
  );
  const others = diagnostics.filter(diagnostic => !differing.includes(diagnostic));
  const blocks = [bullets(differing, path, false)];
  if (others.length > 0)
    blocks.push(folded(`${formatNumber(others.length)} more to know`, bullets(others, path, false)));
  return paragraphs(blocks);
}

/** Why something is held back, and what to do. */
function reasons({ diagnostics, path }: Item): string {
  return bullets(diagnostics, path, true);
}

const MAX_BULLETS = 20;

/** @param path the file that the comment stands at, which need not be named */
function bullets(diagnostics: readonly Diagnostic[], path: string, withRemedy: boolean): string {
  const told = new Set<string>();
  const lines = diagnostics.flatMap(({ code: id, message, remedy, location }) => {
    const { line: number } = location.start;
    const place = location.file === path ? `line ${number}` : code(redact(`${location.file}:${number}`));
    const line = `- ${code(id)} ${prose(redact(capital(message)))} (${place})`;
    if (!withRemedy || remedy === '') return [line];
    const isNew = !told.has(remedy);
    told.add(remedy);
    return [isNew ? `${line}  \n  → ${prose(redact(remedy))}` : line];
  });
  const more = lines.length - MAX_BULLETS;
  return [...lines.slice(0, MAX_BULLETS), ...(more > 0 ? [`- and ${formatNumber(more)} more`] : [])].join(
    '\n',
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * The comment that carries a suggestion. What there is to say of the change stands at its first part.
 *
 * @param index of the part, from 0
 */
export function suggestionBody(
  item: ChangeItem,
  parts: readonly Part[],
  index: number,
  block: string,
): string {
  return paragraphs([
    ...(index === 0 ? [changeHeadline(item), proofLine(item), changeNotes(item)] : []),
    parts.length === 1 ? '' : togetherLine(item, parts, index),
    index === 0 ? tidyingLine(item, parts) : '',
    lostBlock(parts[index]?.lostComments ?? []),
    /^`+suggestion[^\n]*\n`+$/.test(block) ? 'Nothing takes the place of these lines:' : '',
    block,
  ]);
}

/** What no button does: a DestinationRule keeps the subsets that nothing names afterwards. */
function tidyingLine({ change }: ChangeItem, parts: readonly Part[]): string {
  const left = change.parts.filter(part => !parts.includes(part));
  if (left.length === 0) return '';
  const files = [...new Set(left.map(({ file }) => code(redact(file.path))))];
  return `The subsets in ${list(files)} stay: nothing names them any more once the routes are merged, and they can go then.`;
}

function togetherLine({ change, path }: ChangeItem, parts: readonly Part[], index: number): string {
  const number = `**Part ${index + 1} of ${parts.length}**`;
  const batch = 'They belong together: add all of them to one batch and commit that.';
  if (index > 0) {
    const names = list(namesOf(subjectsOf(change.resources)).map(name => code(redact(name))));
    return `${number} of the conversion of ${names} in ${code(redact(path))}. ${batch}`;
  }
  const others = [...new Set(parts.slice(1).map(({ file }) => code(redact(file.path))))];
  return `${number}; the ${parts.length === 2 ? 'other is' : 'others are'} in ${list(others)}. ${batch}`;
}

/** A change that is no suggestion, as a section of a larger comment. */
export function changeSection(item: ChangeItem, why: string, wording: Wording, budget: number): string {
  const lost = item.change.parts.flatMap(({ lostComments }) => lostComments);
  const changes = fileChanges(item.change, wording.files);
  const head = paragraphs([
    changeHeadline(item),
    proofLine(item),
    changeNotes(item),
    lostBlock(lost),
    why === '' ? '' : `${capital(why)}. ${makeIt(changes, wording)}`,
  ]);
  return paragraphs([head, patchBlock(item, changes, budget - head.length)]);
}

/** So many files are named, so that the command makes this edit and no other. */
const MOST_FILES = 8;

function makeIt(changes: readonly FileChange[], { command }: Wording): string {
  const paths = changes.map(({ file }) => file.path);
  return `${code(redact(command(paths.length > MOST_FILES ? undefined : paths)))} makes the edit.`;
}

function patchBlock({ change }: ChangeItem, changes: readonly FileChange[], budget: number): string {
  if (touchesSecret(change)) return 'The diff is not shown, since the document holds a Secret, too.';
  const patch = patchOf(changes).trimEnd().split('\n');
  const block = folded(`Show the diff (${formatNumber(patch.length)} lines)`, fenced(patch, 'diff'));
  return block.length <= budget
    ? block
    : `The diff is too long to be shown here (${formatNumber(patch.length)} lines).`;
}

function lostBlock(comments: readonly string[]): string {
  if (comments.length === 0) return '';
  const lines = comments.flatMap(comment => redact(comment).split('\n'));
  return folded('Comments that go with the fields they stand at', fenced(lines, 'yaml'));
}

/** Why something cannot be converted, as a section of a comment. */
export function heldSection(item: Exclude<Item, ChangeItem>): string {
  if (item.kind === 'problem')
    return paragraphs(['This file is not converted, or not as a whole.', reasons(item)]);
  const { resource } = item.resource;
  const name = code(redact(`${resource.kind} ${resource.namespace}/${resource.name}`));
  return paragraphs([`${name} cannot be converted yet and stays as it is.`, reasons(item)]);
}

/** One line without markup, for annotations and lists. */
export function plainLine(item: Item): string {
  switch (item.kind) {
    case 'change': {
      const what = subjectsOf(item.change.resources);
      const outputs = item.change.resources.flatMap(({ outputs }) => outputs);
      const verb = what.length === 1 ? 'converts' : 'convert';
      const into =
        outputs.length === 0 ? '' : ` to ${list(outputs.map(({ kind, name }) => `${kind} ${name}`))}`;
      return redact(`${list(namesOf(what))} ${verb}${into}`);
    }
    case 'held-back': {
      const [name = ''] = namesOf([item.resource]);
      const why = new Set(item.diagnostics.map(({ code, message }) => `${message} [${code}]`));
      return redact(`${name} cannot be converted: ${[...why].join('; ')}`);
    }
    case 'problem':
      return redact(item.diagnostics.map(({ code, message }) => `${message} [${code}]`).join('; '));
  }
}

/** What people call a change by: its VirtualServices, if there are any. */
function subjectsOf(resources: readonly ConvertedResource[]): readonly ConvertedResource[] {
  const subjects = resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  return subjects.length === 0 ? resources : subjects;
}

const MOST_NAMES = 12;

function list(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES + 1 ? names.slice(0, MOST_NAMES) : names;
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${formatNumber(rest)} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
