import type { HeaderEffect, HeaderEffects } from '../../src/semantics/header-effect.ts';
import type { Fields } from './fields.ts';

/** What one level of the configuration does to headers. */
export interface HeaderMutations {
  readonly remove: readonly string[];
  readonly write: readonly { readonly name: string; readonly value: string; readonly action: AppendAction }[];
}

const appendActions = [
  'APPEND_IF_EXISTS_OR_ADD',
  'ADD_IF_ABSENT',
  'OVERWRITE_IF_EXISTS_OR_ADD',
  'OVERWRITE_IF_EXISTS',
] as const;
type AppendAction = (typeof appendActions)[number];

/** Reads `requestHeadersToAdd` and `requestHeadersToRemove`, or those of responses. */
export function readHeaderMutations(fields: Fields, direction: 'request' | 'response'): HeaderMutations {
  return {
    remove: fields.texts(`${direction}HeadersToRemove`).map(name => name.toLowerCase()),
    write: fields.messages(`${direction}HeadersToAdd`, readHeaderValueOption).flat(),
  };
}

function readHeaderValueOption(fields: Fields): HeaderMutations['write'] {
  const { name, value } = fields.message('header', header => ({
    name: (header.text('key') ?? '').toLowerCase(),
    value: header.text('value') ?? '',
  })) ?? { name: '', value: '' };
  const given = fields.text('appendAction') ?? 'APPEND_IF_EXISTS_OR_ADD';
  const action = appendActions.find(known => known === given);
  if (action === undefined) throw new Error(`append action ${given}`);
  // Nothing is written where nothing is to be written (header_parser.cc, evaluateHeaders).
  return value === '' && !(fields.flag('keepEmptyValue') ?? false) ? [] : [{ name, value, action }];
}

/**
 * What levels do together, in the order in which Envoy evaluates them: the weighted cluster, the route, the virtual host.
 * Each removes before it writes.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#custom-request-response-headers
 */
export function effectsOf(levels: readonly HeaderMutations[]): HeaderEffects {
  const effects = new Map<string, HeaderEffect>();
  for (const { remove, write } of levels) {
    for (const name of remove) effects.set(name, { keep: false, values: [] });
    for (const { name, value, action } of write) {
      const before = effects.get(name) ?? { keep: true, values: [] };
      if (action === 'APPEND_IF_EXISTS_OR_ADD') {
        effects.set(name, { ...before, values: [...before.values, value] });
      } else if (action === 'OVERWRITE_IF_EXISTS_OR_ADD') {
        effects.set(name, { keep: false, values: [value] });
      } else {
        throw new Error(`nobody evaluates ${action}`);
      }
    }
  }
  return Object.fromEntries([...effects].sort(([a], [b]) => (a < b ? -1 : 1)));
}
