import { type Decoder, opaque } from '../decoder.ts';
import { object } from '../object.ts';

/** What istioctl installs, as far as the settings of the mesh go. */
export interface IstioOperator {
  readonly meshConfig?: Readonly<Record<string, unknown>>;
}

/** @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/ */
export const istioOperator: Decoder<IstioOperator> = object<IstioOperator>(
  { meshConfig: opaque },
  { open: true },
);
