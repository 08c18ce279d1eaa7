import { count } from '../print/summary.ts';
import type { NotShown } from '../verify/presence.ts';
import type { Verification } from '../verify/verify.ts';

/** The notes of a verification beside the differences, as sentences. */
export interface VerificationNotes {
  /** Hosts at another address, which moves traffic. */
  readonly addresses: readonly string[];
  /** Gateways that another proxy than the Envoy of istiod serves, or may serve. */
  readonly proxies: readonly string[];
  readonly missing: readonly string[];
  readonly unread: readonly string[];
  readonly added: readonly string[];
  readonly assumed: readonly string[];
}

/** @returns the sentences; each list is empty where there is nothing to say */
export function verificationNotes({
  addresses,
  missing,
  unread,
  added,
  assumed,
  diagnostics,
}: Pick<
  Verification,
  'addresses' | 'missing' | 'unread' | 'added' | 'assumed' | 'diagnostics'
>): VerificationNotes {
  return {
    addresses: addresses.map(
      ({ hosts, before, after, lacks }) =>
        `${listed(hosts)} ${hosts.length === 1 ? 'moves' : 'move'} from ${before} to ${after}, which has another address${lacks.length === 0 ? '' : ` and not port ${lacks.join(', ')} for ${hosts.length === 1 ? 'it' : 'them'}`}. Point DNS and load balancers there; or keep the running pods: name their Service in spec.addresses of the Gateway.`,
    ),
    proxies: diagnostics
      .filter(({ code }) => code === 'gateway-of-another-proxy' || code === 'gateway-class-not-known')
      .map(({ message }) => `${message}. Requests are compared as istiod routes them.`),
    missing: missing.map(
      object =>
        `${nameOf(object)} is not found in the input${sidesOf(object)}, although the input shows others of namespace ${object.namespace}; ${object.namedBy.kind} ${object.namedBy.namespace}/${object.namedBy.name} names it.${object.kind === 'Service' ? ' Requests to it fail.' : ' Nothing is attached to it.'}`,
    ),
    unread: unread.map(
      ({ path, side, reason }) =>
        `${path} (${reasonOf[reason]}) was not read, and ${side === 'before' ? 'after' : 'before'} has no such text.`,
    ),
    added:
      added.length === 0
        ? []
        : [
            `${listed(added.map(({ host }) => host))} ${added.length === 1 ? 'is' : 'are'} new: no request went there before, so that none is lost.`,
          ],
    assumed:
      assumed.length === 0
        ? []
        : [
            `${listed(assumed.map(object => `${nameOf(object)}${sidesOf(object)}`))} ${assumed.length === 1 ? 'is' : 'are'} not found in the input and taken to exist. Show ${assumed.length === 1 ? 'it' : 'them'} with --with.`,
          ],
  };
}

const reasonOf = {
  template: 'template',
  kustomization: 'not built',
  unlisted: 'in no kustomization',
  broken: 'does not parse',
} as const;

/** Two kinds are called Gateway. */
export function nameOf({ kind, group, namespace, name }: NotShown): string {
  const label = kind === 'Gateway' && group === 'networking.istio.io' ? 'Istio Gateway' : kind;
  return `${label} ${namespace}/${name}`;
}

function sidesOf({ sides }: NotShown): string {
  return sides.length === 2 ? '' : ` ${sides[0] === 'before' ? 'before' : 'after'}`;
}

const MOST = 8;

function listed(names: readonly string[]): string {
  if (names.length <= MOST) return names.join(', ');
  return `${names.slice(0, MOST).join(', ')} and ${count(names.length - MOST, 'other')}`;
}
