import type * as istio from '../../istio/index.ts';
import { boolean, checked, type Decoder, list, record, string } from '../decoder.ts';
import { object } from '../object.ts';
import { isLabel } from '../validation/domain-name.ts';
import { faultOfMatchedHeader } from '../validation/header.ts';
import { checkGatewayNames } from './gateway-names.ts';
import { stringMatch, uriMatch, withoutHeaderMatch } from './string-match.ts';
import { labels, optionalPort } from './values.ts';

/** A namespace that clients come from. */
export const sourceNamespace: Decoder<string> = checked(string, (namespace, at) => {
  if (namespace !== '' && !isLabel(namespace))
    at.report('name-invalid', { kind: 'namespace', name: namespace, reason: 'it is not a DNS label' });
});

/** The Gateways a match is for. */
export const gateways: Decoder<readonly string[]> = checked(list(string), checkGatewayNames);

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest */
export const httpMatch: Decoder<istio.HTTPMatchRequest> = object<istio.HTTPMatchRequest>(
  {
    name: string,
    uri: uriMatch,
    scheme: stringMatch,
    method: stringMatch,
    authority: stringMatch,
    headers: headersWith(stringMatch),
    port: optionalPort,
    sourceLabels: labels,
    gateways,
    queryParams: record(stringMatch),
    ignoreUriCase: boolean,
    withoutHeaders: headersWith(withoutHeaderMatch),
    sourceNamespace,
    statPrefix: string,
  },
  {
    removed: {
      cookie: { was: 'never a field', now: 'Match the header `cookie` with a regular expression.' },
      source: { was: 'the calling service, in the v1alpha2 API', now: 'Write `sourceLabels`.' },
    },
  },
);

function headersWith(
  match: Decoder<istio.StringMatch>,
): Decoder<Readonly<Record<string, istio.StringMatch>>> {
  return checked(record(match), (headers, at) => {
    for (const name of Object.keys(headers)) {
      const reason = faultOfMatchedHeader(name);
      if (reason !== undefined) at.child(name).report('header-name-invalid', { header: name, reason });
    }
  });
}
