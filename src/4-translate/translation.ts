import type { Facts } from '../3-link/facts.ts';
import type { GatewaysBeside } from '../3-link/gateways/gateways-beside.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { Assume, Declare } from './context.ts';

/** The context of translators of a VirtualService. */
export interface Translation {
  readonly facts: Facts;
  /** The rules of VirtualServices for connections. */
  readonly connections: ConnectionClaims;
  /** Istio Gateways whose lists have the entries of a VirtualService that is not bound to them. */
  readonly beside: GatewaysBeside;
  readonly report: Report;
  readonly declare: Declare;
  readonly assume: Assume;
}

/** The VirtualServices that take connections, by what they take (connectionKey). */
export interface ConnectionClaims {
  readonly byKey: ReadonlyMap<string, readonly ResolvedVirtualService[]>;
  /** The content of each of them, so that those that say the same can be told (saidBy). */
  readonly saidBy: (vs: ResolvedVirtualService) => string;
}
