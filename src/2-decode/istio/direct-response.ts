import type * as istio from '../../istio/index.ts';
import { decodeBase64 } from '../../yaml/base64.ts';
import { byteLength } from '../../yaml/byte-length.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, string, uint32 } from '../decoder.ts';
import { object, required } from '../object.ts';

const LARGEST_BODY = 1024 * 1024;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPDirectResponse */
export const directResponse: Decoder<istio.HTTPDirectResponse> = object<istio.HTTPDirectResponse>({
  status: required(
    checked(uint32, (status, at) => checkStatus(status, at)),
    0,
  ),
  body: object<istio.HTTPBody>(
    {
      string: checked(string, (body, at) => checkSize(byteLength(body), at)),
      bytes: checked(string, checkBytes),
    },
    { exclusive: ['string', 'bytes'] },
  ),
});

/** istiod lets 600 pass, too. */
export function checkStatus(status: number, at: Cursor): void {
  if (status < 200 || status > 600)
    at.report('number-out-of-range', { field: at.name, value: status, range: '200 to 599' });
}

function checkBytes(text: string, at: Cursor): void {
  if (!/^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    at.report('base64-invalid', { field: at.name });
  else checkSize(decodeBase64(text).length, at);
}

function checkSize(size: number, at: Cursor): void {
  if (size > LARGEST_BODY) at.report('body-too-large', { size });
}
