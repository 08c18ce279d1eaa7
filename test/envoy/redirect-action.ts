import type { Fields } from './fields.ts';
import { globalReplace } from './regex.ts';
import type { EnvoyRequest } from './request.ts';
import type { RouteMatch } from './route-match.ts';
import { readRegex } from './string-matcher.ts';
import type { Verdict } from './verdict.ts';

const codes: Readonly<Record<string, number>> = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-redirectaction */
export function readRedirect(fields: Fields): (request: EnvoyRequest, match: RouteMatch) => Verdict {
  const path = fields.text('pathRedirect');
  const prefix = fields.text('prefixRewrite');
  const regex = fields.message('regexRewrite', rewrite => ({
    pattern: rewrite.message('pattern', readRegex) ?? '',
    substitution: rewrite.text('substitution') ?? '',
  }));
  const host = fields.text('hostRedirect') || undefined;
  const port = fields.number('portRedirect') ?? 0;
  const scheme = fields.flag('httpsRedirect') ? 'https' : fields.text('schemeRedirect') || undefined;
  const status = codes[fields.text('responseCode') ?? 'MOVED_PERMANENTLY'] ?? 0;
  return (request, match) => ({
    kind: 'redirect',
    status,
    scheme: scheme ?? request.scheme,
    host,
    port: port > 0 ? port : host === undefined ? 'keep' : 'default',
    path: path
      ? path
      : prefix
        ? prefix + request.path.slice(match.matchedLength(request.path))
        : regex === undefined
          ? request.path
          : globalReplace(regex.pattern, regex.substitution, request.path),
  });
}
