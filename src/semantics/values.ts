import { withoutPlaceholders } from '../3-link/host.ts';
import type { Match } from './match.ts';
import { matchesPath, type PathMatcher } from './path-matcher.ts';
import { escapeLiteral } from './regex/language.ts';
import { regionsOf } from './regex/regions.ts';
import { shapeOfRegex } from './regex/shape.ts';
import type { Dimension } from './request.ts';
import { matchesString, type StringMatcher } from './string-matcher.ts';

/** The values of one dimension that are enough to tell all matchers apart. */
export interface Values {
  readonly values: readonly (string | null)[];
  /** Whether every combination of matchers that some value satisfies has a value here. */
  readonly complete: boolean;
}

/** A set of strings in a form that samples can be drawn for. */
type StringSet =
  | { readonly kind: 'exact' | 'prefix'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what cannot be sent.
const legalValue = /^[^\x00-\x1f\x7f]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: nor can a space, and a query or a fragment is no part of a path.
const legalPath = /^\/[^\x00-\x20?#\x7f]*$/;

/**
 * The values of a header, a query parameter or a pseudo-header that the matchers can tell apart.
 *
 * @param canBeAbsent whether a request may lack it
 */
export function valuesOfDimension(
  dimension: Dimension,
  matchers: readonly StringMatcher[],
  canBeAbsent: boolean,
): Values {
  const sets = matchers.flatMap(matcher => (matcher.kind === 'present' ? [] : [simplify(matcher)]));
  const usual = dimension === 'method' ? methods : dimension === 'scheme' ? ['http', 'https'] : [];
  const closed = dimension === 'scheme';
  const { candidates, complete } = closed
    ? { candidates: [], complete: true }
    : candidatesFor(sets, '', legalValue, '[ -~]*');
  const values = distinct([...usual, ...candidates], value => {
    let signature = '';
    for (const matcher of matchers) signature += matchesString(matcher, value) ? '1' : '0';
    return signature;
  });
  return { values: canBeAbsent ? [null, ...values] : values.filter(value => value !== ''), complete };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PURGE'];

/** The paths that the matchers can tell apart, and that differ in what follows the prefixes that are rewritten. */
export function valuesOfPath(matches: readonly Match[], rewritten: readonly string[]): Values {
  const matchers = matches.map(({ path }) => path);
  const sets = [
    ...matchers.flatMap(setsOfPath),
    ...rewritten.map(value => ({ kind: 'prefix', value }) as const),
  ];
  const { candidates, complete } = candidatesFor(sets, '/', legalPath, '\\/[!"$->@-~]*');
  const rests = rewritten.flatMap(prefix => {
    const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
    return [base, `${base}/`, `${base}/x`, `${base}//`, `${base}x`].filter(path => path.startsWith('/'));
  });
  const caseless = matchers.some(matcher => matcher.kind !== 'regex' && matcher.ignoreCase);
  const all = [...candidates, ...rests].flatMap(path => (caseless ? [path, path.toUpperCase()] : [path]));
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
  return path => {
    let signature = `${byKind.exact.get(path) ?? ''}`;
    for (let end = 0; end <= path.length; end += 1) {
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

/** What follows a prefix, as far as rewriting tells it apart. */
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
): { readonly candidates: readonly string[]; readonly complete: boolean } {
  const words = [...new Set(sets.flatMap(set => (set.kind === 'regex' ? [] : [set.value])))];
  const inner = words.map(word => word + freshSuffix(word, words, 'bar'));
  const isLegal = (candidate: string) => legal.test(withoutPlaceholders(candidate));
  const plain = [root + freshSuffix(root, words, 'other'), ...words, ...inner, root].filter(isLegal);
  const expressions = sets.filter(set => set.kind === 'regex');
  if (expressions.length === 0) return { candidates: plain, complete: true };
  const regions = regionsOf(sets.map(sourceOf), universe);
  return { candidates: [...plain, ...regions.samples.filter(isLegal)], complete: regions.complete };
}

/** What leads from a word out of everything the other words begin with; the wish, where nothing speaks against it. */
function freshSuffix(word: string, words: readonly string[], wish: string): string {
  const taken = new Set(words.filter(other => other.startsWith(word)).map(other => other[word.length]));
  if (!taken.has(wish[0])) return wish;
  return (
    [...'xyzabcdefghijklmnopqrstuvw0123456789_-~!$'].find(character => !taken.has(character)) ?? '\u{10ffff}'
  );
}

function sourceOf(set: StringSet): string {
  if (set.kind === 'regex') return set.source;
  return set.kind === 'exact' ? escapeLiteral(set.value) : `${escapeLiteral(set.value)}.*`;
}
