import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, string } from '../decoder.ts';
import { hasPlaceholder } from '../validation/placeholder.ts';
import type { Fault } from '../validation/policy-value.ts';

/** Strings of which istiod refuses some. */
export function values(faultOf: Fault): Decoder<readonly string[]> {
  return list(checked(string, (value, at) => checkValue(value, faultOf, at)));
}

/** Reports a value of a policy that istiod refuses; what other tools fill in is not known yet. */
export function checkValue(value: string, faultOf: Fault, at: Cursor): void {
  if (hasPlaceholder(value)) return;
  const fault = faultOf(value);
  if (fault !== undefined) at.report('policy-invalid', { reason: `\`${value}\` ${fault}` });
}

/** A list of which the CRD admits some items only. */
export function atMost<T>(most: number, decoder: Decoder<readonly T[]>): Decoder<readonly T[]> {
  return checked(decoder, (items, at) => {
    if (items.length > most)
      at.report('policy-invalid', { reason: `\`${at.name}\` takes ${most} items, and has ${items.length}` });
  });
}
