import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { changePath } from '../semantics/action.ts';
import type { Request } from '../semantics/request.ts';
import { breaksPromise, type EntryContext, entryPlace, isPortable } from './context.ts';
import { type PathChange, type PathCondition, unchanged } from './entry.ts';
import { isPlainPathValue, takesPath } from './path-sets.ts';

/**
 * The change of the path of requests that one match takes: the rewrite or the redirect of the entry, applied to what
 * the match takes as its prefix.
 *
 * @param prefix the prefix as it was written, undefined for exact paths and expressions
 * @returns undefined, after a report, where there is no form
 */
export function translatePathChange(
  context: EntryContext,
  http: istio.HTTPRoute,
  path: PathCondition,
  prefix: string | undefined,
  place: Place,
): PathChange | undefined {
  if (http.redirect !== undefined) return translateRedirectPath(context, http.redirect, path, prefix, place);
  if (http.rewrite?.uriRegexRewrite !== undefined)
    return translateRegexRewrite(context, http.rewrite.uriRegexRewrite, path, prefix);
  const uri = http.rewrite?.uri;
  // A prefix that is replaced by itself needs no filter.
  if (!uri || uri === (prefix ?? (path.kind === 'exact' ? path.value : undefined))) return unchanged;
  return prefix === undefined ? full(uri) : replacePrefix(context, path, prefix || '/', uri, place);
}

/** Upstream, `\` in the replacement of a whole path would be a reference to a group (createRewriteFilter). */
function full(uri: string): PathChange {
  return { kind: 'full', value: uri.replaceAll('\\', '\\\\') };
}

/**
 * A VirtualService puts `to` in the place of the letters of the prefix; ReplacePrefixMatch replaces whole segments.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination
 */
function replacePrefix(
  context: EntryContext,
  path: PathCondition,
  prefix: string,
  to: string,
  place: Place,
): PathChange | undefined {
  if (prefix === '/' && to === '/') return unchanged;
  if (path.kind !== 'segments') {
    const reason = isPlainPathValue(prefix)
      ? 'ignoreUriCase is set, and a PathPrefix is case-sensitive'
      : 'a PathPrefix does not take one of its characters';
    context.report('rewrite-needs-segments', place, { prefix, reason });
    return undefined;
  }
  if (path.value === '/') return replaceRoot(context, to, path, place);
  const segments = to.replace(/\/$/, '');
  const change: PathChange = { kind: 'prefix', from: path.value, to: segments, written: segments || '/' };
  declareSlashes(context, path, prefix, to, change, place);
  return segments === path.value ? unchanged : change;
}

/**
 * The prefix `/` is no PathPrefix to istiod but a string prefix, and a single slash at the end of its replacement is cut
 * off; a second one stays (conversion.go, createRewriteFilter). The specification puts a slash between, and most
 * implementations do not: no form means the same to all of them.
 */
function replaceRoot(
  context: EntryContext,
  to: string,
  path: PathCondition,
  place: Place,
): PathChange | undefined {
  if (!isPortable(context)) {
    const written = to.endsWith('/') ? `${to}/` : to;
    context.report('rewrite-of-root', place, { to, written });
    return { kind: 'prefix', from: '/', to, written };
  }
  if (breaksPromise(context, 'rewrite-of-the-root')) {
    context.report('not-portable', place, { feature: `a rewrite of the prefix / to ${to}` });
    return undefined;
  }
  const change: PathChange = {
    kind: 'prefix',
    from: '/',
    to: `${to.replace(/\/$/, '')}/`,
    written: to.replace(/\/$/, '') || '/',
  };
  declareSlashes(context, path, '/', to, change, place);
  return change;
}

/** Slashes that double or vanish are declared. */
function declareSlashes(
  context: EntryContext,
  path: PathCondition,
  prefix: string,
  to: string,
  change: Extract<PathChange, { readonly kind: 'prefix' }>,
  place: Place,
): void {
  const before = (request: string) =>
    request.startsWith(prefix) ? to + request.slice(prefix.length) : undefined;
  const after = (request: string) => change.to + request.slice(change.from.length) || '/';
  const takes = ({ path: request }: Request) => {
    const old = before(request);
    return old !== undefined && takesPath(path, request) && old !== after(request);
  };
  context.declare('rewrite-slashes', place, { from: prefix, to }, { aspects: ['path'], takes });
}

