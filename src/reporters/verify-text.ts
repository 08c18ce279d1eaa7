import type { Decided } from '../deciding-rule.ts';
import type { Palette } from '../print/palette.ts';
import { count, formatNumber } from '../print/summary.ts';
import { visible } from '../print/visible.ts';
import type { ConnectionCause } from '../verify/connections.ts';
import type { Cause, Verification } from '../verify/verify.ts';
import { describeRule } from './rule-lines.ts';
import { verificationNotes } from './verify-notes.ts';

/** The differences of two sets of manifests, for people: each cause with a request that shows it. */
export function verificationText(verification: Verification, palette: Palette): string {
  const { causes, connectionCauses, vantages, sampled } = verification;
  const lines = [
    ...causes.map(cause => causeLines(cause, palette)),
    ...connectionCauses.map(cause => connectionLines(cause, palette)),
  ].flatMap(([title = '', ...rest], index) => [palette.strong(`${index + 1}. ${title}`), ...rest, '']);
  const notes = verificationNotes(verification);
  const said = [
    ...notes.addresses.map(text => palette.warning(`another address: `) + text),
    ...notes.proxies.map(text => palette.warning(`another proxy: `) + text),
    ...notes.missing.map(text => palette.warning(`missing: `) + text),
    ...notes.unread.map(text => palette.warning(`not read: `) + text),
    ...notes.added.map(text => palette.faint(`new: `) + text),
    ...notes.assumed.map(text => palette.faint(`assumed: `) + text),
  ];
  const tried = `${amount(verification.requests, verification.connections)} from ${count(vantages.length, 'place')}`;
  const sample = sampled ? ' There were too many combinations to try each one; these are a sample.' : '';
  const end =
    lines.length === 0 ? sameLine(verification, tried, palette) : differentLine(verification, tried, palette);
  return [...lines, `${end}${sample}`, ...said].map(line => `${line}\n`).join('');
}

function sameLine(verification: Verification, tried: string, palette: Palette): string {
  const { requests, connections, faults, unread } = verification;
  const alike = `${tried} ${requests + connections === 1 ? 'is' : 'are'} treated alike`;
  const lost = new Set(verification.addresses.flatMap(({ hosts, lacks }) => (lacks.length > 0 ? hosts : [])));
  if (lost.size > 0)
    return `${palette.error('different')}: ${alike}, but ${count(lost.size, 'host')} will not have all ports at one address.${faults.length + unread.length === 0 ? '' : ` Besides, ${openness(verification)}`}`;
  return faults.length + unread.length === 0
    ? `${palette.good('same')}: ${alike}.`
    : `${palette.error('open')}: ${alike}, but ${openness(verification)}`;
}

/** An object that is refused may not be there at all, or as it was before. */
function openness({ faults, unread }: Verification): string {
  const texts =
    unread.length === 0
      ? []
      : [`${count(unread.length, 'text')} that ${unread.length === 1 ? 'was' : 'were'} not read`];
  const errors = faults.length === 0 ? [] : [count(faults.length, 'error')];
  const open = [...errors, ...texts];
  return `${open.join(' and ')} on one side ${faults.length + unread.length === 1 ? 'leaves' : 'leave'} open what runs there.`;
}

function differentLine(verification: Verification, tried: string, palette: Palette): string {
  const { causes, connectionCauses, faults, unread } = verification;
  const differing =
    causes.reduce((sum, cause) => sum + cause.requests, 0) +
    connectionCauses.reduce((sum, cause) => sum + cause.connections, 0);
  const reasons = count(causes.length + connectionCauses.length, 'reason');
  return `${palette.error('different')}: ${formatNumber(differing)} of ${tried}, for ${reasons}.${faults.length + unread.length === 0 ? '' : ` Besides, ${openness(verification)}`}`;
}

/** Where there are no connections nothing is said of them. */
function amount(requests: number, connections: number): string {
  if (connections === 0) return count(requests, 'request');
  const opened = count(connections, 'connection');
  return requests === 0 ? opened : `${count(requests, 'request')} and ${opened}`;
}

function causeLines({ summary, requests, vantages, example }: Cause, palette: Palette): readonly string[] {
  return exampleLines(summary, count(requests, 'request'), vantages, example.curl, example, palette);
}

function connectionLines(
  { summary, connections, vantages, example }: ConnectionCause,
  palette: Palette,
): readonly string[] {
  return exampleLines(summary, count(connections, 'connection'), vantages, example.command, example, palette);
}

function exampleLines(
  summary: string,
  counted: string,
  vantages: readonly string[],
  command: string,
  { before, after }: { readonly before: Decided; readonly after: Decided },
  palette: Palette,
): readonly string[] {
  const seen = vantages.length > 3 ? [...vantages.slice(0, 3), `${vantages.length - 3} more`] : vantages;
  return [
    visible(summary),
    `   ${palette.faint(`${counted}, seen from ${visible(seen.join(', '))}; for example`)}`,
    `   ${visible(command)}`,
    ...sideLines('before', before, palette),
    ...sideLines('after', after, palette),
  ];
}

function sideLines(name: string, { outcome, rule }: Decided, palette: Palette): readonly string[] {
  const label = `${name}:`.padEnd('before:'.length);
  return [
    `   ${palette.faint(label)} ${visible(outcome)}`,
    `           ${palette.faint('by')} ${describeRule(rule, palette)}`,
  ];
}
