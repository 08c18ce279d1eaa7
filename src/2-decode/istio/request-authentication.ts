import type * as istio from '../../istio/index.ts';
import { boolean, checked, type Decoder, enumeration, list, string } from '../decoder.ts';
import { object, required } from '../object.ts';
import { isKeySet, isKeySetAddress } from '../validation/jwks.ts';
import { hasPlaceholder } from '../validation/placeholder.ts';
import { type Fault, faultOfText } from '../validation/policy-value.ts';
import { exclusiveTargets, policyTarget } from './policy-target.ts';
import { atMost, checkValue } from './policy-values.ts';
import { duration } from './values.ts';

const text = checked(string, (value, at) => checkValue(value, faultOfText, at));
const texts = list(text);

const keySetAddress = checked(string, (value, at) =>
  checkValue(
    value,
    address => (isKeySetAddress(address) ? undefined : 'is not an http or https address'),
    at,
  ),
);

const faultOfHeaderName: Fault = name => (/^[-_A-Za-z0-9]+$/.test(name) ? undefined : 'is not a header name');

const jwtRule: Decoder<istio.JWTRule> = object<istio.JWTRule>(
  {
    issuer: string,
    audiences: texts,
    jwksUri: keySetAddress,
    jwks_uri: keySetAddress,
    jwks: checked(string, (text, at) => {
      if (!hasPlaceholder(text) && !isKeySet(text))
        at.report('policy-invalid', { reason: '`jwks` is not a JSON set of keys' });
    }),
    fromHeaders: list(
      object<{ readonly name: string; readonly prefix?: string }>({
        name: required(text, ''),
        prefix: string,
      }),
    ),
    fromParams: texts,
    fromCookies: texts,
    outputPayloadToHeader: string,
    forwardOriginalToken: boolean,
    outputClaimToHeaders: list(
      object<{ readonly header: string; readonly claim: string }>({
        header: required(
          checked(string, (name, at) => checkValue(name, faultOfHeaderName, at)),
          '',
        ),
        claim: required(text, ''),
      }),
    ),
    spaceDelimitedClaims: atMost(64, texts),
    timeout: duration,
    presence: enumeration('OPTIONAL', 'REQUIRED'),
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
    { ...policyTarget, jwtRules: atMost(4096, list(jwtRule)) },
    { exclusive: exclusiveTargets },
  );
