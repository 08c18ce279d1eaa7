import { placeOf } from '../2-decode/place-of.ts';
import { isValidName } from '../2-decode/valid-name.ts';
import { hasFieldPlaceholder, isIpAddress, withoutPlaceholders } from '../3-link/host.ts';
import { isTakenAsWhole, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { reportHostnamePlaceholder } from './placeholders.ts';
import type { Translation } from './translation.ts';

/** Says what hostnames of a route cannot be, and what nobody would fill in there. */
export function reportHost(
  { report }: Translation,
  vs: ResolvedVirtualService,
  host: string,
  index: number,
): void {
  const place = placeOf(vs.resource, 'spec', 'hosts', index);
  if (hasFieldPlaceholder(host)) report('host-placeholder', place, { host });
  else if (vs.gateways.every(gateway => gateway === 'mesh') || host === '*') return;
  else if (isIpAddress(host)) report('host-is-an-address', place, { host });
  else if (!isValidName(withoutPlaceholders(host).replace(/^\*\./, ''), 'rfc1123-subdomain'))
    report('host-not-a-hostname', place, { host });
  else if (isTakenAsWhole(host, vs.gateways)) report('host-taken-as-whole', place, { host });
  else reportHostnamePlaceholder(vs, host, index, report);
}
