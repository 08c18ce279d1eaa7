import type { Code } from '../diagnostics/catalog.ts';

/** The codes of what clients notice wherever they are: another address, another port, other clients let in. */
const moving: ReadonlySet<Code> = new Set([
  'gateway-new-deployment',
  'gateway-of-its-name',
  'gateway-exposure',
  'gateway-shared-address',
  'gateway-port-may-be-of-pods',
  'gateway-port-of-service',
  'https-redirect-behind-proxy',
  'https-redirect-elsewhere',
  'https-redirect-of-another-gateway',
  'comes-to-life',
  'waypoint-starts-to-route',
]);

/** Whether a code says that traffic goes to another address, or that others get in. */
export function movesTraffic(code: Code): boolean {
  return moving.has(code);
}
