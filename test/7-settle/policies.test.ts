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
  targetRefs:
  - group: ""
    kind: Service
    name: reviews
  rules:
  - to:
    - operation:
        methods: [GET]
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
    'policy-keeps-pods: --policies convert does not change this policy: Service reviews-direct also leads to these pods, and its requests go through no waypoint',
    'policy-needs-waypoint: waypoints ignore this policy because it has a selector; once the pods of Service bookinfo/reviews have no sidecars, ztunnel drops the rules that need HTTP, so the policy allows no connection',
  ]);
  expect(edits.filter(({ source }) => source.document.file.path === 'policy.yaml')).toEqual([]);
});

const kustomization = (rest: string): { readonly path: string; readonly text: string } => ({
  path: 'kustomization.yaml',
  text: `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [policy.yaml, service.yaml, route.yaml]
${rest}`,
});

/** What is said of the policy, and its text after the conversion. */
function moved(rest: string): { readonly told: readonly string[]; readonly isChanged: boolean } {
  const files = [
    { path: 'policy.yaml', text: policy },
    { path: 'service.yaml', text: service },
    { path: 'route.yaml', text: route('1s') },
    kustomization(rest),
  ];
  const { diagnostics, edits } = convert(files, [], { ...defaultOptions, policies: 'convert' });
  return {
    told: diagnostics
      .filter(({ code }) => code === 'policy-moved' || code === 'policy-keeps-pods')
      .map(({ message }) => message),
    isChanged: edits.some(({ source }) => source.document.file.path === 'policy.yaml'),
  };
}

test('a policy that a kustomization patches keeps its labels', () => {
  const patch = (body: string) =>
    moved(`patches:
- target: {kind: AuthorizationPolicy, name: readers}
  patch: |
${body}`);
  const byLabels = patch(`    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: readers}
    spec: {selector: {matchLabels: {tier: web}}}
`);
  const reason = 'kustomization.yaml patches it (patches[0]), and the patch may not fit targetRefs';
  const kept = { told: [`--policies convert does not change this policy: ${reason}`], isChanged: false };
  expect(byLabels).toEqual(kept);
  expect(patch('    [{"op": "remove", "path": "/spec/selector"}]\n')).toEqual(kept);
  // Labels and annotations of the policy itself mean the same beside targetRefs.
  expect(patch('    [{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]\n').isChanged).toBe(
    true,
  );
});

test('a policy whose target a kustomization would rename keeps its labels', () => {
  expect(moved('namePrefix: blue-\n')).toEqual({
    told: [
      '--policies convert does not change this policy: the kustomization in . renames its targets, and kustomize does not rename targetRefs',
    ],
    isChanged: false,
  });
  expect(moved('commonAnnotations: {a: b}\n').isChanged).toBe(true);
});

test('a policy that selects pods is reported once, however many overlays there are', () => {
  const telemetry = `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: traces
  namespace: bookinfo
spec:
  selector:
    matchLabels:
      app: reviews
  tracing:
  - randomSamplingPercentage: 5
`;
  const { diagnostics } = convert([
    { path: 'telemetry.yaml', text: telemetry },
    { path: 'service.yaml', text: service },
    { path: 'a/route.yaml', text: route('1s') },
    { path: 'b/route.yaml', text: route('2s') },
  ]);
  expect(diagnostics.filter(({ code }) => code === 'extension-needs-waypoint')).toHaveLength(1);
});
