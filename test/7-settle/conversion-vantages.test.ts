import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';
import { defaultOptions } from '../../src/options.ts';

const service = (name: string, port: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: bank}
spec:
  selector: {app: ${name}}
  ports:
  - ${port}
---
`;

const text = `${service('ledger', '{name: tcp, port: 5432}')}${service('counter', '{name: http, port: 80}')}apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ledger, namespace: bank}
spec:
  host: ledger
  subsets:
  - name: primary
    labels: {role: primary}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bank, namespace: bank}
spec:
  hosts: ["*.bank.svc.cluster.local"]
  tcp:
  - route:
    - destination: {host: ledger.bank.svc.cluster.local, subset: primary}
`;

test('the Service that is made for a version is no host that a wildcard had before', () => {
  const { resources, outputs, diagnostics } = convert([{ path: 'bank.yaml', text }], [], defaultOptions);
  expect(resources.map(({ resource, status }) => `${resource.kind} ${status}`)).toEqual([
    'DestinationRule converted',
    'VirtualService converted',
  ]);
  expect(outputs.map(({ resource: { kind, name } }) => `${kind} ${name}`)).toEqual([
    'TCPRoute bank',
    'Service ledger-primary',
  ]);
  expect(diagnostics.map(({ code }) => code).toSorted()).toEqual(['host-wildcard-expanded', 'no-waypoint']);
});
