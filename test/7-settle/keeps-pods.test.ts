import { expect, test } from 'vitest';
import { convert } from '../../src/convert.ts';

const objects = (addresses: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: hatch, namespace: kitchen}
spec:
  selector: {istio: kitchen-hatch}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [soup.example.com]
---
apiVersion: v1
kind: Service
metadata: {name: hatch, namespace: kitchen}
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: {istio: kitchen-hatch}
  ports: [{name: http, port: 80}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: soup, namespace: kitchen}
spec:
  hosts: [soup.example.com]
  gateways: [hatch]
  http:
  - route: [{destination: {host: soup}}]
---
apiVersion: v1
kind: Service
metadata: {name: soup, namespace: kitchen}
spec:
  selector: {app: soup}
  ports: [{name: http, port: 8200}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: hatch, namespace: kitchen}
spec:
  gatewayClassName: istio
${addresses}  listeners:
  - name: http
    port: 80
    protocol: HTTP
    hostname: soup.example.com
    allowedRoutes: {namespaces: {from: All}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: hatch, namespace: kitchen}
spec:
  selector:
    matchLabels: {istio: kitchen-hatch}
  rules:
  - to:
    - operation: {methods: [GET]}
`;

const ofService = `  addresses:
  - type: Hostname
    value: hatch.kitchen.svc.cluster.local
`;

function codes(addresses: string): readonly string[] {
  const { diagnostics } = convert([{ path: 'all.yaml', text: objects(addresses) }]);
  return diagnostics.map(({ code }) => code).toSorted();
}

test('a Gateway of the input with pods of its own has another address, and policies stay with the old pods', () => {
  expect(codes('')).toEqual(['gateway-exposure', 'gateway-of-its-name', 'policy-leaves-gateway']);
});

test('a Gateway of the input that names the Service of the pods keeps them', () => {
  expect(codes(ofService)).toEqual([]);
});

test('a Gateway of the input that names another Service does not', () => {
  expect(codes(ofService.replace('hatch.', 'soup.'))).toEqual([
    'gateway-exposure',
    'gateway-of-its-name',
    'policy-leaves-gateway',
  ]);
});
