import type { SourceFile } from '../1-read/source.ts';
import type { ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { countRequests } from '../reporters/count.ts';
import { formatNumber } from '../reporters/summary.ts';
import { redact } from './credentials.ts';
import { type ChangeItem, type Item, namesOf } from './items.ts';
import { code, fenced, folded, prose } from './markdown.ts';
import { patchOf, touchesSecret } from './patch.ts';

/** What texts need to know besides the item. */
export interface Wording {
  /** What makes the edits on one's own machine, as in `vs2route convert --write .`. */
  readonly command: string;
  /** How many characters a text may have. */
  readonly maxBody: number;
  /** Everything that was read. */
  readonly files: readonly SourceFile[];
}

/** What becomes of a change's objects, in one line of Markdown. */
export function changeHeadline({ change }: ChangeItem): string {
  const subjects = virtualServicesOf(change.resources);
  const outputs = change.resources.flatMap(({ outputs }) => outputs);
  const what = subjects.length === 0 ? change.resources : subjects;
  const verb = what.length === 1 ? 'converts' : 'convert';
  const into = list(outputs.map(({ kind, name }) => code(redact(`${kind} ${name}`))));
  const names = list(namesOf(what).map(name => code(redact(name))));
  return outputs.length === 0 ? `${names} ${verb}.` : `${names} ${verb} to ${into}.`;
}

/** How a change was checked; empty when nothing was. */
export function proofLine({ change }: ChangeItem): string {
  // What converts together was proven together, so that each has the same numbers.
  const { tried, differences } = countRequests(
    change.resources.filter(({ proof }) => proof !== undefined).slice(0, 1),
  );
  if (tried === 0) return '';
  const requests = tried === 1 ? '1 request' : `${formatNumber(tried)} requests`;
  return differences === 0
    ? `Proven with ${requests}: each does what it did before.`
    : `Proven with ${requests}: ${formatNumber(differences)} ${differences === 1 ? 'differs' : 'differ'}, as declared below; the others do what they did before.`;
}

/** The sentences on what is different afterwards, and what else is good to know. */
export function changeNotes({ diagnostics }: ChangeItem): string {
  const differing = diagnostics.filter(
    ({ fate, severity }) => fate === 'approximate' || severity === 'warning',
  );
  const others = diagnostics.filter(diagnostic => !differing.includes(diagnostic));
  const blocks = [bullets(differing, false)];
  if (others.length > 0)
    blocks.push(folded(`${formatNumber(others.length)} more to know`, bullets(others, false)));
  return paragraphs(blocks);
}

/** Why something is held back, and what to do. */
export function reasons(diagnostics: readonly Diagnostic[]): string {
  return bullets(diagnostics, true);
}

const MAX_BULLETS = 20;

function bullets(diagnostics: readonly Diagnostic[], withRemedy: boolean): string {
  const told = new Set<string>();
  const lines = diagnostics.flatMap(({ code: id, message, remedy, location }) => {
    const line = `- ${code(id)} ${prose(redact(capital(message)))} (line ${location.start.line})`;
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

/** The comment that carries a suggestion. */
export function suggestionBody(
  item: ChangeItem,
  block: string,
  part: number,
  parts: number,
  lostComments: readonly string[],
): string {
  const together =
    parts === 1
      ? ''
      : `**Part ${part} of ${parts}.** These belong together: add all of them to one batch and commit that.`;
  return paragraphs([
    changeHeadline(item),
    proofLine(item),
    part === 1 ? changeNotes(item) : '',
    lostBlock(lostComments),
    /^`+suggestion[^\n]*\n`+$/.test(block) ? 'Nothing takes the place of these lines:' : '',
    block,
    together,
  ]);
}

/** A change that is no suggestion, as a section of a larger comment. */
export function changeSection(item: ChangeItem, why: string, wording: Wording, budget: number): string {
  const lost = item.change.parts.flatMap(({ lostComments }) => lostComments);
  const head = paragraphs([
    changeHeadline(item),
    proofLine(item),
    changeNotes(item),
    lostBlock(lost),
    why === '' ? '' : `${capital(why)}. ${makeIt(wording)}`,
  ]);
  return paragraphs([head, patchBlock(item, wording.files, budget - head.length)]);
}

function makeIt({ command }: Wording): string {
  return `${code(redact(command))} makes the edit.`;
}

function patchBlock({ change }: ChangeItem, files: readonly SourceFile[], budget: number): string {
  if (touchesSecret(change)) return 'The diff is not shown, since the document holds a Secret, too.';
  const patch = patchOf(change, files).trimEnd().split('\n');
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
    return paragraphs(['This file is not converted, or not as a whole.', reasons(item.diagnostics)]);
  const { resource } = item.resource;
  const name = code(redact(`${resource.kind} ${resource.namespace}/${resource.name}`));
  return paragraphs([`${name} cannot be converted yet and stays as it is.`, reasons(item.diagnostics)]);
}

/** One line without markup, for annotations and lists. */
export function plainLine(item: Item): string {
  switch (item.kind) {
    case 'change': {
      const subjects = virtualServicesOf(item.change.resources);
      const what = subjects.length === 0 ? item.change.resources : subjects;
      const outputs = item.change.resources.flatMap(({ outputs }) => outputs);
      const verb = what.length === 1 ? 'converts' : 'convert';
      const into =
        outputs.length === 0 ? '' : ` to ${list(outputs.map(({ kind, name }) => `${kind} ${name}`))}`;
      return redact(`${list(namesOf(what))} ${verb}${into}`);
    }
    case 'held-back': {
      const [name = ''] = namesOf([item.resource]);
      const why = item.diagnostics.map(({ code, message }) => `${message} [${code}]`);
      return redact(`${name} cannot be converted: ${why.join('; ')}`);
    }
    case 'problem':
      return redact(item.diagnostics.map(({ code, message }) => `${message} [${code}]`).join('; '));
  }
}

function virtualServicesOf(resources: readonly ConvertedResource[]): readonly ConvertedResource[] {
  return resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
}

const MOST_NAMES = 12;

function list(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES + 1 ? names.slice(0, MOST_NAMES) : names;
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${formatNumber(rest)} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** Blocks of Markdown with a blank line between them; empty ones are left out. */
export function paragraphs(blocks: readonly string[]): string {
  return blocks.filter(block => block !== '').join('\n\n');
}
