import type { PolicyTarget } from './security.ts';

/**
 * The pods and objects that a WasmPlugin (`extensions.istio.io/v1alpha1`), a TrafficExtension (`extensions.istio.io/v1alpha1`), a Telemetry
 * (`telemetry.istio.io/v1`) or a ProxyConfig (`networking.istio.io/v1beta1`) applies to. A ProxyConfig has no targets.
 *
 * @see https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/
 * @see https://istio.io/latest/docs/reference/config/telemetry/
 * @see https://istio.io/latest/docs/reference/config/networking/proxy-config/
 */
export type Extension = PolicyTarget;
