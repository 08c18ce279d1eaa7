import { boolean, type Decoder, list, string } from '../decoder.ts';
import { object } from '../object.ts';

/**
 * A Canary of Flagger, as far as it names objects of Istio.
 *
 * @see https://docs.flagger.app/usage/how-it-works#canary-service
 */
export interface Canary {
  /** `istio` and the like; empty for the provider that Flagger was started with. */
  readonly provider?: string;
  readonly targetRef?: { readonly name?: string };
  readonly service?: CanaryService;
}

interface CanaryService {
  /** The name of the VirtualService and of the Services; the name of `targetRef` where it is left out. */
  readonly name?: string;
  /** `NAME`, `NAMESPACE/NAME` or `mesh`. */
  readonly gateways?: readonly string[];
  readonly hosts?: readonly string[];
  /** Whether the VirtualService is a delegate, so that it has neither hosts nor gateways. */
  readonly delegation?: boolean;
}

const open = { open: true } as const;

export const canary: Decoder<Canary> = object<Canary>(
  {
    provider: string,
    targetRef: object<NonNullable<Canary['targetRef']>>({ name: string }, open),
    service: object<CanaryService>(
      { name: string, gateways: list(string), hosts: list(string), delegation: boolean },
      open,
    ),
  },
  open,
);
