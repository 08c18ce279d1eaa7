import { type Decoder, opaque } from '../decoder.ts';
import { object } from '../object.ts';

/** The settings of the mesh in an installation by istioctl. */
export interface IstioOperator {
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  /** Those of the Helm charts, which have a meshConfig as well. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/ */
export const istioOperator: Decoder<IstioOperator> = object<IstioOperator>(
  { meshConfig: opaque, values: opaque },
  { open: true },
);
