import type * as istio from '../../istio/index.ts';
import type { Decoder } from '../decoder.ts';
import { object } from '../object.ts';
import { exclusiveTargets, policyTarget } from './policy-target.ts';

/** Only what it applies to is read. */
export const extension: Decoder<istio.Extension> = object<istio.Extension>(policyTarget, {
  exclusive: exclusiveTargets,
  open: true,
});
