import type * as gateway from '../../gateway-api/index.ts';
import { type Decoder, enumeration, list, record, string } from '../decoder.ts';
import { object, required } from '../object.ts';

type TargetRef = gateway.BackendTLSPolicy['targetRefs'][number];
type Validation = gateway.BackendTLSPolicy['validation'];
type CaRef = NonNullable<Validation['caCertificateRefs']>[number];
type SubjectAltName = NonNullable<Validation['subjectAltNames']>[number];

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyspec */
export const backendTLSPolicy: Decoder<gateway.BackendTLSPolicy> = object<gateway.BackendTLSPolicy>({
  options: record(string),
  targetRefs: required(
    list(
      object<TargetRef>({
        group: required(string, ''),
        kind: required(string, ''),
        name: required(string, ''),
        sectionName: string,
      }),
    ),
    [],
  ),
  validation: required(
    object<Validation>({
      caCertificateRefs: list(
        object<CaRef>({
          group: required(string, ''),
          kind: required(string, ''),
          name: required(string, ''),
        }),
      ),
      wellKnownCACertificates: enumeration('System'),
      hostname: required(string, ''),
      subjectAltNames: list(
        object<SubjectAltName>({
          type: required(enumeration('Hostname', 'URI'), 'Hostname'),
          hostname: string,
          uri: string,
        }),
      ),
    }),
    { hostname: '' },
  ),
});