/** Recognises expressions that replace the whole path, or a prefix, in disguise. */
function translateRegexRewrite(
  context: EntryContext,
  rewrite: istio.RegexRewrite,
  path: PathCondition,
  prefix: string | undefined,
): PathChange | undefined {
  const { match = '', rewrite: value = '' } = rewrite;
  if (/^\^?\/?\.\*\$?$/.test(match) && !value.includes('\\')) return { kind: 'full', value };
  const change = path.kind === 'segments' ? prefixInDisguise(path.value, prefix, match, value) : undefined;
  if (change !== undefined) return change;
  context.report('uri-regex-rewrite', entryPlace(context, 'rewrite', 'uriRegexRewrite'), { pattern: match });
  return undefined;
}

/** Texts that may follow a prefix: enough to tell replacements apart that treat all that follows it alike. */
const followers = ['', '/', '/a', '/a/b', '/a/', '/a.b-c/d', '/0/1', '//', '//a'];

/**
 * Expressions of a literal text and all that follows it. Others may look into what follows, where no list of texts tells what they
 * find there.
 */
const disguise =
  /^(\^?)((?:[\w~%/-]|\\[./_~-])*)(\/\?|\((?:\?:)?\/\|\$\))?(\.[*+]|\(\.[*+]\)|\(\/\.\*\)\??)?(\$?)$/;

/** Whether an expression finds a prefix, at its beginning or within it, and treats alike what follows. */
function isOfPrefix(from: string, pattern: string): boolean {
  const [, start = '', written = '', , rest = '', end = ''] = disguise.exec(pattern) ?? [undefined, '', '\n'];
  const literal = written.replaceAll('\\', '');
  const whole = `${from}/`;
  // Without an anchor, and with nothing that takes the rest, every occurrence is replaced.
  if (start === '' && rest === '') return false;
  if (rest === '' && end !== '') return false;
  return start === '' ? whole.includes(literal) : whole.startsWith(literal);
}

/**
 * @param prefix as it was written; `/foo/` does not take `/foo`
 * @returns the prefix replacement that does the same to everything that can follow the prefix
 */
function prefixInDisguise(
  from: string,
  prefix: string | undefined,
  pattern: string,
  value: string,
): PathChange | undefined {
  const base = from === '/' ? '' : from;
  if (!isOfPrefix(base, pattern)) return undefined;
  const rewritten = (follower: string) => {
    const path = base + follower;
    if (!path.startsWith('/')) return undefined;
    const match = { path: { kind: 'prefix', value: '/', ignoreCase: false }, conditions: [] } as const;
    return changePath({ kind: 'regex', pattern, value }, match, path);
  };
  const probe = rewritten('/a/b');
  if (probe === undefined || !probe.endsWith('/a/b')) return undefined;
  const to = probe.slice(0, -'/a/b'.length);
  const isFolder = prefix?.endsWith('/') ?? false;
  const same = followers.every(follower => {
    if (isFolder && follower === '') return true;
    const result = rewritten(follower);
    return result === undefined || result === (to + follower || '/');
  });
  if (!same || base === '') return undefined;
  return { kind: 'prefix', from, to, written: to || '/' };
}

/** @see istio.io/istio/pilot/pkg/networking/core/route/route.go, ApplyRedirect */
function translateRedirectPath(
  context: EntryContext,
  redirect: istio.HTTPRedirect,
  path: PathCondition,
  prefix: string | undefined,
  place: Place,
): PathChange | undefined {
  if (!redirect.prefixRewrite) return redirect.uri ? { kind: 'full', value: redirect.uri } : unchanged;
  const to = redirect.prefixRewrite;
  if (prefix === undefined) return { kind: 'full', value: to };
  const from = prefix || '/';
  // The Location gets the value as it is, so that both have to end alike.
  const refuse = () => {
    const related = [{ message: 'the prefix is here', place }];
    context.report(
      'redirect-prefix',
      entryPlace(context, 'redirect', 'prefixRewrite'),
      {
        from,
        to,
        reason:
          to === '/'
            ? 'A VirtualService removes the prefix from the path. ReplacePrefixMatch of a route cannot replace a whole prefix by / alone.'
            : 'A VirtualService replaces characters. ReplacePrefixMatch of a route replaces whole segments, so a slash at the end of only one prefix would be lost or added.',
        remedy:
          to === '/'
            ? 'Redirect to a path with at least one segment. Else keep the VirtualService.'
            : 'End both prefixes with a slash, or neither. Else keep the VirtualService.',
      },
      related,
    );
    return undefined;
  };
  if (path.kind !== 'segments' || (from !== '/' && from.endsWith('/') !== to.endsWith('/'))) return refuse();
  if (from === '/' || !from.endsWith('/')) return { kind: 'prefix', from: path.value, to, written: to };
  const segments = to.replace(/\/$/, '');
  if (segments === '') return refuse();
  return { kind: 'prefix', from: path.value, to: segments, written: segments };
}
