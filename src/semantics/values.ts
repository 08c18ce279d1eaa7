import { withoutPlaceholders } from '../3-link/host.ts';
import { type Effort, free } from '../budget.ts';
import type { Match } from './match.ts';
import { matchesPath, type PathMatcher } from './path-matcher.ts';
import { regionsOf, type StringSet } from './regex/regions.ts';
import { shapeOfRegex } from './regex/shape.ts';
import type { Dimension } from './request.ts';
import { matchesString, type StringMatcher } from './string-matcher.ts';

/** The values of one dimension that are enough to tell all matchers apart. */
export interface Values {
  readonly values: readonly (string | null)[];
  /** Whether every combination of matchers that some value satisfies has a value here. */
  readonly complete: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what cannot be sent.
const legalValue = /^[^\x00-\x1f\x7f]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: nor can a space, and a query or a fragment is no part of a path.
const legalPath = /^\/[^\x00-\x20?#\x7f]*$/;

/**
 * The values of a header, a query parameter or a pseudo-header that the matchers can tell apart.
 *
 * @param canBeAbsent whether a request may lack it
 * @param isInverted whether some condition asks for a value that a matcher does not take
 */
export function valuesOfDimension(
  dimension: Dimension,
  matchers: readonly StringMatcher[],
  canBeAbsent: boolean,
  isInverted: boolean,
  effort: Effort = free,
): Values {
  const sets = matchers.flatMap(matcher => (matcher.kind === 'present' ? [] : [simplify(matcher)]));
  // Redirects keep it, so that both count whether some rule asks for it or not.
  if (dimension === 'scheme') return { values: ['http', 'https'], complete: true };
  const usual = dimension === 'method' ? methods : [];
  const universe = canBeAbsent ? '[ -~]*' : '[ -~]+';
  const { candidates, complete } = candidatesFor(sets, '', legalValue, universe, effort);
  const { signatureOf, ofNone } = valueSignature(matchers);
  effort.spend(candidates.length * matchers.filter(({ kind }) => kind === 'regex').length);
  const possible = canBeAbsent ? candidates : candidates.filter(value => value !== '');
  const values = distinct([...usual, ...possible], signatureOf);
  if (!canBeAbsent) return { values, complete };
  // A value that no matcher takes is like none at all; inverted conditions and presence tell the two apart.
  const others =
    isInverted || matchers.some(({ kind }) => kind === 'present')
      ? values
      : values.filter(value => signatureOf(value) !== ofNone);
  return { values: [null, ...others], complete };
}

/** Which matchers take a value, and what that is where none does; exact values and prefixes are looked up. */
function valueSignature(matchers: readonly StringMatcher[]): {
  readonly signatureOf: (value: string) => string;
  readonly ofNone: string;
} {
  const exact = new Map<string, number>();
  const prefix = new Map<string, number>();
  const others: StringMatcher[] = [];
  for (const matcher of matchers) {
    if (matcher.kind === 'exact') exact.set(matcher.value, exact.get(matcher.value) ?? exact.size);
    else if (matcher.kind === 'prefix') prefix.set(matcher.value, prefix.get(matcher.value) ?? prefix.size);
    else if (matcher.kind === 'regex') others.push(matcher);
  }
  const lengths = [...new Set([...prefix.keys()].map(({ length }) => length))].sort((a, b) => a - b);
  const signatureOf = (value: string): string => {
    let signature = `${exact.get(value) ?? ''}`;
    for (const length of lengths) {
      const found = length > value.length ? undefined : prefix.get(value.slice(0, length));
      if (found !== undefined) signature += ` ${found}`;
    }
    signature += ' ';
    for (const matcher of others) signature += matchesString(matcher, value) ? '1' : '0';
    return signature;
  };
  return { signatureOf, ofNone: ` ${'0'.repeat(others.length)}` };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PURGE'];

/** The paths that the matchers can tell apart, and that differ in what follows the prefixes that are rewritten. */
export function valuesOfPath(
  matches: readonly Match[],
  rewritten: readonly string[],
  effort: Effort = free,
): Values {
  const matchers = matches.map(({ path }) => path);
  const sets = [
    ...matchers.flatMap(setsOfPath),
    ...rewritten.map(value => ({ kind: 'prefix', value }) as const),
  ];
  const { candidates, complete } = candidatesFor(sets, '/', legalPath, '\\/[!"$->@-~]*', effort);
  const rests = rewritten.flatMap(prefix => {
    const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
    return [base, `${base}/`, `${base}/x`, `${base}//`, `${base}x`].filter(path => path.startsWith('/'));
  });
  const caseless = matchers.some(matcher => matcher.kind !== 'regex' && matcher.ignoreCase);
  const all = [...candidates, ...rests].flatMap(path => (caseless ? [path, path.toUpperCase()] : [path]));
  effort.spend(all.length * matchers.filter(({ kind }) => kind === 'regex').length);
  return { values: distinct([...new Set(all)], pathSignature(matchers, rewritten)), complete };
}

/**
 * Which matchers take a path, and what follows the prefixes that are rewritten. Hundreds of prefixes of one host are
 * looked up by the beginnings of the path, instead of each being tried.
 */
function pathSignature(
  matchers: readonly PathMatcher[],
  rewritten: readonly string[],
): (path: string) => string {
  const byKind = {
    exact: new Map<string, number>(),
    prefix: new Map<string, number>(),
    segments: new Map<string, number>(),
  };
  const others: PathMatcher[] = [];
  for (const matcher of matchers) {
    if (matcher.kind === 'regex' || matcher.ignoreCase) others.push(matcher);
    else if (!byKind[matcher.kind].has(matcher.value))
      byKind[matcher.kind].set(matcher.value, byKind[matcher.kind].size);
  }
  const prefixes = new Set(rewritten);
  const beginnings = [...byKind.prefix.keys(), ...byKind.segments.keys(), ...prefixes];
  const lengths = [...new Set(beginnings.map(({ length }) => length))].sort((a, b) => a - b);
  return path => {
    let signature = `${byKind.exact.get(path) ?? ''}`;
    for (const end of lengths) {
      if (end > path.length) break;
      const beginning = path.slice(0, end);
      const prefix = byKind.prefix.get(beginning);
      if (prefix !== undefined) signature += ` p${prefix}`;
      const segments = end === path.length || path[end] === '/' ? byKind.segments.get(beginning) : undefined;
      if (segments !== undefined) signature += ` s${segments}`;
      if (prefixes.has(beginning)) signature += ` ${beginning}>${restClass(path.slice(end))}`;
    }
    for (const matcher of others) signature += matchesPath(matcher, path) ? '1' : '0';
    return signature;
  };
}

/** The rest of a path after its prefix, as far as a rewrite distinguishes it. */
function restClass(rest: string): string {
  if (rest === '' || rest === '/') return rest;
  if (rest.startsWith('//')) return '//';
  return rest.startsWith('/') ? '/x' : 'x';
}

function setsOfPath(matcher: PathMatcher): readonly StringSet[] {
  switch (matcher.kind) {
    case 'exact':
      return [{ kind: 'exact', value: matcher.value }];
    case 'prefix':
      return [{ kind: 'prefix', value: matcher.value }];
    case 'segments':
      return [
        { kind: 'exact', value: matcher.value },
        { kind: 'prefix', value: `${matcher.value}/` },
      ];
    case 'regex':
      return [simplify(matcher)];
  }
}

function simplify(matcher: Exclude<StringMatcher, { readonly kind: 'present' }>): StringSet {
  if (matcher.kind !== 'regex') return matcher;
  const shape = shapeOfRegex(matcher.source);
  return shape.kind === 'other' ? { kind: 'regex', source: matcher.source } : shape;
}

/** Keeps one value for each signature: the first. */
function distinct(values: readonly string[], signature: (value: string) => string): readonly string[] {
  const seen = new Set<string>();
  return values.filter(value => {
    const key = signature(value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Strings at, just inside and just outside every set, and, where regular expressions are among them, one string in every
 * region that the sets cut the universe into.
 */
function candidatesFor(
  sets: readonly StringSet[],
  root: string,
  legal: RegExp,
  universe: string,
  effort: Effort,
): { readonly candidates: readonly string[]; readonly complete: boolean } {
  const words = [...new Set(sets.flatMap(set => (set.kind === 'regex' ? [] : [set.value])))];
  const sorted = words.toSorted();
  const inner = words.map(word => word + freshSuffix(word, sorted, 'bar'));
  const isLegal = (candidate: string) => legal.test(withoutPlaceholders(candidate));
  const outside = root + freshSuffix(root, sorted, 'other');
  const plain = [outside, ...words, ...inner, root].filter(isLegal);
  const expressions = sets.filter(set => set.kind === 'regex');
  if (expressions.length === 0) return { candidates: plain, complete: true };
  // A prefix of the root takes everything, and cuts nothing.
  const cutting = sets.filter(set => set.kind !== 'prefix' || !root.startsWith(set.value));
  const regions = regionsOf(cutting, universe, effort, isLegal(outside) ? outside : undefined);
  return { candidates: [...plain, ...regions.samples.filter(isLegal)], complete: regions.complete };
}

/**
 * The text that leads from a word out of everything the other words begin with; the wish, where nothing speaks against it.
 *
 * @param sorted the words by their text, so that those that begin alike stand together
 */
function freshSuffix(word: string, sorted: readonly string[], wish: string): string {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  const taken = new Set<string | undefined>();
  for (let at = low; sorted[at]?.startsWith(word) === true; at += 1) taken.add(sorted[at]?.[word.length]);
  if (!taken.has(wish[0])) return wish;
  return (
    [...'xyzabcdefghijklmnopqrstuvw0123456789_-~!$'].find(character => !taken.has(character)) ?? '\u{10ffff}'
  );
}
