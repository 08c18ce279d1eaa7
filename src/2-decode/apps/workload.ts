import { type Decoder, record, string } from '../decoder.ts';
import { object } from '../object.ts';

/**
 * A Deployment, a StatefulSet or a DaemonSet, as far as its pods go: labels decide whether they have sidecars, annotations
 * change what MeshConfig says of their proxies.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentSpec
 */
export interface Workload {
  readonly template?: {
    readonly metadata?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
}

const open = { open: true } as const;
type Template = NonNullable<Workload['template']>;
const metadata = object<NonNullable<Template['metadata']>>(
  { labels: record(string), annotations: record(string) },
  open,
);

export const workload: Decoder<Workload> = object<Workload>(
  { template: object<Template>({ metadata }, open) },
  open,
);
