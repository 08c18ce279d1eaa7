import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { type Decoder, string } from '../decoder.ts';
import { object } from '../object.ts';
import { checkRegex } from './string-match.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite */
export const rewrite: Decoder<istio.HTTPRewrite> = object<istio.HTTPRewrite>(
  {
    uri: string,
    authority: string,
    uriRegexRewrite: object<istio.RegexRewrite>(
      { match: string, rewrite: string },
      { check: checkRegexRewrite },
    ),
  },
  { check: checkRewrite },
);

function checkRewrite({ uri, authority, uriRegexRewrite }: istio.HTTPRewrite, at: Cursor): void {
  if (uri && uriRegexRewrite) at.report('actions-conflict', { first: 'uri', second: 'uriRegexRewrite' });
  if (!uri && !authority && !uriRegexRewrite)
    at.report('field-empty', { field: at.name, wanted: 'a `uri`, an `authority` or a `uriRegexRewrite`' });
}

function checkRegexRewrite({ match, rewrite: replacement }: istio.RegexRewrite, at: Cursor): void {
  if (!match || !replacement) at.report('regex-rewrite-incomplete', {});
  else checkRegex(match, at.child('match'));
}
