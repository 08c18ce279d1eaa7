/** The Istio kinds, to be imported as `import type * as istio from '../istio/index.ts'`. */
export type * from './destination-rule.ts';
export type * from './envoy-filter.ts';
export type * from './extensions.ts';
export type * from './gateway.ts';
export type * from './security.ts';
export type * from './service-entry.ts';
export type * from './sidecar.ts';
export type * from './virtual-service.ts';
