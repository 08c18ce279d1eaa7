import { groupBy } from '../3-link/group-by.ts';
import { shellWord } from '../diagnostics/shell-word.ts';
import { formatNumber } from '../print/summary.ts';
import type { OutcomePart } from '../review/outcome-parts.ts';
import type { Review, ReviewCause } from '../review/review.ts';
import { redact } from '../suggest/credentials.ts';
import { cell, code, fenced, folded, paragraphs, prose } from '../suggest/markdown.ts';
import { verificationNotes } from './verify-notes.ts';

/** How a forge calls what is reviewed, and how to be rid of the comment. */
export interface ReviewFrame {
  readonly request: 'pull request' | 'merge request';
  readonly maxBody: number;
}

const page = 'https://github.com/vs2route/vs2route/blob/main/docs/pull-request-bot.md';

/** @returns whether there is anything to say on a pull request */
export function hasNews({ verdict, causes, idle, verification }: Review): boolean {
  return verdict !== 'same' || causes.length + idle.length > 0 || verification.missing.some(isNew);
}

function isNew({ sides }: Review['verification']['missing'][number]): boolean {
  return sides.length === 1 && sides[0] === 'after';
}

/** The changes of a pull request for requests, as a comment. */
export function reviewMarkdown(review: Review, frame: ReviewFrame): string {
  const text = (most: number): string =>
    paragraphs([
      headline(review, frame),
      ...addressLines(review),
      lostLine(review),
      ...removalLines(review),
      ...missingLines(review),
      ...idleLines(review),
      ...review.causes.slice(0, most).map(cause => causeBlock(cause, review)),
      moreLine(review, most),
      ...moveLines(review),
      restLine(review),
      hasNews(review) ? frameLine(frame, review) : '',
    ]);
  return (
    [10, 5, 2, 1, 0].map(text).find(body => body.length <= frame.maxBody) ?? text(0).slice(0, frame.maxBody)
  );
}

/** The first line: how many causes, compared with which commit. */
export function headline(review: Review, { request }: Pick<ReviewFrame, 'request'>): string {
  const { base, environments, checked } = review;
  const number = review.causes.length + review.more + review.verification.addresses.length;
  const where = environments.length === 0 ? '' : `${listed(environments)}, `;
  return `**Routing changes in this ${request}**: ${number === 0 ? 'none' : formatNumber(number)} (compared with ${code(base.name)} at ${base.commit.slice(0, 7)}; ${where}${formatNumber(checked)} ${checked === 1 ? 'request' : 'requests'} checked)`;
}

function listed(names: readonly string[]): string {
  const shown = names.length > 6 ? [...names.slice(0, 6), `${names.length - 6} more`] : names;
  return shown.length < 2
    ? shown.map(prose).join('')
    : `${shown.slice(0, -1).map(prose).join(', ')} and ${prose(shown.at(-1) ?? '')}`;
}

function addressLines({ verification }: Review): readonly string[] {
  return verification.addresses.map(
    ({ hosts, before, after, lacks }) =>
      `**Another address**: ${hosts.slice(0, 5).map(code).join(', ')}${hosts.length > 5 ? ` and ${hosts.length - 5} more` : ''} ${hosts.length === 1 ? 'moves' : 'move'} from ${prose(before)} to ${prose(after)}${lacks.length === 0 ? '' : `, which does not have port ${lacks.join(', ')} for ${hosts.length === 1 ? 'it' : 'them'}`}. Clients that keep the old address do not get there. Point DNS and load balancers to the new one, or keep the running pods: name their Service in ${code('spec.addresses')} of the Gateway.`,
  );
}

function lostLine({ lost, checked }: Review): string {
  if (lost === 0) return '';
  return `**${formatNumber(lost)} of ${formatNumber(checked)} requests ${lost === 1 ? 'loses its destination' : 'lose their destination'}.**`;
}

/** Objects that the pull request removes and that are still in use, with the advice to restore them. */
function removalLines({ removals }: Review): readonly string[] {
  return removals.slice(0, 10).map(({ part, owner, users }) => {
    const object = code(nameOf(owner));
    const what = part === '' ? object : `${prose(part)} of ${object}`;
    const names = users.slice(0, 5).map(user => code(nameOf(user)));
    const rest = users.length > 5 ? ` and ${users.length - 5} more` : '';
    return `This removes ${what}, which ${names.join(', ')}${rest} ${users.length === 1 ? 'uses' : 'use'}. Restore it, or change ${users.length === 1 ? 'the VirtualService' : 'these'} first.`;
  });
}

