import { commonSample, languageOf } from '../../../src/semantics/regex/language.ts';
import type { Request } from '../../../src/semantics/request.ts';
import type { Mention } from '../../envoy/route-match.ts';
import { randomFrom } from '../random.ts';
import { randomRequests } from '../random-requests.ts';
import { type Found, plainRequest, type Spot } from './spots.ts';

/** How many requests by chance are tried beside one for each route. */
const byChance = 16;

/** Of so many routes each two are tried together. */
const mostPaired = 12;

/**
 * Requests that tell the routes of several tables apart: one made for each route, and some of all they look at.
 *
 * @param isThorough whether each two routes have a request with everything that both look at
 */
export function witnessesFor(spot: Spot, found: readonly Found[], isThorough = false): readonly Request[] {
  const plain = plainRequest(spot);
  if (spot.scheme === 'tcp' || spot.scheme === 'tls') return [plain];
  const routes = found.flatMap(({ mentions }) => mentions);
  if (routes.length === 0) return [plain];
  const made = routes.map(mentions => requestFor(plain, mentions));
  const address = { scheme: spot.scheme, host: spot.host, port: spot.port };
  const seed = routes.length * 7919 + spot.port;
  const drawn = randomRequests(routes.flat(), address, byChance, randomFrom(seed));
  const each = [...new Map(routes.map(route => [JSON.stringify(route), route])).values()];
  const paired =
    isThorough && each.length <= mostPaired
      ? each.flatMap(one => each.map(other => requestFor(plain, [...one, ...other])))
      : [];
  const all = [plain, ...made, ...paired, ...drawn];
  return [...new Map(all.map(request => [JSON.stringify(request), request])).values()];
}

/** A request with everything that one route looks at. */
function requestFor(plain: Request, mentions: readonly Mention[]): Request {
  const headers: Record<string, string> = {};
  const queryParams: Record<string, string> = {};
  let { path, method } = plain;
  for (const { of, value = 'x', isRegex } of mentions) {
    const language = isRegex ? languageOf(value) : undefined;
    const sample = isRegex ? (language === undefined ? 'x' : (commonSample([language]) ?? 'x')) : value;
    if (of === 'path') path = sample.startsWith('/') ? sample : '/';
    else if (of === ':method') method = sample;
    else if (of === ':authority' || of === 'host') headers['host'] = sample;
    else if (of.startsWith('?')) queryParams[of.slice(1)] = sample;
    else if (!of.startsWith(':')) headers[of] = sample;
  }
  return { ...plain, path, method, headers, queryParams };
}
