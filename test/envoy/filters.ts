import type * as istio from '../../src/istio/index.ts';
import { compileCors } from '../../src/semantics/cors.ts';
import { faultText } from './fault.ts';
import type { Fields } from './fields.ts';
import { readRegex } from './string-matcher.ts';

/** What a route asks of the filters before the router. */
export interface FilterSettings {
  readonly cors: string;
  readonly fault: string;
}

/** Reads `typedPerFilterConfig`. */
export function readFilters(fields: Fields): FilterSettings {
  return {
    cors: fields.message('envoy.filters.http.cors', readCors) ?? '',
    fault: fields.message('envoy.filters.http.fault', readFault) ?? '',
  };
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/cors/v3/cors.proto */
function readCors(fields: Fields): string {
  fields.ignore('@type', 'filterEnabled');
  const maxAge = fields.text('maxAge');
  const forwards = fields.flag('forwardNotMatchingPreflights') ?? true;
  return compileCors({
    allowOrigins: fields.messages('allowOriginStringMatch', readOrigin),
    allowMethods: listOf(fields.text('allowMethods')),
    allowHeaders: listOf(fields.text('allowHeaders')),
    exposeHeaders: listOf(fields.text('exposeHeaders')),
    ...(maxAge === undefined ? {} : { maxAge: `${maxAge}s` }),
    allowCredentials: fields.flag('allowCredentials') ?? false,
    unmatchedPreflights: forwards ? 'FORWARD' : 'IGNORE',
  });
}

function listOf(text = ''): readonly string[] {
  return text === '' ? [] : text.split(',');
}

function readOrigin(fields: Fields): istio.StringMatch {
  const [exact, prefix, regex] = [
    fields.text('exact'),
    fields.text('prefix'),
    fields.message('safeRegex', readRegex),
  ];
  return {
    ...(exact === undefined ? {} : { exact }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(regex === undefined ? {} : { regex }),
  };
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/fault/v3/fault.proto */
function readFault(fields: Fields): string {
  fields.ignore('@type');
  return faultText({
    delay: fields.message('delay', delay => ({
      milliseconds: delay.duration('fixedDelay'),
      millionths: delay.message('percentage', readMillionths) ?? 0,
    })),
    abort: fields.message('abort', abort => ({
      httpStatus: abort.number('httpStatus'),
      grpcStatus: abort.number('grpcStatus'),
      millionths: abort.message('percentage', readMillionths) ?? 0,
    })),
  });
}

const denominators: Readonly<Record<string, number>> = {
  HUNDRED: 100,
  TEN_THOUSAND: 10_000,
  MILLION: 1_000_000,
};

/** Reads a FractionalPercent. */
export function readMillionths(fields: Fields): number {
  const denominator = denominators[fields.text('denominator') ?? 'HUNDRED'] ?? 100;
  return ((fields.number('numerator') ?? 0) * 1_000_000) / denominator;
}
