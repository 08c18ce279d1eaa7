/** The Gateway API kinds and the core kinds they refer to, to be imported as `import type * as gateway from '../gateway-api/index.ts'`. */
export type * from './backend-tls-policy.ts';
export type * from './gateway.ts';
export type * from './grpc-route.ts';
export type * from './http-route.ts';
export type * from './layer-4-route.ts';
export type * from './metadata.ts';
export type * from './route.ts';
export type * from './service.ts';
