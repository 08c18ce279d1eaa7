import { expect, test } from 'vitest';
import { convert } from '../../src/convert.ts';
import { jsonReport } from '../../src/reporters/json.ts';

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
---
`;

const virtualService = (name: string, host: string, path: string, subset?: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec:
  hosts: [${host}]
  http:
  - match: [{ uri: { exact: ${path} } }]
    route: [{ destination: { host: ${host}${subset === undefined ? '' : `, subset: ${subset}`} } }]
---
`;

const rule = (host: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${host}, namespace: shop }
spec: { host: ${host}, subsets: [{ name: v2, labels: { version: v2 } }] }
---
`;

test('objects that change together have one number; an object that changes by itself has none', () => {
  const text = `${service('cart')}${service('reviews')}${service('ratings')}${virtualService('ratings', 'ratings', '/r')}${virtualService('reviews', 'reviews', '/v2', 'v2')}${virtualService('cart', 'cart', '/c', 'v2')}${rule('cart')}${rule('reviews')}`;
  const { resources } = jsonReport(convert([{ path: 'shop.yaml', text }]));
  expect(
    resources.map(
      ({ kind, name, status, changeSet }) => `${kind} ${name}: ${status}, ${changeSet ?? 'none'}`,
    ),
  ).toEqual([
    'VirtualService ratings: converted, none',
    'VirtualService reviews: converted, 1',
    'VirtualService cart: converted, 2',
    'DestinationRule cart: converted, 2',
    'DestinationRule reviews: converted, 1',
  ]);
});
