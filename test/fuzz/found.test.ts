import { expect, test } from 'vitest';
import { defaultOptions } from '../../src/index.ts';
import { brokenPromises } from './promises.ts';

/** What fuzzing broke once. */
const found = {
  'a rewrite by an expression that is none': `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: parcels
  namespace: post
spec:
  hosts:
  - depot
  http:
  - rewrite:
      uriRegexRewrite:
        match: ^/parcels(/|$
        rewrite: /
    route:
    - destination:
        host: depot
        port:
          number: 80
`,
  'a wildcard whose other Services are in a broken document': `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: songs
  namespace: hall
spec:
  hosts:
  - "*.hall.svc.cluster.local"
  http:
  - timeout: 5s
    route:
    - destination:
        host: organ
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: organ-songs
  namespace: hall
spec:
  hosts:
  - organ
  http:
  - route:
    - destination:
        host: organ
---
apiVersion: v1
kind: Service
metadata:
 %YAML 1.2
  name: choir
---
apiVersion: v1
kind: Service
metadata:
  name: organ
  namespace: hall
spec:
  selector:
    app: organ
  ports:
  - name: http
    port: 5050
`,
} as const;

test.each(Object.entries(found))('%s', (_, text) => {
  const file = { path: 'found.yaml', text };
  expect(brokenPromises({ file, facts: [], options: defaultOptions })).toEqual([]);
});