function nameOf({
  kind,
  namespace,
  name,
}: Pick<Review['removals'][number]['owner'], 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

/** Services and Gateways that are in no manifest, of those that the head names, by the object that names them. */
function missingLines({ verification, moves, base, removals }: Review): readonly string[] {
  const removed = new Set(removals.map(({ owner }) => nameOf(owner)));
  const missing = verification.missing.filter(one => isNew(one) && !removed.has(nameOf(one)));
  const groups = groupBy(missing, ({ kind, group, namedBy }) =>
    JSON.stringify([kind, group, namedBy.kind, namedBy.namespace, namedBy.name]),
  );
  return [...groups.values()].slice(0, 10).flatMap(group => {
    const [first] = group;
    if (first === undefined) return [];
    const { kind, namedBy } = first;
    const label = kind === 'Gateway' && first.group === 'networking.istio.io' ? 'Istio Gateway' : kind;
    const one = group.length === 1;
    const names = group.slice(0, 8).map(({ namespace, name }) => code(`${namespace}/${name}`));
    const rest = group.length > 8 ? ` and ${group.length - 8} more` : '';
    const place =
      namedBy.location === undefined
        ? ''
        : ` (${placeCode(namedBy.location.file, namedBy.location.start.line)})`;
    const namer = code(`${namedBy.kind} ${namedBy.namespace}/${namedBy.name}`);
    const them = one ? 'it' : 'them';
    const fate = kind === 'Service' ? `requests to ${them} fail` : `nothing is attached to ${them}`;
    const move = moves.find(({ after }) => after === `${namedBy.kind} ${namedBy.name}`);
    const command =
      move === undefined || kind !== 'Service'
        ? ''
        : `; ${code(`vs2route convert ${shellWord(move.file)}`)} on ${code(base.name)} writes ${them}`;
    const near = one && move === undefined ? first.near : undefined;
    const remedy =
      near === undefined
        ? `Add ${them}${command}.`
        : `Write ${code(near)} if that is meant, which is there, or add the Service.`;
    return [
      `${label}${one ? '' : 's'} ${names.join(', ')}${rest} ${one ? 'is' : 'are'} in no manifest, and ${namer} names ${them}${place}: ${fate}. ${remedy}`,
    ];
  });
}

/** Half of a migration: what is added does nothing as long as what it is to replace is there. */
function idleLines({ idle }: Review): readonly string[] {
  return idle.slice(0, 10).map(({ object, by, host, place }) => {
    const where = place === undefined ? '' : ` (${placeCode(place.file, place.line)})`;
    const [own, other] = [code(nameOf(object)), code(nameOf(by))];
    const both = `${own}${where} and ${other} are both for ${code(host.replace('.svc.cluster.local', ''))}`;
    return object.kind === 'VirtualService'
      ? `${both}: sidecars apply only the older one, which is there already. Put the rules into ${other}, or delete that one.`
      : `${both}: clients in namespace ${prose(object.namespace)} get the route, all others the VirtualService, which is older. Delete ${other} to finish the migration, or remove the route.`;
  });
}

function placeCode(file: string, line: number): string {
  return code(`${file}:${line}`);
}

function causeBlock(cause: ReviewCause, { environments }: Review): string {
  const named =
    environments.length > 1 && cause.rows.some(row => row.environments.length < environments.length);
  const rows = cause.rows.map(row => {
    const where = named && row.environments.length > 0 ? ` (${row.environments.map(prose).join(', ')})` : '';
    const from = row.from.length === 0 ? '' : ` from ${row.from.map(prose).join(', ')}`;
    const cells = [
      requestsCell(row.requests) + from + where,
      partsCell(row.before, false),
      partsCell(row.after, true),
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  const table = ['| requests | before | after |', '|---|---|---|', ...rows].join('\n');
  const by =
    cause.place === undefined
      ? ''
      : `Caused by ${placeCode(cause.place.file, cause.place.line)}${cause.object === undefined ? '' : ` (${code(cause.object)})`}.`;
  return paragraphs([
    table,
    by,
    cause.command === '' ? '' : folded('Try it', fenced([redact(cause.command)], 'sh')),
  ]);
}

function requestsCell(text: string): string {
  const [, start = '', rest = ''] =
    /^(all to |all others to |connections to |)([\s\S]*)$/.exec(redact(text)) ?? [];
  return `${start}${code(rest)}`;
}

function partsCell(parts: readonly OutcomePart[], isBold: boolean): string {
  return parts
    .map(({ text, isChanged }) => {
      const words = prose(redact(text.replaceAll('.svc.cluster.local', '')));
      return isBold && isChanged ? `**${words}**` : words;
    })
    .join(', ');
}

function moreLine({ causes, more }: Review, most: number): string {
  const left = more + Math.max(0, causes.length - most);
  return left === 0 ? '' : `And ${formatNumber(left)} more ${left === 1 ? 'cause' : 'causes'}.`;
}

/** Migrations by hand, where nothing is lost by them. */
function moveLines({ moves, checked, causes, verification }: Review): readonly string[] {
  if (causes.length > 0 || verification.missing.some(isNew)) return [];
  return moves
    .slice(0, 10)
    .map(
      ({ before, after }) =>
        `${code(before)} becomes ${code(after)}: ${formatNumber(checked)} requests checked, all the same.`,
    );
}

function restLine({ unread, verification, causes }: Review): string {
  const { added, assumed } = verificationNotes(verification);
  const differing = unread.filter(({ differs }) => differs);
  const others = unread.filter(({ differs }) => !differs);
  const named = [...differing, ...others]
    .slice(0, 5)
    .map(({ path, reason }) => `${code(path)} (${reasonOf(reason)})`);
  const rest = unread.length > 5 ? ` and ${unread.length - 5} more` : '';
  return [
    causes.length === 0 ? '' : 'Everything else goes where it went.',
    verification.asked === undefined
      ? ''
      : 'Checked are the hosts of the VirtualServices that differ; nothing else differs that requests depend on.',
    ...added.map(prose),
    unread.length === 0 ? '' : `Not read: ${named.join(', ')}${rest}.`,
    ...assumed.map(text => prose(text.replace(/ Show (it|them) with --with\.$/, ''))),
  ]
    .filter(text => text !== '')
    .join(' ');
}

function reasonOf(reason: string): string {
  const words: Readonly<Record<string, string>> = {
    kustomization: 'not built',
    unlisted: 'in no kustomization',
    broken: 'does not parse',
  };
  return words[reason] ?? prose(reason);
}

function frameLine({ request }: ReviewFrame, { verdict }: Review): string {
  const safe =
    verdict === 'lost'
      ? 'Do not ignore it: requests fail after the merge.'
      : 'Safe to ignore when these changes are meant.';
  return `<sub>vs2route compares where requests go before and after this ${request}. ${safe} No more of this here: comment <code>/vs2route off</code>. <a href="${page}">About this comment</a></sub>`;
}
