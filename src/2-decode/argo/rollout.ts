import { type Decoder, list, string } from '../decoder.ts';
import { object } from '../object.ts';

/**
 * An Argo Rollout, as far as it names objects of Istio.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/
 */
export interface Rollout {
  readonly strategy?: Strategy;
}

interface Strategy {
  readonly canary?: Canary;
}

interface Canary {
  readonly trafficRouting?: TrafficRouting;
}

interface TrafficRouting {
  readonly istio?: IstioTrafficRouting;
}

interface IstioTrafficRouting {
  readonly virtualService?: Named;
  readonly virtualServices?: readonly Named[];
}

interface Named {
  /** `NAME`, or `NAME.NAMESPACE`. */
  readonly name?: string;
}

const open = { open: true } as const;
const named = object<Named>({ name: string }, open);
const istio = object<IstioTrafficRouting>({ virtualService: named, virtualServices: list(named) }, open);
const canary = object<Canary>({ trafficRouting: object<TrafficRouting>({ istio }, open) }, open);

export const rollout: Decoder<Rollout> = object<Rollout>(
  { strategy: object<Strategy>({ canary }, open) },
  open,
);
