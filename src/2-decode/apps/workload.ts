import { type Decoder, record, string } from '../decoder.ts';
import { object } from '../object.ts';

/**
 * A Deployment, a StatefulSet or a DaemonSet, as far as the labels of its pods go: they decide whether pods have sidecars.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentSpec
 */
export interface Workload {
  readonly template?: {
    readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  };
}

const open = { open: true } as const;
type Template = NonNullable<Workload['template']>;
const metadata = object<NonNullable<Template['metadata']>>({ labels: record(string) }, open);

export const workload: Decoder<Workload> = object<Workload>(
  { template: object<Template>({ metadata }, open) },
  open,
);
