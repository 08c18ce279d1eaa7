import type * as istio from '../../istio/index.ts';
import { boolean, type Decoder, list, string } from '../decoder.ts';
import { object, required } from '../object.ts';
import { exclusiveTargets, policyTarget } from './policy-target.ts';
import { duration } from './values.ts';

const jwtRule: Decoder<istio.JWTRule> = object<istio.JWTRule>(
  {
    issuer: string,
    audiences: list(string),
    jwksUri: string,
    jwks_uri: string,
    jwks: string,
    fromHeaders: list(
      object<{ readonly name: string; readonly prefix?: string }>({
        name: required(string, ''),
        prefix: string,
      }),
    ),
    fromParams: list(string),
    fromCookies: list(string),
    outputPayloadToHeader: string,
    forwardOriginalToken: boolean,
    outputClaimToHeaders: list(
      object<{ readonly header: string; readonly claim: string }>({
        header: required(string, ''),
        claim: required(string, ''),
      }),
    ),
    spaceDelimitedClaims: list(string),
    timeout: duration,
  },
  {
    exclusive: ['jwks', 'jwksUri', 'jwks_uri'],
    check({ issuer, jwksUri, jwks_uri: oldJwksUri }, at) {
      if (!issuer && !jwksUri && !oldJwksUri)
        at.report('policy-invalid', { reason: 'a rule needs an `issuer` or a `jwksUri`' });
    },
  },
);

/**
 * @see https://istio.io/latest/docs/reference/config/security/request_authentication/
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateRequestAuthentication)
 */
export const requestAuthentication: Decoder<istio.RequestAuthentication> =
  object<istio.RequestAuthentication>(
    { ...policyTarget, jwtRules: list(jwtRule) },
    { exclusive: exclusiveTargets },
  );
