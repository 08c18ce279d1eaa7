import { expect, test } from 'vitest';
import { convert } from '../src/convert.ts';
import { destinationRuleFields } from '../src/diagnostics/fields/destination-rule.ts';
import { fatesIn } from '../src/diagnostics/fields/fate.ts';
import { gatewayFields } from '../src/diagnostics/fields/gateway.ts';
import { fieldOptions, optionOf } from '../src/diagnostics/fields/options.ts';
import { virtualServiceFields } from '../src/diagnostics/fields/virtual-service.ts';
import { defaultOptions, type Options } from '../src/options.ts';

const tables = {
  VirtualService: virtualServiceFields,
  DestinationRule: destinationRuleFields,
  Gateway: gatewayFields,
};

test('every option of docs/fields.md is for a field of its kind', () => {
  const paths = Object.entries(tables).flatMap(([kind, table]) =>
    fatesIn(table).map(({ path }) => ({ kind, path })),
  );
  const unknown = fieldOptions.filter(
    ({ kind, path }) =>
      !paths.some(one => one.kind === kind && (one.path === path || one.path.startsWith(`${path}.`))),
  );
  expect(unknown).toEqual([]);
  expect(optionOf('VirtualService', 'http.fault.abort')).toBe('`--partial` leaves it out');
  expect(optionOf('VirtualService', 'http.faults')).toBe('');
  expect(optionOf('Gateway', 'http.fault.abort')).toBe('');
});

const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\n';
const ports =
  'spec:\n  selector: {app: cart}\n  ports: [{name: http, port: 80}, {name: tcp-db, port: 5432}]\n';
const route = 'route: [{destination: {host: cart, port: {number: 80}}}]';

/** The status of a VirtualService with some spec. */
function statusOf(spec: string, options: Partial<Options>, facts = `${service}${ports}`): string {
  const text = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: cart, namespace: shop}\nspec:\n  hosts: [cart]\n${spec}`;
  const { resources } = convert([{ path: 'cart.yaml', text }], [{ path: 'facts.yaml', text: facts }], {
    ...defaultOptions,
    ...options,
  });
  return resources[0]?.status ?? 'nothing';
}

const http = (fields: string): string => `  http:\n  - ${fields}\n    ${route}\n`;

test.each<[string, string, Partial<Options>, Partial<Options>]>([
  ['http.retries', http('retries: {attempts: 5, retryOn: "503"}'), {}, { gatewayApi: '1.7' }],
  ['http.retries', http('retries: {attempts: 5, retryOn: "503"}'), {}, { channel: 'experimental' }],
  ['http.retries', http('retries: {attempts: 5, retryOn: "503"}'), {}, { partial: true }],
  ['http.fault', http('fault: {abort: {httpStatus: 503, percentage: {value: 100}}}'), {}, { partial: true }],
  [
    'http.corsPolicy',
    http('corsPolicy: {allowOrigins: [{exact: "https://shop.example.com"}]}'),
    { gatewayApi: '1.4' },
    { gatewayApi: '1.5' },
  ],
  [
    'http.redirect.redirectCode',
    '  http:\n  - redirect: {uri: /new, redirectCode: 308}\n',
    { gatewayApi: '1.4' },
    { gatewayApi: '1.5' },
  ],
  [
    'http.match.sourceLabels',
    `  http:\n  - match: [{sourceLabels: {app: web}}]\n    ${route}\n  - ${route}\n`,
    {},
    { from: 'ambient' },
  ],
  [
    'tcp',
    '  tcp:\n  - match: [{port: 5432}]\n    route: [{destination: {host: cart, port: {number: 5432}}}]\n',
    { gatewayApi: '1.5' },
    { gatewayApi: '1.6' },
  ],
])('%s converts only with its option', (_, spec, without, needed) => {
  expect(statusOf(spec, without)).toBe('held-back');
  expect(['converted', 'approximate']).toContain(statusOf(spec, needed));
});

test('http.route.destination.port comes from --default-port where the Service is not found in the input', () => {
  const spec = '  http:\n  - route: [{destination: {host: cart}}]\n';
  expect(statusOf(spec, {}, '')).toBe('held-back');
  expect(['converted', 'approximate']).toContain(statusOf(spec, { defaultPort: 80 }, ''));
});
