import { expect, test } from 'vitest';
import { applyEdits } from '../../src/6-emit/apply-edits.ts';
import { convert } from '../../src/index.ts';
import { defaultOptions } from '../../src/options.ts';

const service = `apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: bookinfo
  labels:
    istio.io/use-waypoint: waypoint
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 9080
`;

const route = (timeout: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: bookinfo
spec:
  hosts: [reviews]
  http:
  - timeout: ${timeout}
    route:
    - destination:
        host: reviews
`;

const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: readers
  namespace: bookinfo
spec:
  selector:
    matchLabels:
      app: reviews
  rules:
  - to:
    - operation:
        methods: [GET]
`;

test('a policy that overlays share is settled once, and changed once', () => {
  const files = [
    { path: 'policy.yaml', text: policy },
    { path: 'service.yaml', text: service },
    { path: 'a/route.yaml', text: route('1s') },
    { path: 'b/route.yaml', text: route('2s') },
  ];
  const { diagnostics, edits } = convert(files, [], { ...defaultOptions, policies: 'convert' });
  expect(diagnostics.filter(({ code }) => code.startsWith('policy-')).map(({ code }) => code)).toEqual([
    'policy-moved',
  ]);
  const own = edits.filter(({ source }) => source.document.file.path === 'policy.yaml');
  expect(applyEdits({ path: 'policy.yaml', text: policy }, own).text).toBe(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: readers
  namespace: bookinfo
spec:
  rules:
  - to:
    - operation:
        methods: [GET]
  targetRefs:
  - group: ""
    kind: Service
    name: reviews
`);
});
