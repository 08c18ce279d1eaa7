import type { Cause, Decided, Verification } from '../verify.ts';
import type { Palette } from './palette.ts';
import { describeRule } from './rule-lines.ts';
import { formatNumber } from './summary.ts';
import { visible } from './visible.ts';

/** What two sets of manifests do differently, for people: each cause with a request that shows it. */
export function verificationText(verification: Verification, palette: Palette): string {
  const { causes, requests, vantages, sampled } = verification;
  const lines = causes.flatMap((cause, index) => [...causeLines(cause, index + 1, palette), '']);
  const differing = causes.reduce((sum, cause) => sum + cause.requests, 0);
  const tried = `${count(requests, 'request')} from ${count(vantages.length, 'place')}`;
  const sample = sampled ? ' There were too many combinations to try each one; these are a sample.' : '';
  const end =
    causes.length === 0
      ? `${palette.good('same')}: ${tried} are treated alike.`
      : `${palette.error('different')}: ${formatNumber(differing)} of ${tried}, for ${count(causes.length, 'reason')}.`;
  return [...lines, `${end}${sample}`].map(line => `${line}\n`).join('');
}

function causeLines(cause: Cause, number: number, palette: Palette): readonly string[] {
  const { summary, requests, vantages, example } = cause;
  const seen = vantages.length > 3 ? [...vantages.slice(0, 3), `${vantages.length - 3} more`] : vantages;
  return [
    palette.strong(`${number}. ${visible(summary)}`),
    `   ${palette.faint(`${count(requests, 'request')}, seen from ${visible(seen.join(', '))}; for example`)}`,
    `   ${visible(example.curl)}`,
    ...sideLines('before', example.before, palette),
    ...sideLines('after', example.after, palette),
  ];
}

function sideLines(name: string, { outcome, rule }: Decided, palette: Palette): readonly string[] {
  const label = `${name}:`.padEnd('before:'.length);
  return [
    `   ${palette.faint(label)} ${visible(outcome)}`,
    `           ${palette.faint('by')} ${describeRule(rule, palette)}`,
  ];
}

function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
