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

test('a policy that one overlay has no other form for stays as it is in all', () => {
  const files = [
    { path: 'policy.yaml', text: policy },
    { path: 'a/all.yaml', text: `${route('1s')}---\n${service}` },
    {
      path: 'b/all.yaml',
      text: `${route('2s')}---\n${service.replace('port: 9080', 'port: 80')}---\n${service
        .replace('name: reviews', 'name: reviews-direct')
        .replace(/ {2}labels:\n.*\n/, '')}`,
    },
  ];
  const { diagnostics, edits } = convert(files, [], { ...defaultOptions, policies: 'convert' });
  expect(
    diagnostics
      .filter(({ code }) => code.startsWith('policy-'))
      .map(({ code, message }) => `${code}: ${message}`),
  ).toEqual([
    'policy-keeps-pods: --policies convert leaves the policy as it is: Service reviews-direct leads to such pods, too, and no label sends its requests through a waypoint',
    'policy-needs-waypoint: only a waypoint enforces methods, and it passes over policies that choose pods by labels: once the pods of Service bookinfo/reviews have no sidecars, ztunnel leaves those rules out, so that nothing is left that it admits',
  ]);
  expect(edits.filter(({ source }) => source.document.file.path === 'policy.yaml')).toEqual([]);
});
