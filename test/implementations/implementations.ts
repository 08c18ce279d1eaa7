import type { Implementation } from '../../src/implementations/deviations.ts';

/** An implementation whose own translator is asked, a Go module of its own here. */
export interface Translator {
  readonly name: Exclude<Implementation, 'istio'>;
  /** The module whose version counts. */
  readonly module: string;
  /** The controllerName of its GatewayClasses. */
  readonly controller: string;
  /** The route configuration that requests at port 80 of the sample Gateway meet; empty where the tables are not Envoy's. */
  readonly configuration: string;
}

/** In the order in which they are asked. */
export const translators: readonly Translator[] = [
  {
    name: 'envoy-gateway',
    module: 'github.com/envoyproxy/gateway',
    controller: 'gateway.envoyproxy.io/gatewayclass-controller',
    configuration: 'sample/edge/http',
  },
  {
    name: 'contour',
    module: 'github.com/projectcontour/contour',
    controller: 'projectcontour.io/gateway-controller',
    configuration: 'http-80',
  },
  {
    name: 'traefik',
    module: 'github.com/traefik/traefik/v3',
    controller: 'traefik.io/gateway-controller',
    configuration: '',
  },
];
