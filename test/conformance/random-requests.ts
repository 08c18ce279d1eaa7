import { commonSample, languageOf } from '../../src/semantics/regex/language.ts';
import type { Address, Request } from '../../src/semantics/request.ts';
import type { Mention } from '../envoy/route-match.ts';
import type { Random } from './random.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'];

/**
 * Requests made of what Envoy's routes look at: the values themselves, values next to them, and none. They do not depend
 * on what our model makes of the manifests.
 */
export function randomRequests(
  mentions: readonly Mention[],
  address: Address,
  count: number,
  random: Random,
): readonly Request[] {
  const pools = new Map<string, Set<string>>();
  for (const mention of mentions) {
    const pool = pools.get(mention.of) ?? new Set<string>();
    pools.set(mention.of, pool);
    for (const value of neighbours(mention)) if (isSendable(mention.of, value)) pool.add(value);
  }
  return Array.from({ length: count }, () => randomRequest(pools, address, random));
}

function neighbours({ of, value, isRegex }: Mention): readonly string[] {
  if (value === undefined) return ['', 'x'];
  if (isRegex) {
    const language = languageOf(value);
    const sample = language === undefined ? undefined : commonSample([language]);
    return sample === undefined ? ['x'] : [sample, `${sample}x`, sample.slice(0, -1)];
  }
  const path = of === 'path' ? [`${value}/`, `${value}/x`, `${value}//y`] : [''];
  return [value, `${value}x`, value.slice(0, -1), value.toUpperCase(), ...path];
}

/** Whether a client can send it, and Envoy takes it as it is. */
function isSendable(of: string, value: string): boolean {
  if (of === 'path') return /^\/[!"$->@-~]*$/.test(value);
  if (of.startsWith('?')) return /^[-\w.~/]*$/.test(value);
  return /^([!-~]([ -~]*[!-~])?)?$/.test(value);
}

function randomRequest(
  pools: ReadonlyMap<string, ReadonlySet<string>>,
  address: Address,
  random: Random,
): Request {
  const headers: Record<string, string> = {};
  const queryParams: Record<string, string> = {};
  let path = '/';
  let method = random.pick(methods);
  for (const [of, pool] of pools) {
    if (pool.size === 0) continue;
    const value = random.pick([...pool]);
    if (of === 'path') path = random.chance(0.95) ? value : '/elsewhere';
    else if (of === ':method') method = random.chance(0.6) && value !== '' ? value : method;
    else if (of === ':authority' || of === 'host') {
      if (random.chance(0.5) && value !== '') headers['host'] = value;
    } else if (of.startsWith(':')) continue;
    else if (of.startsWith('?')) {
      if (random.chance(0.6)) queryParams[of.slice(1)] = value;
    } else if (random.chance(0.6)) headers[of] = value;
  }
  return { ...address, method, path, headers, queryParams };
}
