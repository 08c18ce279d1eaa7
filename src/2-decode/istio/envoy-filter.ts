import type * as istio from '../../istio/index.ts';
import { type Decoder, list, opaque, record, string, uint32 } from '../decoder.ts';
import { object } from '../object.ts';
import { policyTarget } from './policy-target.ts';

/** Only what a conversion can break is read; istiod looks at the rest. */
const open = { open: true } as const;

type Vhost = NonNullable<istio.EnvoyRouteConfigurationMatch['vhost']>;

const match: Decoder<istio.EnvoyConfigMatch> = object<istio.EnvoyConfigMatch>(
  {
    context: string,
    routeConfiguration: object<istio.EnvoyRouteConfigurationMatch>(
      {
        name: string,
        portName: string,
        gateway: string,
        vhost: object<Vhost>({ route: object<NonNullable<Vhost['route']>>({ name: string }, open) }, open),
      },
      open,
    ),
    cluster: object<istio.EnvoyClusterMatch>(
      { name: string, service: string, subset: string, portNumber: uint32 },
      open,
    ),
  },
  open,
);

/** @see https://istio.io/latest/docs/reference/config/networking/envoy-filter/ */
export const envoyFilter: Decoder<istio.EnvoyFilter> = object<istio.EnvoyFilter>(
  {
    workloadSelector: object<{ readonly labels?: Readonly<Record<string, string>> }>(
      { labels: record(string) },
      open,
    ),
    targetRefs: policyTarget.targetRefs,
    configPatches: list(object<istio.EnvoyConfigPatch>({ applyTo: string, match, patch: opaque }, open)),
  },
  open,
);
