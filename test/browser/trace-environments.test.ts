import { expect, test } from 'vitest';
import { convert } from '../../src/convert.ts';
import { defaultOptions } from '../../src/options.ts';
import { traceObjects } from '../../src/page/trace-objects.ts';
import { readObjects, traceIn } from '../../src/page/tracing.ts';
import { readResources } from '../../src/read-resources.ts';
import { reportData } from '../../src/reporters/page/report-data.ts';
import { shopService } from '../cli/shop.ts';

const toVersion = (target: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - route: [{destination: {host: ${target}, port: {number: 8080}}}]
`;

const services = ['cart', 'blue', 'green'].map(name => shopService(name)).join('---\n');

const kustomization = (...resources: readonly string[]): string =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [${resources.join(', ')}]\n`;

/** What a page says of a request, by environment: where it goes before and after, and by which file. */
function traced(tree: Readonly<Record<string, string>>, host = 'cart.shop'): readonly (readonly string[])[] {
  const files = Object.entries(tree).map(([path, text]) => ({ path, text }));
  const conversion = convert(files, [], defaultOptions);
  const read = readResources(files, defaultOptions.namespace, () => undefined);
  const { index, details, references } = reportData(conversion, { options: defaultOptions, read });
  const detailAt = (position: number) => details[position];
  const known = readObjects(traceObjects({ index, detailAt, references: () => references }));
  const request = { host, path: '/', method: 'GET', headers: {}, queryParams: {} };
  const answer = traceIn(known, request);
  if (answer.kind === 'failed') throw new Error(answer.message);
  return answer.parts.flatMap(({ environment, views }) =>
    views
      .slice(0, 1)
      .map(({ before, after }) => [
        environment,
        before.outcome,
        before.rule?.place ?? '',
        after.outcome,
        after.rule?.kind ?? '',
      ]),
  );
}

test('overlays that patch nothing and hold a VirtualService each are followed one by one', () => {
  const found = traced({
    'base/services.yaml': services,
    'base/kustomization.yaml': kustomization('services.yaml'),
    'overlays/staging/cart.yaml': toVersion('green'),
    'overlays/staging/kustomization.yaml': kustomization('../../base', 'cart.yaml'),
    'overlays/production/cart.yaml': toVersion('blue'),
    'overlays/production/kustomization.yaml': kustomization('../../base', 'cart.yaml'),
  });
  expect(found).toEqual([
    [
      'overlays/production',
      'goes to blue.shop:8080 with path /',
      'overlays/production/cart.yaml:7',
      'goes to blue.shop:8080 with path /',
      'HTTPRoute',
    ],
    [
      'overlays/staging',
      'goes to green.shop:8080 with path /',
      'overlays/staging/cart.yaml:7',
      'goes to green.shop:8080 with path /',
      'HTTPRoute',
    ],
  ]);
});

test('folders with the same VirtualService are environments without kustomizations, too', () => {
  const found = traced({
    'services.yaml': services,
    'staging/cart.yaml': toVersion('green'),
    'production/cart.yaml': toVersion('blue'),
  });
  expect(found.map(([environment = '', before = '']) => [environment, before])).toEqual([
    ['production', 'goes to blue.shop:8080 with path /'],
    ['staging', 'goes to green.shop:8080 with path /'],
  ]);
});

test('environments in which the same happens are told of once', () => {
  const found = traced({
    'base/cart.yaml': toVersion('blue'),
    'base/services.yaml': services,
    'base/kustomization.yaml': kustomization('cart.yaml', 'services.yaml'),
    'staging/kustomization.yaml': kustomization('../base'),
    'production/kustomization.yaml': kustomization('../base'),
  });
  expect(found.map(([environment = '']) => environment)).toEqual(['production, staging']);
});

test('a tree with one environment has no names for it', () => {
  const found = traced({ 'cart.yaml': toVersion('blue'), 'services.yaml': services });
  expect(found.map(([environment = '']) => environment)).toEqual(['']);
});
