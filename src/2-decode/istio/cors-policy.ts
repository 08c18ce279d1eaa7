import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { boolean, checked, type Decoder, enumeration, list, string } from '../decoder.ts';
import { object } from '../object.ts';
import { parseGoDuration } from '../validation/go-duration.ts';
import { faultOfCorsHeader } from '../validation/header.ts';
import { originMatch } from './string-match.ts';
import { duration } from './values.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
const SECOND = 1_000_000_000n;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy */
export const corsPolicy: Decoder<istio.CorsPolicy> = object<istio.CorsPolicy>({
  allowOrigin: list(string),
  allowOrigins: list(originMatch),
  allowMethods: list(
    checked(string, (method, at) => {
      if (!methods.includes(method))
        at.report('value-not-allowed', { field: at.name, value: method, values: methods.join(', ') });
    }),
  ),
  allowHeaders: list(checked(string, checkHeader)),
  exposeHeaders: list(checked(string, checkHeader)),
  maxAge: checked(duration, (maxAge, at) => {
    const nanoseconds = parseGoDuration(maxAge) ?? 0n;
    if (nanoseconds % SECOND > 0n)
      at.report('duration-invalid', { duration: maxAge, reason: 'browsers count whole seconds' });
  }),
  allowCredentials: boolean,
  unmatchedPreflights: enumeration('UNSPECIFIED', 'FORWARD', 'IGNORE'),
});

function checkHeader(name: string, at: Cursor): void {
  const reason = faultOfCorsHeader(name);
  if (reason !== undefined) at.report('header-name-invalid', { header: name, reason });
}
