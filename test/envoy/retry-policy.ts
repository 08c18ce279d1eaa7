import { canonicalJson } from '../../src/3-link/canonical.ts';
import type { Fields } from './fields.ts';

/**
 * A retry policy in the words of the model.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-retrypolicy
 */
export function readRetryPolicy(fields: Fields): string {
  fields.ignore('hostSelectionRetryMaxAttempts');
  const tokens = (fields.text('retryOn') ?? '')
    .split(',')
    .map(token => token.trim())
    .filter(token => token !== '');
  const codes = numbers(fields, 'retriableStatusCodes');
  return canonicalJson({
    attempts: fields.number('numRetries') ?? 1,
    on: [...new Set(tokens)].sort(),
    codes,
    perTryTimeout: fields.duration('perTryTimeout'),
    backoff: fields.message('retryBackOff', backOff => backOff.duration('baseInterval')),
    previousHosts: fields.messages('retryHostPredicate', readExtension).length > 0,
    remoteLocalities: fields.message('retryPriority', readExtension) === undefined ? undefined : true,
  });
}

function numbers(fields: Fields, name: string): readonly number[] {
  return fields
    .values(name)
    .map(Number)
    .sort((a, b) => a - b);
}

function readExtension(fields: Fields): string {
  fields.ignore('typedConfig');
  return fields.text('name') ?? '';
}
