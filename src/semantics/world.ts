import type { AnyResource } from '../2-decode/resource.ts';
import { buildDestinationRules, type DestinationRules } from '../3-link/destination-rules.ts';
import { buildRegistry, type Registry } from '../3-link/registry.ts';

/** Everything a request can meet: the objects of one side of a comparison, indexed. */
export interface World {
  readonly resources: readonly AnyResource[];
  readonly registry: Registry;
  readonly destinationRules: DestinationRules;
  /** Per-version Services that are only assumed to exist, by `NAMESPACE/NAME`, and what they stand for. */
  readonly assumedVersions: ReadonlyMap<string, AssumedVersion>;
}

/** The pods of another Service that have these labels too. */
export interface AssumedVersion {
  /** Full name of the Service that the version belongs to. */
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is taken for granted about objects that nobody showed us. */
export interface Assumptions {
  readonly defaultPort?: number;
  readonly versions?: ReadonlyMap<string, AssumedVersion>;
}

export function buildWorld(resources: readonly AnyResource[], assumptions: Assumptions = {}): World {
  return {
    resources,
    registry: buildRegistry(resources, assumptions.defaultPort),
    destinationRules: buildDestinationRules(resources),
    assumedVersions: assumptions.versions ?? new Map(),
  };
}
