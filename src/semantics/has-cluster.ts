import type { MeshService } from '../3-link/registry.ts';

/** Whether a proxy has a cluster for a port of a Service. */
export type HasCluster = (service: MeshService, port: number) => boolean;
