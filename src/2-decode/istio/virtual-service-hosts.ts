import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { faultOfWildcardDomain, hostsOverlap, isSubsetOf } from '../validation/domain-name.ts';
import { isJwtClaim } from '../validation/header.ts';
import { isIpAddress } from '../validation/ip-address.ts';

/** Reports hosts that are no names, stand for the whole mesh, or stand for the same names. */
export function checkHosts(spec: istio.VirtualService, at: Cursor): void {
  const { hosts = [] } = spec;
  const place = at.child('hosts');
  let valid = true;
  for (const [index, host] of hosts.entries()) {
    const fault = isIpAddress(host) ? undefined : faultOfHost(host, isForSni(spec));
    if (fault !== undefined) place.child(index).report('host-invalid', { host, reason: fault });
    else if (host === '*' && !isForGateways(spec)) place.child(index).report('wildcard-on-mesh', {});
    else continue;
    valid = false;
  }
  if (valid) checkOverlaps(hosts, place);
}

function checkOverlaps(hosts: readonly string[], at: Cursor): void {
  for (const [index, host] of hosts.entries()) {
    const earlier = hosts.findIndex((candidate, at) => at < index && hostsOverlap(candidate, host));
    const other = hosts[earlier];
    if (other === undefined) continue;
    // The one to delete is the narrower one.
    if (isSubsetOf(host, other)) at.child(index).report('hosts-overlap', { host, other });
    else at.child(earlier).report('hosts-overlap', { host: other, other: host });
  }
}

/** Claims of a token are known at gateways only. */
export function checkJwtClaims(spec: istio.VirtualService, at: Cursor): void {
  if (isForGateways(spec)) return;
  for (const [entry, { match = [] }] of (spec.http ?? []).entries())
    for (const [index, { headers = {}, withoutHeaders = {} }] of match.entries()) {
      const place = at.child('http').child(entry).child('match').child(index);
      for (const header of Object.keys(headers).filter(isJwtClaim))
        place.child('headers').child(header).report('jwt-claim-on-mesh', { header });
      for (const header of Object.keys(withoutHeaders).filter(isJwtClaim))
        place.child('withoutHeaders').child(header).report('jwt-claim-on-mesh', { header });
    }
}

/** The names that clients ask for in TLS have to be among the hosts. */
export function checkSniHosts(spec: istio.VirtualService, at: Cursor): void {
  for (const [entry, { match = [] }] of (spec.tls ?? []).entries())
    for (const [index, { sniHosts = [] }] of match.entries()) {
      const place = at.child('tls').child(entry).child('match').child(index).child('sniHosts');
      for (const [position, host] of sniHosts.entries()) checkSniHost(host, spec, place.child(position));
    }
}

function checkSniHost(host: string, spec: istio.VirtualService, at: Cursor): void {
  // For these istiod takes a VirtualService without `gateways` for one that is bound to gateways.
  const reason = faultOfHost(host, !(spec.gateways ?? []).includes('mesh'));
  if (reason !== undefined) {
    if (!isIpAddress(host)) at.report('host-invalid', { host, reason });
  } else if (!(spec.hosts ?? []).some(other => isSubsetOf(host, other)))
    at.report('sni-host-not-in-hosts', { host });
}

/** A list without `mesh` binds to gateways alone. */
function isForGateways({ gateways = [] }: istio.VirtualService): boolean {
  return gateways.length > 0 && !gateways.includes('mesh');
}

function isForSni(spec: istio.VirtualService): boolean {
  const sni = (spec.tls ?? []).some(({ match = [] }) =>
    match.some(({ sniHosts = [] }) => sniHosts.length > 0),
  );
  return sni && isForGateways(spec);
}

/** @param generated whether the names that istiod makes for AUTO_PASSTHROUGH count: `outbound_.80_._.web.example` */
function faultOfHost(host: string, generated: boolean): string | undefined {
  if (!generated || !host.startsWith('outbound_')) return faultOfWildcardDomain(host);
  const [, port = '', , name = ''] = host.split('_');
  return /[0-9]/.test(port) && /[a-zA-Z]/.test(name) ? undefined : 'it is not like `outbound_.PORT_._.HOST`';
}
