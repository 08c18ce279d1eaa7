import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';
import { countRequests } from '../../src/print/count.ts';
import { service } from '../forge/run.ts';

const virtualService = (name: string, prefix: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
  creationTimestamp: "2024-01-01T00:00:00Z"
spec:
  hosts:
  - pier.example.com
  gateways:
  - infra/edge
  http:
  - match:
    - uri:
        prefix: ${prefix}
    route:
    - destination:
        host: ${name}
        port:
          number: 80
---
${service(name)}`;

const read = (...texts: readonly string[]) =>
  convert([{ path: 'a.yaml', text: texts.join('---\n') }]).resources;

test('requests that are tried for several VirtualServices of one host count once', () => {
  const both = read(virtualService('boats', '/boats/'), virtualService('nets', '/nets/'));
  const proofs = both.flatMap(({ proof }) => proof ?? []);
  expect(proofs.map(({ together }) => together)).toEqual([2, 2]);
  const [first, second] = proofs;
  expect(first?.requests).toBe(second?.requests);
  expect(countRequests(both).tried).toBe(first?.requests);
});

test('VirtualServices that share nothing count their own requests', () => {
  const apart = read(
    virtualService('boats', '/boats/'),
    virtualService('nets', '/nets/').replace('pier.example.com', 'nets.example.com'),
  );
  const proofs = apart.flatMap(({ proof }) => proof ?? []);
  expect(proofs.map(({ together }) => together)).toEqual([1, 1]);
  expect(countRequests(apart).tried).toBe(proofs.reduce((sum, { requests }) => sum + requests, 0));
});
