import type {
  AuthorizationPolicy,
  PolicyTarget,
  PolicyTargetReference,
  RequestAuthentication,
} from '../../istio/security.ts';
import { type Decoder, list, opaque, record, string } from '../decoder.ts';
import { type Fields, object, required } from '../object.ts';

const targetRef: Decoder<PolicyTargetReference> = object<PolicyTargetReference>({
  group: string,
  kind: required(string, ''),
  name: required(string, ''),
  namespace: string,
});

/** What a policy says is carried over unread; what it is enforced on is read. */
const target: Fields<PolicyTarget> = {
  selector: object<{ readonly matchLabels?: Readonly<Record<string, string>> }>({
    matchLabels: record(string),
  }),
  targetRef,
  targetRefs: list(targetRef),
};

/** @see https://istio.io/latest/docs/reference/config/security/authorization-policy/ */
export const authorizationPolicy: Decoder<AuthorizationPolicy> = object<AuthorizationPolicy>({
  ...target,
  action: string,
  rules: list(opaque),
  provider: opaque,
});

/** @see https://istio.io/latest/docs/reference/config/security/request_authentication/ */
export const requestAuthentication: Decoder<RequestAuthentication> = object<RequestAuthentication>({
  ...target,
  jwtRules: list(opaque),
});
