import type { Table } from './decide.ts';
import type { Address } from './request.ts';

/** A place from which requests are sent, and what happens to them in each of two worlds. */
export interface Vantage {
  /** For people: `sidecar in bookinfo`, `waypoint of reviews.bookinfo`, `gateway infra/edge`. */
  readonly label: string;
  /** The full name of the Service inside the mesh, or the domain at a gateway, that the tables are for. */
  readonly host: string;
  /** At a gateway, the Istio Gateways and Gateways on the pods of either side, by `NAMESPACE/NAME`. */
  readonly gateways?: readonly string[];
  /** At a gateway whose pods may run in several namespaces, the one that is looked at besides the assumed one. */
  readonly podsIn?: string;
  readonly address: Address;
  /** Whether a request that names an authority gets here, and to no other virtual host. */
  readonly isName: (authority: string) => boolean;
  /** The namespace of the sidecar that sends; at waypoints and gateways nobody knows. */
  readonly client: string | undefined;
  /** Whether another proxy decides afterwards: the waypoint instead of the sidecar. */
  readonly moves: boolean;
  /** Whether it moves to a waypoint that nothing in the input names: no request takes this way. */
  readonly isImagined?: true;
  /** Whether lists are in an order that they may have, since nobody knows the ages. */
  readonly isOtherOrder?: true;
  readonly before: Table;
  readonly after: Table;
}
