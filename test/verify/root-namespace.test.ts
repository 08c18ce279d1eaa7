import { expect, test } from 'vitest';
import { defaultOptions } from '../../src/options.ts';
import { verify } from '../../src/verify/verify.ts';

const mesh = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    rootNamespace: istio-config
`;

const rule = (timeout: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: kiln
  namespace: istio-config
spec:
  host: kiln.pottery.svc.cluster.local
  trafficPolicy:
    connectionPool:
      tcp:
        connectTimeout: ${timeout}
`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: kiln
  namespace: pottery
spec:
  ports:
  - name: http
    port: 7000
`;

function compared(rootNamespace: string | undefined, config: string) {
  const { from: _from, ...options } = defaultOptions;
  const side = (timeout: string) => [
    { path: 'all.yaml', text: [config, rule(timeout), service].join('---\n') },
  ];
  const given = rootNamespace === undefined ? options : { ...options, rootNamespace };
  const { causes, faults } = verify(side('1s'), side('2s'), [], given);
  return {
    // Clients of istio-config see a rule of their own namespace in any case.
    differs: causes.some(({ vantages }) => vantages.includes('sidecar in pottery')),
    faults: faults.map(({ code, message, location }) => [code, message, location.start.line]),
  };
}

test('settings of the root namespace that MeshConfig names are compared', () => {
  expect(compared(undefined, mesh)).toEqual({ differs: true, faults: [] });
  expect(compared(undefined, mesh.replace('istio-config', 'istio-system'))).toEqual({
    differs: false,
    faults: [],
  });
});

test('the flag names the root namespace where no MeshConfig does', () => {
  expect(compared('istio-config', '')).toEqual({ differs: true, faults: [] });
  expect(compared(undefined, '')).toEqual({ differs: false, faults: [] });
});

test('a MeshConfig that contradicts the flag is an error at its place', () => {
  expect(compared('istio-system', mesh).faults).toEqual([
    [
      'root-namespace-contradicted',
      '--root-namespace istio-system contradicts rootNamespace istio-config of ConfigMap istio-system/istio',
      1,
    ],
  ]);
});
