import { withoutPlaceholders } from '../3-link/host.ts';
import type { Effort } from '../budget.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { areDisjoint, languageOf } from '../semantics/regex/language.ts';
import { quoteMeta } from '../semantics/regex/quote.ts';
import { literalPrefixOf, shapeOfRegex } from '../semantics/regex/shape.ts';
import { type EntryContext, isPortable } from './context.ts';
import { everyPath, type PathCondition } from './entry.ts';
import { expressionOf, isPlainPathValue, maxPathLength } from './path-sets.ts';

/** A path condition, and how far it differs from the one that was written. */
export interface TranslatedUri {
  readonly path: PathCondition;
  /** The paths that only one of the two takes, where there are such. */
  readonly deviation: UriDeviation | undefined;
}

export interface UriDeviation {
  readonly code: 'prefix-by-segment' | 'prefix-without-slash';
  readonly prefix: string;
  readonly takes: (path: string) => boolean;
}

/**
 * Writes a `uri` as a path condition.
 *
 * @param asSegments whether a string prefix may become a PathPrefix, as `--prefix path` and every replaced prefix ask
 * @returns undefined, after a report, for what matches no path or has no form
 */
export function translateUri(
  context: EntryContext,
  uri: istio.StringMatch | undefined,
  ignoreCase: boolean,
  asSegments: boolean,
  place: Place,
): TranslatedUri | undefined {
  if (uri === undefined || (uri.exact === undefined && uri.prefix === undefined && uri.regex === undefined))
    return exactly(everyPath);
  if (uri.regex !== undefined) return translateRegex(context, uri.regex, place);
  const value = uri.exact ?? uri.prefix ?? '';
  if (uri.prefix === '' || uri.prefix === '/') return exactly(everyPath);
  const filledIn = withoutPlaceholders(value);
  if (filledIn !== value && !filledIn.startsWith('/')) {
    context.report('path-placeholder', place, { value });
    return undefined;
  }
  if (!filledIn.startsWith('/') || filledIn.includes('?') || filledIn.includes('#')) {
    context.report('path-never-matches', place, { value });
    return undefined;
  }
  if (ignoreCase && /\p{L}/u.test(value))
    return translateCaseless(context, value, uri.exact === undefined, place);
  if (uri.exact !== undefined) return written(context, { kind: 'exact', value }, place);
  return translatePrefix(context, value, asSegments, place);
}

function exactly(path: PathCondition): TranslatedUri {
  return { path, deviation: undefined };
}

/** Checks what only a regular expression can say: its length, and whether regular expressions may be used. */
function written(context: EntryContext, path: PathCondition, place: Place): TranslatedUri | undefined {
  const plain = (path.kind === 'exact' || path.kind === 'segments') && isPlainPathValue(path.value);
  if (plain) return exactly(path);
  if (isPortable(context)) {
    context.report('not-portable', place, { feature: 'the regular expression that this path needs' });
    return undefined;
  }
  if (path.kind !== 'regex' && withoutPlaceholders(path.value) !== path.value) {
    context.report('path-placeholder', place, { value: path.value });
    return undefined;
  }
  const source = expressionOf(path);
  if (source.length > maxPathLength) {
    context.report('value-too-long', place, { limit: maxPathLength });
    return undefined;
  }
  // The result of --prefix string is no news; a path without a plain form is.
  if (path.kind !== 'regex' && !isPlainPathValue(path.value))
    context.report('path-as-regex', place, { value: path.value, source });
  return exactly(path);
}

/**
 * A string prefix takes `/foobar` too, and a PathPrefix drops a slash at its end.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#pathmatchtype
 */
function translatePrefix(
  context: EntryContext,
  prefix: string,
  asSegments: boolean,
  place: Place,
): TranslatedUri | undefined {
  if (!asSegments || !isPlainPathValue(prefix))
    return written(context, { kind: 'prefix', value: prefix }, place);
  if (prefix.endsWith('/')) {
    const value = prefix.slice(0, -1);
    const path: PathCondition = { kind: 'segments', value, prefix };
    return {
      path,
      deviation: { code: 'prefix-without-slash', prefix, takes: candidate => candidate === value },
    };
  }
  return {
    path: { kind: 'segments', value: prefix, prefix },
    deviation: {
      code: 'prefix-by-segment',
      prefix,
      takes: candidate =>
        candidate.startsWith(prefix) && candidate !== prefix && candidate[prefix.length] !== '/',
    },
  };
}

function translateCaseless(
  context: EntryContext,
  value: string,
  isPrefix: boolean,
  place: Place,
): TranslatedUri | undefined {
  const source = `(?i)${quoteMeta(value)}${isPrefix ? '.*' : ''}`;
  const translated = written(context, { kind: 'regex', source }, place);
  if (translated !== undefined) context.report('ignore-uri-case', place, { source });
  return translated;
}

/** Expressions that are a plain path or whole segments in disguise are written as such. */
function translateRegex(context: EntryContext, source: string, place: Place): TranslatedUri | undefined {
  const shape = shapeOfRegex(source);
  if (shape.kind === 'prefix' && (shape.value === '' || shape.value === '/'))
    return exactly({ ...everyPath, expression: true });
  if (shape.kind === 'exact' && !shape.value.startsWith('/')) {
    context.report('path-never-matches', place, { value: source });
    return undefined;
  }
  if (shape.kind === 'exact' && isPlainPathValue(shape.value))
    return exactly({ kind: 'exact', value: shape.value });
  const segments = segmentsOf(source, context.facts.budget.uncounted);
  if (segments !== undefined) return exactly(segments);
  const translated = written(context, { kind: 'regex', source }, place);
  if (translated !== undefined) context.report('regex-match', place, { field: 'the path', source });
  return translated;
}

/** @returns the PathPrefix that takes exactly the paths of an expression, if there is one */
function segmentsOf(source: string, effort: Effort): PathCondition | undefined {
  const value = literalPrefixOf(source).replace(/\/$/, '');
  if (value === '' || !isPlainPathValue(value)) return undefined;
  const path: PathCondition = { kind: 'segments', value };
  const isSame = effort.once(`segments ${source}`, spent => {
    const [own, wanted] = [languageOf(source, spent), languageOf(expressionOf(path), spent)];
    if (own === undefined || wanted === undefined) return false;
    return areDisjoint([own], [wanted], spent) === true && areDisjoint([wanted], [own], spent) === true;
  });
  return isSame ? path : undefined;
}
