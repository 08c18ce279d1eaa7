import { describeAspect, describeOutcome } from '../semantics/describe.ts';
import { describePods } from '../semantics/describe-both.ts';
import { failingShare } from '../semantics/effect.ts';
import type { Aspect, ChosenDestination, Outcome } from '../semantics/outcome.ts';

/** A part of an outcome in words, and whether the other outcome has none like it. */
export interface OutcomePart {
  readonly text: string;
  readonly isChanged: boolean;
}

/**
 * Puts two outcomes in the few words that tell them apart: `v1 90 %, v2 10 %`, `timeout 3000 ms`, `gets 404, because no rule
 * matches it`.
 *
 * @param aspects what they differ in
 */
export function outcomeParts(
  before: Outcome,
  after: Outcome,
  aspects: readonly Aspect[],
): readonly [readonly OutcomePart[], readonly OutcomePart[]] {
  const short = [wordsOf(before, aspects, after, false), wordsOf(after, aspects, before, false)] as const;
  const texts =
    short[0].join() === short[1].join()
      ? ([wordsOf(before, aspects, after, true), wordsOf(after, aspects, before, true)] as const)
      : short;
  const plain = [withoutBraces(texts[0], texts[1]), withoutBraces(texts[1], texts[0])] as const;
  return [marked(plain[0], plain[1]), marked(plain[1], plain[0])];
}

/** `trafficPolicy {"connectionPool":{"http":{"maxRetries":1}}}` */
const settings = /^(\w+) (\{[\s\S]*\})$/;

/** Puts settings as `connectionPool.http.maxRetries 1`, and of them those that the other side does not have alike. */
function withoutBraces(texts: readonly string[], others: readonly string[]): readonly string[] {
  return texts.flatMap(text => {
    const [, name = '', json = ''] = settings.exec(text) ?? [];
    const own = leavesOf(parsed(json));
    const other = others.map(one => settings.exec(one)).find(found => found?.[1] === name);
    if (name === '' || own === undefined) return [text];
    const theirs = leavesOf(parsed(other?.[2] ?? '{}')) ?? [];
    const shown = own.filter(leaf => !theirs.includes(leaf));
    if (shown.length > 0) return shown.map(leaf => `${name} ${leaf}`);
    return [own.length === 0 ? `no ${name}` : `${name} without these`];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** @returns undefined for what is no object */
function leavesOf(value: unknown, path = ''): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return path === '' ? undefined : [`${path} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  return Object.entries(value).flatMap(
    ([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`) ?? [],
  );
}

function marked(texts: readonly string[], others: readonly string[]): readonly OutcomePart[] {
  return texts.map(text => ({ text, isChanged: !others.includes(text) }));
}

function wordsOf(
  outcome: Outcome,
  aspects: readonly Aspect[],
  other: Outcome,
  inFull: boolean,
): readonly string[] {
  if (outcome.kind !== 'forward') return [describeOutcome(outcome, aspects)];
  const goesElsewhere = aspects.some(aspect => aspect === 'kind' || aspect === 'destinations');
  // A request that reaches no backend has no timeout or headers to name.
  if (goesElsewhere && failingShare(outcome) === 1)
    return destinationsIn(outcome.destinations, other, inFull);
  const destinations = goesElsewhere ? destinationsIn(outcome.destinations, other, inFull) : [];
  const path = aspects.includes('path') ? [`path ${outcome.path}`] : [];
  const others = aspects.flatMap(aspect => describeAspect(outcome, aspect));
  const words = [...destinations, ...path, ...new Set(others)];
  return words.length === 0 ? [describeOutcome(outcome, aspects)] : words;
}

function destinationsIn(
  destinations: readonly ChosenDestination[],
  other: Outcome,
  inFull: boolean,
): readonly string[] {
  const others = other.kind === 'forward' ? other.destinations : [];
  const labels = [...destinations, ...others].map(({ label }) => label);
  const shared = inFull ? '' : sharedHost(labels);
  const named = destinations.map(destination => {
    const { label, weight, total, backend } = destination;
    const name = inFull ? `${label}; ${describePods(backend)}` : withoutHost(label, shared);
    const share = inFull ? `${weight} of ${total}` : percent(weight, total);
    return weight === total ? name : `${name} ${share}`;
  });
  return named.length === 0 ? ['no destination'] : named;
}

/** The text that all destinations share up to the labels of their pods: `cart.shop:8080, `. */
function sharedHost(labels: readonly string[]): string {
  const hosts = new Set(labels.map(label => label.split(', ')[0] ?? label));
  const [host = ''] = hosts;
  return hosts.size === 1 && labels.length > 1 && labels.some(label => label !== host) ? host : '';
}

/** A label that is called version is understood by its value alone. */
function withoutHost(label: string, host: string): string {
  if (host === '' || !label.startsWith(`${host}, `)) return label;
  const labels = label.slice(host.length + 2);
  return /^version=[^,]+$/.test(labels) ? labels.slice('version='.length) : labels;
}

function percent(part: number, whole: number): string {
  return `${Math.round((1000 * part) / whole) / 10} %`;
}
