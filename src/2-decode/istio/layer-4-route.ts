import type * as istio from '../../istio/index.ts';
import type { MappingNode } from '../../yaml/yaml-node.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, string } from '../decoder.ts';
import { isWritten, object, required } from '../object.ts';
import { isSubnet } from '../validation/ip-address.ts';
import { gateways } from './http-match.ts';
import { destination, labels, optionalPort } from './values.ts';
import { weight, withWeights } from './weight.ts';

const destinationSubnets = list(
  checked(string, (subnet, at) => {
    if (!isSubnet(subnet)) at.report('subnet-invalid', { subnet });
  }),
);

const route = withWeights(
  list(object<istio.RouteDestination>({ destination: required(destination, { host: '' }), weight })),
);

/** istiod checks only the type of these. */
const matchFields = {
  destinationSubnets,
  port: optionalPort,
  sourceLabels: labels,
  gateways,
  sourceNamespace: string,
};

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSRoute */
export const tlsRoute: Decoder<istio.TLSRoute> = object<istio.TLSRoute>(
  {
    match: list(
      object<istio.TLSMatchAttributes>(
        { sniHosts: list(string), ...matchFields },
        {
          check: ({ sniHosts }, at, node) => {
            if (sniHosts === undefined ? !isWritten(node, 'sniHosts') : sniHosts.length === 0)
              at.report('field-missing', { field: 'sniHosts', object: at.name });
          },
        },
      ),
    ),
    route,
  },
  {
    check: ({ match, route: destinations }, at, node) => {
      if (isEmpty(match, 'match', node)) at.report('field-missing', { field: 'match', object: at.name });
      checkRoute(destinations, at, node);
    },
  },
);

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute */
export const tcpRoute: Decoder<istio.TCPRoute> = object<istio.TCPRoute>(
  { match: list(object<istio.L4MatchAttributes>({ ...matchFields, sourceSubnet: string })), route },
  { check: ({ route: destinations }, at, node) => checkRoute(destinations, at, node) },
);

function checkRoute(destinations: readonly unknown[] | undefined, at: Cursor, node: MappingNode): void {
  if (isEmpty(destinations, 'route', node)) at.report('action-missing', { entry: at.name });
}

function isEmpty(value: readonly unknown[] | undefined, name: string, node: MappingNode): boolean {
  return value === undefined ? !isWritten(node, name) : value.length === 0;
}
