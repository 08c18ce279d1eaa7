import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, record, string } from '../decoder.ts';
import { object } from '../object.ts';
import { faultOfChangedHeader } from '../validation/header.ts';
import { faultOfHeaderValue } from '../validation/header-value.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers */
export const headers: Decoder<istio.Headers> = object<istio.Headers>({
  request: operations(true),
  response: operations(false),
});

/** @param authority whether the host may be set */
function operations(authority: boolean): Decoder<istio.HeaderOperations> {
  const values = checked(record(string), (set, at) => {
    for (const [name, value] of Object.entries(set)) checkHeader(name, value, authority, at.child(name));
  });
  const remove = checked(list(string), (names, at) => {
    for (const [index, name] of names.entries()) checkName(name, false, at.child(index));
  });
  return object<istio.HeaderOperations>({ set: values, add: values, remove });
}

function checkHeader(name: string, value: string, authority: boolean, at: Cursor): void {
  checkName(name, authority, at);
  const reason = faultOfHeaderValue(value);
  if (reason !== undefined) at.report('header-value-invalid', { header: name, reason });
}

function checkName(name: string, authority: boolean, at: Cursor): void {
  const reason = faultOfChangedHeader(name, authority);
  if (reason !== undefined) at.report('header-name-invalid', { header: name, reason });
}
