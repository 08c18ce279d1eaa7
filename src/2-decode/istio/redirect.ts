import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, enumeration, string, uint32 } from '../decoder.ts';
import { object } from '../object.ts';
import { optionalPort } from './values.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect */
export const redirect: Decoder<istio.HTTPRedirect> = object<istio.HTTPRedirect>(
  {
    uri: string,
    authority: string,
    port: optionalPort,
    derivePort: enumeration('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
    scheme: checked(string, (scheme, at) => {
      if (!['', 'http', 'https'].includes(scheme))
        at.report('value-not-allowed', { field: at.name, value: scheme, values: 'http, https' });
    }),
    redirectCode: checked(uint32, (code, at) => {
      if (code !== 0 && (code < 300 || code > 399))
        at.report('value-not-allowed', { field: at.name, value: code, values: '301, 302, 303, 307, 308' });
    }),
    prefixRewrite: string,
  },
  {
    exclusive: ['port', 'derivePort'],
    removed: {
      code: { was: 'never a field', now: 'Write `redirectCode`.' },
      host: { was: 'never a field', now: 'Write `authority`.' },
    },
    check: checkRedirect,
  },
);

function checkRedirect(value: istio.HTTPRedirect, at: Cursor): void {
  if (value.uri && value.prefixRewrite)
    at.report('actions-conflict', { first: 'uri', second: 'prefixRewrite' });
  const says =
    value.uri ||
    value.prefixRewrite ||
    value.authority ||
    value.scheme ||
    value.port !== undefined ||
    value.derivePort;
  if (!says)
    at.report('field-empty', { field: at.name, wanted: 'a `uri`, an `authority`, a `scheme` or a `port`' });
}
