import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { type Decoder, string } from '../decoder.ts';
import { object } from '../object.ts';
import { faultOfRegex } from '../validation/regular-expression.ts';

/** `{exact}`, `{prefix}`, `{regex}`, or nothing for mere presence. */
export const stringMatch: Decoder<istio.StringMatch> = matchWith((match, at) => {
  if (match.prefix === '') at.child('prefix').report('field-empty', { field: 'prefix', wanted: 'a value' });
  checkRegex(match.regex, at.child('regex'));
});

/** For a path an empty prefix is the prefix of all paths. */
export const uriMatch: Decoder<istio.StringMatch> = matchWith((match, at) =>
  checkRegex(match.regex, at.child('regex')),
);

/** Here the regular expression `*`, which is none, stands for mere presence. */
export const withoutHeaderMatch: Decoder<istio.StringMatch> = matchWith((match, at) => {
  if (match.prefix === '') at.child('prefix').report('field-empty', { field: 'prefix', wanted: 'a value' });
  if (match.regex !== '*') checkRegex(match.regex, at.child('regex'));
});

/** An origin that CORS allows: it has to say something. */
export const originMatch: Decoder<istio.StringMatch> = matchWith((match, at) => {
  const text = match.exact ?? match.prefix ?? match.regex ?? '';
  if (text === '')
    at.report('field-empty', { field: at.name, wanted: 'a value (an empty mapping matches every value)' });
  else checkRegex(match.regex, at.child('regex'));
});

function matchWith(check: (match: istio.StringMatch, at: Cursor) => void): Decoder<istio.StringMatch> {
  return object<istio.StringMatch>(
    { exact: string, prefix: string, regex: string },
    {
      exclusive: ['exact', 'prefix', 'regex'],
      removed: {
        suffix: { was: 'never a kind of match', now: 'Write `regex: .*SUFFIX` instead.' },
        present: { was: 'never a kind of match', now: 'Write an empty mapping to match on mere presence.' },
      },
      check,
    },
  );
}

/** Reports a regular expression that Envoy cannot use; absent ones are no matter. */
export function checkRegex(regex: string | undefined, at: Cursor): void {
  if (regex === undefined) return;
  const reason = faultOfRegex(regex);
  if (reason !== undefined) at.report('regex-invalid', { regex, reason });
}
