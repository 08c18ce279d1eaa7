import type { FileChange } from '../6-emit/edit-files.ts';
import type { ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { countRequests } from '../print/count.ts';
import { formatNumber } from '../print/summary.ts';
import type { Part } from './changes.ts';
import { codeLink } from './code-page.ts';
import { redact } from './credentials.ts';
import { frameOf } from './frame.ts';
import { type ChangeItem, type Item, type LossItem, namesOf, subjectsOf } from './items.ts';
import { code, fenced, folded, paragraphs, prose } from './markdown.ts';
import { movesTraffic } from './moves-traffic.ts';
import { offeredParts, tidyingParts } from './offered.ts';
import { fileChanges, patchOf, touchesSecret } from './patch.ts';
import type { Wording } from './wording.ts';

/** The result for the objects of a change, and how it was checked, in one line of Markdown. */
export function changeHeadline(item: ChangeItem): string {
  const checked = checkedWords(item.change.resources);
  return `${becomesWords(item)}${checked === '' ? '' : `: ${checked}`}.`;
}

/** The result for the objects of a change, in Markdown. */
export function becomesWords({ change }: ChangeItem): string {
  const what = subjectsOf(change.resources);
  const verb = what.length === 1 ? 'becomes' : 'become';
  const into = list(outputNames(change.resources).map(name => code(redact(name))));
  const names = list(namesOf(what).map(name => code(redact(name))));
  return `${names} ${into === '' ? (what.length === 1 ? 'converts' : 'convert') : `${verb} ${into}`}`;
}

/** @returns for example `58 requests checked, all the same`; empty when nothing was checked */
export function checkedWords(resources: readonly ConvertedResource[]): string {
  const { tried, differences } = countRequests(resources);
  if (tried === 0) return '';
  const requests = `${tried === 1 ? '1 request' : `${formatNumber(tried)} requests`} checked`;
  return differences === 0
    ? `${requests}, all the same`
    : `${requests}, ${formatNumber(differences)} ${differences === 1 ? 'differs' : 'differ'} as listed`;
}

function outputNames(resources: readonly ConvertedResource[]): readonly string[] {
  return resources.flatMap(({ outputs }) =>
    outputs.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
  );
}

/** The sentences on what is different afterwards, what moves traffic first, and what else is good to know. */
export function changeNotes({ diagnostics, path }: ChangeItem): string {
  const differing = diagnostics.filter(
    ({ fate, severity }) => fate === 'approximate' || severity === 'warning',
  );
  const others = diagnostics.filter(diagnostic => !differing.includes(diagnostic));
  const ranked = differing.toSorted((a, b) => rankOf(a) - rankOf(b));
  const blocks = [bullets(ranked, path, true)];
  if (others.length > 0)
    blocks.push(folded(`${formatNumber(others.length)} more to know`, bullets(others, path, false)));
  return paragraphs(blocks);
}

/**
 * Warnings of traffic that moves to another address, or of more clients let in, come before others, and these before the rest.
 */
function rankOf({ code: id, severity }: Diagnostic): number {
  if (movesTraffic(id)) return 0;
  return severity === 'warning' ? 1 : 2;
}

/** Why something is held back, and what to do. */
function reasons({ diagnostics, path }: Pick<Item, 'diagnostics' | 'path'>): string {
  return bullets(diagnostics, path, true);
}

const MAX_BULLETS = 20;

/** @param path the file that the comment stands at, which need not be named */
function bullets(diagnostics: readonly Diagnostic[], path: string, withRemedy: boolean): string {
  const told = new Set<string>();
  const lines = diagnostics.flatMap(({ code: id, message, remedy, location }) => {
    const { line: number } = location.start;
    const place = location.file === path ? `line ${number}` : code(redact(`${location.file}:${number}`));
    const line = `- ${codeLink(id)} ${prose(redact(capital(message)))} (${place})`;
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

/** A name keeps its case. */
function capital(text: string): string {
  if (/^[^\s.]+\.\S/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The comment that carries a suggestion. */
export function suggestionBody(
  item: ChangeItem,
  part: Part,
  block: string,
  wording: Pick<Wording, 'dialect' | 'filter'>,
): string {
  const isEmpty = /^`+suggestion[^\n]*\n`+$/.test(block);
  return paragraphs([
    changeHeadline(item),
    changeNotes(item),
    tidyingLine(item),
    lostBlock(part.lostComments),
    `${isEmpty ? 'Nothing takes the place of these lines. ' : ''}Press ${wording.dialect.button} to take it.`,
    block,
    frameOf(item, wording),
  ]);
}

/** The part that is not offered: a DestinationRule keeps the subsets that nothing names afterwards. */
function tidyingLine(item: ChangeItem): string {
  const left = tidyingParts(item);
  if (left.length === 0) return '';
  const files = [...new Set(left.map(({ file }) => code(redact(file.path))))];
  return `The subsets in ${list(files)} stay as they are; the route does not use them.`;
}

/** A change that is no suggestion, as a section of a larger comment. */
export function changeSection(item: ChangeItem, why: string, wording: Wording, budget: number): string {
  const offered = offeredParts(item);
  const changes = fileChanges(offered, wording.files);
  const head = paragraphs([
    changeHeadline(item),
    changeNotes(item),
    tidyingLine(item),
    lostBlock(offered.flatMap(({ lostComments }) => lostComments)),
    why === '' ? '' : `No button: ${why}. This makes the edit:`,
    why === '' ? '' : fenced([redact(wording.command(changes.map(({ file }) => file.path)))], 'sh'),
  ]);
  return paragraphs([head, patchBlock(offered, changes, budget - head.length)]);
}

/** Only a diff that `git apply` takes is worth showing. */
function patchBlock(offered: readonly Part[], changes: readonly FileChange[], budget: number): string {
  if (touchesSecret(offered)) return 'The diff is left out: the document holds a Secret, too.';
  const patch = patchOf(changes);
  if (patch === undefined) return 'The diff is left out: a part of it looks like a credential.';
  // A page that shows a comment turns carriage returns into line breaks, and so does a copy of it.
  if (patch.includes('\r')) return '';
  const lines = patch.trimEnd().split('\n');
  const block = folded(`Show the diff (${formatNumber(lines.length)} lines)`, fenced(lines, 'diff'));
  return block.length <= budget
    ? block
    : `The diff is too long to be shown here (${formatNumber(lines.length)} lines).`;
}

function lostBlock(comments: readonly string[]): string {
  if (comments.length === 0) return '';
  const lines = comments.flatMap(comment => redact(comment).split('\n'));
  return folded('Comments that go with the fields they stand at', fenced(lines, 'yaml'));
}

/** Text without an offer, as a section of a comment: why something cannot be converted, or what fails. */
export function heldSection(item: Exclude<Item, ChangeItem>): string {
  const names = list(item.objects.map(name => code(redact(name))));
  switch (item.kind) {
    case 'problem':
      return paragraphs(['This file is not converted, or not as a whole.', reasons(item)]);
    case 'held-back':
      return paragraphs([`${names} cannot be converted yet and stays as it is.`, reasons(item)]);
    case 'failing':
      return paragraphs([
        `No route is offered for ${names}: requests to it fail as it is, and would go on failing.`,
        reasons(item),
      ]);
    case 'loss':
      return lossSection(item);
  }
}

function lossSection({ loss }: LossItem): string {
  const { part, owner, users } = loss;
  const object = code(redact(nameOf(owner)));
  const what = part === '' ? object : `${part.replace(/\S+$/, name => code(redact(name)))} of ${object}`;
  const names = list(users.map(user => code(redact(nameOf(user)))));
  const uses = users.length === 1 ? 'uses' : 'use';
  return `**This pull request removes ${what}, which ${names} ${uses}.** ${lossEffect(loss)} Restore it, or change ${names} first.`;
}

/** Envoy answers 503 where there is no cluster; a gateway without a server for a host answers 404. */
function lossEffect({ owner }: LossItem['loss']): string {
  return owner.kind === 'Gateway'
    ? 'Requests that come in by it will return 404.'
    : 'Requests that go there will return 503.';
}

function nameOf({ kind, namespace, name }: LossItem['loss']['owner']): string {
  return `${kind} ${namespace}/${name}`;
}

/** One line without markup, for annotations and lists. */
export function plainLine(item: Item): string {
  switch (item.kind) {
    case 'change': {
      const what = subjectsOf(item.change.resources);
      const outputs = outputNames(item.change.resources);
      const one = what.length === 1;
      const into = outputs.length === 0 ? '' : ` ${list(outputs)}`;
      const verb = outputs.length === 0 ? (one ? 'converts' : 'convert') : one ? 'becomes' : 'become';
      return redact(`${list(namesOf(what))} ${verb}${into}`);
    }
    case 'held-back': {
      const [name = ''] = namesOf([item.resource]);
      return redact(`${name} cannot be converted: ${saidBy(item)}`);
    }
    case 'failing':
      return redact(`${list(item.objects)}: requests fail today: ${saidBy(item)}`);
    case 'loss': {
      const { part, owner, users } = item.loss;
      const what = part === '' ? nameOf(owner) : `${part} of ${nameOf(owner)}`;
      return redact(
        `removes ${what}, which ${list(users.map(nameOf))} ${users.length === 1 ? 'uses' : 'use'}: restore it`,
      );
    }
    case 'problem':
      return redact(item.diagnostics.map(({ code, message }) => `${message} [${code}]`).join('; '));
  }
}

function saidBy({ diagnostics }: Item): string {
  return [...new Set(diagnostics.map(({ code, message }) => `${message} [${code}]`))].join('; ');
}

const MOST_NAMES = 12;

/** @returns names in a sentence, the many shortened */
export function list(names: readonly string[]): string {
  const shown = names.length > MOST_NAMES + 1 ? names.slice(0, MOST_NAMES) : names;
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${formatNumber(rest)} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
