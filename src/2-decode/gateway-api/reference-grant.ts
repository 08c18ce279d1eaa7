import type * as gateway from '../../gateway-api/index.ts';
import { type Decoder, list, string } from '../decoder.ts';
import { object, required } from '../object.ts';

type From = gateway.ReferenceGrant['from'][number];
type To = gateway.ReferenceGrant['to'][number];

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#referencegrantspec */
export const referenceGrant: Decoder<gateway.ReferenceGrant> = object<gateway.ReferenceGrant>({
  from: required(
    list(
      object<From>({
        group: required(string, ''),
        kind: required(string, ''),
        namespace: required(string, ''),
      }),
    ),
    [],
  ),
  to: required(
    list(object<To>({ group: required(string, ''), kind: required(string, ''), name: string })),
    [],
  ),
});
