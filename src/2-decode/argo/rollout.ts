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
  readonly blueGreen?: BlueGreen;
}

/** @see https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/ */
interface BlueGreen {
  readonly activeService?: string;
  readonly previewService?: string;
}

/** Two Services that take turns in being the stable one. */
interface PingPong {
  readonly pingService?: string;
  readonly pongService?: string;
}

interface Canary {
  readonly canaryService?: string;
  readonly stableService?: string;
  readonly pingPong?: PingPong;
  readonly trafficRouting?: TrafficRouting;
}

interface TrafficRouting {
  readonly istio?: IstioTrafficRouting;
}

interface IstioTrafficRouting {
  readonly virtualService?: Named;
  readonly virtualServices?: readonly Named[];
  readonly destinationRule?: NamedSubsets;
}

interface Named {
  /** `NAME`, or `NAME.NAMESPACE`; the last period counts. */
  readonly name?: string;
}

/** A DestinationRule, and the two subsets whose labels the controller writes. */
interface NamedSubsets extends Named {
  readonly canarySubsetName?: string;
  readonly stableSubsetName?: string;
}

const open = { open: true } as const;
const named = object<Named>({ name: string }, open);
const namedSubsets = object<NamedSubsets>(
  { name: string, canarySubsetName: string, stableSubsetName: string },
  open,
);
const istio = object<IstioTrafficRouting>(
  { virtualService: named, virtualServices: list(named), destinationRule: namedSubsets },
  open,
);
const canary = object<Canary>(
  {
    canaryService: string,
    stableService: string,
    pingPong: object<PingPong>({ pingService: string, pongService: string }, open),
    trafficRouting: object<TrafficRouting>({ istio }, open),
  },
  open,
);

const blueGreen = object<BlueGreen>({ activeService: string, previewService: string }, open);

export const rollout: Decoder<Rollout> = object<Rollout>(
  { strategy: object<Strategy>({ canary, blueGreen }, open) },
  open,
);
