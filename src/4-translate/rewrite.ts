import type * as istio from '../istio/index.ts';
import { type EntryContext, entryPlace } from './context.ts';
import type { RuleBody } from './entry.ts';
import { hostHeader, isPreciseHostname } from './headers.ts';

/**
 * The authority that a rewrite writes; what it does to the path depends on the match (path-change.ts).
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httpurlrewritefilter
 */
export function translateRewrite(
  context: EntryContext,
  rewrite: istio.HTTPRewrite,
): Partial<RuleBody> | undefined {
  const { authority } = rewrite;
  if (!authority) return {};
  if (isPreciseHostname(authority)) return { rewriteHostname: authority };
  const header = hostHeader(context, authority, entryPlace(context, 'rewrite', 'authority'));
  return header === undefined ? undefined : { requestHeaders: { set: [header] } };
}
