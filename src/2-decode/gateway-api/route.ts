import type * as gateway from '../../gateway-api/index.ts';
import type { Cursor } from '../cursor.ts';
import { type Decoder, enumeration, int32, list, string } from '../decoder.ts';
import { type Fields, object, required } from '../object.ts';

/** Fields that all route kinds share. @see https://gateway-api.sigs.k8s.io/reference/spec/#parentreference */
export const parentRef: Decoder<gateway.ParentReference> = object<gateway.ParentReference>(
  {
    group: string,
    kind: string,
    namespace: string,
    name: required(string, ''),
    sectionName: string,
    port: int32,
  },
  { open: true },
);

export const backendObject: Fields<gateway.BackendObjectReference> = {
  group: string,
  kind: string,
  name: required(string, ''),
  namespace: string,
  port: int32,
};

export const backendFields: Fields<gateway.BackendRef> = { ...backendObject, weight: int32 };

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#backendobjectreference */
export function checkPort({ group = '', kind = 'Service', port }: gateway.BackendRef, at: Cursor): void {
  if (group === '' && kind === 'Service' && port === undefined)
    at.report('field-missing', { field: 'port', object: at.name });
}

const header: Decoder<gateway.HTTPHeader> = object<gateway.HTTPHeader>({
  name: required(string, ''),
  value: required(string, ''),
});

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheaderfilter */
export const headerFilter: Decoder<gateway.HTTPHeaderFilter> = object<gateway.HTTPHeaderFilter>({
  set: list(header),
  add: list(header),
  remove: list(string),
});

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter */
export const mirrorFilter: Decoder<gateway.HTTPRequestMirrorFilter> = object<gateway.HTTPRequestMirrorFilter>(
  {
    backendRef: required(object<gateway.BackendObjectReference>(backendObject), { name: '' }),
    percent: int32,
    fraction: object<gateway.Fraction>({ numerator: required(int32, 0), denominator: int32 }),
  },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch */
export const headerMatch: Decoder<gateway.HTTPHeaderMatch> = object<gateway.HTTPHeaderMatch>({
  type: enumeration('Exact', 'RegularExpression'),
  name: required(string, ''),
  value: required(string, ''),
});
