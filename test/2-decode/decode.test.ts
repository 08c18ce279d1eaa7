import { describe, expect, test } from 'vitest';
import { decodeText, lines } from './decoded.ts';

test('an object with everything in its place', () => {
  const { resources, diagnostics } = decodeText(`apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: reviews
  namespace: bookinfo
  labels: {app: reviews}
  annotations: {a: "1"}
  ownerReferences: [{apiVersion: v1, kind: X, name: w, uid: z}]
  creationTimestamp: "2024-01-01T00:00:00Z"
spec:
  hosts: [reviews]
  gateways:
  http:
  - match:
    - uri: {prefix: /a}
      headers: {x-user: {exact: jason}, x-any: {}}
    route:
    - destination: {host: reviews, subset: v1, port: {number: 0120}}
      weight: 80.0
    timeout: 1.5s
status: {}
`);
  expect(resources).toMatchObject([
    {
      type: 'istio.VirtualService',
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'VirtualService',
      name: 'reviews',
      namespace: 'bookinfo',
      metadata: {
        name: 'reviews',
        namespace: 'bookinfo',
        labels: { app: 'reviews' },
        annotations: { a: '1' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'w' }],
        creationTimestamp: '2024-01-01T00:00:00Z',
      },
      spec: {
        hosts: ['reviews'],
        http: [
          {
            match: [{ uri: { prefix: '/a' }, headers: { 'x-user': { exact: 'jason' }, 'x-any': {} } }],
            route: [{ destination: { host: 'reviews', subset: 'v1', port: { number: 80 } }, weight: 80 }],
            timeout: '1.5s',
          },
        ],
      },
      source: { path: [] },
    },
  ]);
  expect(Object.keys(resources[0]?.spec ?? {})).toEqual(['hosts', 'http']);
  expect(lines(diagnostics)).toEqual([
    'warning yaml-1.1-scalar spec.http[0].route[0].destination.port.number: kubectl reads `0120` without quotes as 80',
  ]);
});

test('every finding within an object names the object', () => {
  const { diagnostics } = decodeText(
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: b}\nspec: {hosts: on, htp: []}\nspec2: 1\n',
  );
  expect(lines(diagnostics)).toEqual([
    'error field-missing spec: `spec` has no `http`, `tls` or `tcp`',
    'error wrong-type spec.hosts: `hosts` must be a list, but it is the boolean true (written `on`)',
    'error field-not-known spec.htp: vs2route does not know field `htp` of `spec`, so the VirtualService is not converted',
    'error field-not-known spec2: vs2route does not know field `spec2` of the object, so the VirtualService is not converted',
  ]);
  for (const { resource } of diagnostics)
    expect(resource).toEqual({ kind: 'VirtualService', namespace: 'b', name: 'a' });
});

describe('apiVersion and kind decide the type of an object', () => {
  const object = (head: string): string =>
    `${head}\nmetadata: {name: a}\nspec: {hosts: [a], http: [{delegate: {name: b}}]}\n`;
  test.each<[head: string, types: readonly string[], says: readonly string[]]>([
    ['apiVersion: networking.istio.io/v1\nkind: VirtualService', ['istio.VirtualService'], []],
    ['apiVersion: networking.istio.io/v1beta1\nkind: VirtualService', ['istio.VirtualService'], []],
    ['apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualService', [], []],
    ['apiVersion: networking.istio.io/v1\nkind: WorkloadGroup', [], []],
    ['apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization', ['flux.Kustomization'], []],
    ['apiVersion: app.k8s.io/v1beta1\nkind: Application', [], []],
    [
      'apiVersion: networking.istio.io/v2\nkind: VirtualService',
      [],
      ['error api-version-unknown apiVersion: VirtualService has no version `networking.istio.io/v2`'],
    ],
    [
      'apiVersion: networking.isto.io/v1\nkind: VirtualService',
      [],
      ['error api-version-unknown apiVersion: VirtualService has no version `networking.isto.io/v1`'],
    ],
    [
      'apiVersion: networking.istio.io/v1\nkind: VirtualServices',
      [],
      ['error kind-unknown kind: `networking.istio.io/v1` has no kind `VirtualServices`'],
    ],
    ['apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet', [], []],
    ['kind: VirtualService', [], ['error api-version-missing : the VirtualService has no `apiVersion`']],
    [
      'apiVersion: networking.istio.io/v1',
      [],
      ['error kind-missing : the object of `networking.istio.io/v1` has no `kind`'],
    ],
  ])('%j', (head, types, says) => {
    const { resources, diagnostics } = decodeText(object(head));
    expect(resources.map(({ type }) => type)).toEqual(types);
    expect(lines(diagnostics)).toEqual(says);
  });
});

describe('names', () => {
  const route = 'spec: {hosts: [a], http: [{delegate: {name: b}}]}';
  const named = (metadata: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\n${metadata}\n${route}\n`;
  test.each<[metadata: string, says: readonly string[]]>([
    ['metadata: {name: a.b-c}', []],
    ['metadata: {name: "a-$(X)"}', []],
    ['metadata: {}', ['error name-missing metadata: the VirtualService has no `metadata.name`']],
    [
      'labels: {}',
      [
        'error name-missing metadata: the VirtualService has no `metadata.name`',
        'error field-not-known labels: vs2route does not know field `labels` of the object, so the VirtualService is not converted',
      ],
    ],
    [
      'metadata: {generateName: a-}',
      ['error name-missing metadata: the VirtualService has no `metadata.name`'],
    ],
    [
      'metadata: {name: A_b}',
      [
        'error name-invalid metadata.name: `A_b` is not a valid name for a VirtualService: it is not a DNS name in lower case',
      ],
    ],
    [
      'metadata: {name: n}',
      ['error wrong-type metadata.name: `name` must be a string, but it is the boolean false (written `n`)'],
    ],
    [
      'metadata: {name: a, lables: {}}',
      [
        'warning unknown-field metadata.lables: `metadata` has no field `lables`; it is ignored today and left out',
      ],
    ],
    [
      'metadata: {name: a, labels: {version: 1.10}}',
      [
        'error wrong-type metadata.labels.version: `version` must be a string, but it is the number 1.1 (written `1.10`)',
      ],
    ],
    [
      'metadata: {name: a, labels: {y: "1"}}',
      ['warning yaml-1.1-scalar metadata.labels.true: kubectl reads `y` without quotes as true'],
    ],
  ])('%s', (metadata, says) => {
    expect(lines(decodeText(named(metadata)).diagnostics).toSorted()).toEqual(says.toSorted());
  });

  test('a Gateway is a label', () => {
    const { diagnostics } = decodeText(
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a.b}\nspec: {servers: [{hosts: ["*"], port: {number: 80, name: http, protocol: HTTP}}]}\n',
    );
    expect(lines(diagnostics)).toEqual([
      'error name-invalid metadata.name: `a.b` is not a valid name for a Gateway: it is not a DNS label',
    ]);
  });
});

test('an object with a spec of another type is decoded, and not converted', () => {
  const { resources, diagnostics } = decodeText(
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: []\n',
  );
  expect(resources).toMatchObject([{ name: 'a', spec: {} }]);
  expect(lines(diagnostics)).toEqual(['error wrong-type spec: `spec` must be a mapping, but it is a list']);
});

test('a patch is no object', () => {
  expect(
    decodeText(
      '$patch: delete\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\n',
    ),
  ).toEqual({
    resources: [],
    diagnostics: [],
  });
});

test.each<[name: string, text: string, resource: object]>([
  [
    'Service',
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ClusterIP, sessionAffinity: None, selector: {app: a}, ports: [{name: http, port: 80, targetPort: web}, {port: 81, targetPort: 8080, appProtocol: grpc}]}',
    {
      type: 'core.Service',
      spec: {
        type: 'ClusterIP',
        selector: { app: 'a' },
        ports: [
          { name: 'http', port: 80, targetPort: 'web' },
          { port: 81, targetPort: 8080, appProtocol: 'grpc' },
        ],
      },
    },
  ],
  [
    'Namespace',
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {x: z}}',
    { type: 'core.Namespace', metadata: { labels: { x: 'z' } }, spec: {} },
  ],
  [
    'DestinationRule',
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, trafficPolicy: {connectionPool: {tcp: {maxConnections: 5}}, tls: {mode: ISTIO_MUTUAL}}, subsets: [{name: v1, labels: {version: v1}}]}',
    {
      type: 'istio.DestinationRule',
      spec: {
        host: 'a',
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 5 } }, tls: { mode: 'ISTIO_MUTUAL' } },
        subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      },
    },
  ],
  [
    'Gateway of the Gateway API',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}',
    {
      type: 'gateway.Gateway',
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
      },
    },
  ],
  [
    'HTTPRoute',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\nspec: {parentRefs: [{kind: Service, group: "", name: a, port: 80}], rules: [{matches: [{path: {type: PathPrefix, value: /}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /x}}}, {type: ExtensionRef, extensionRef: {}}], backendRefs: [{name: a, port: 80, weight: 1}]}]}',
    {
      type: 'gateway.HTTPRoute',
      spec: {
        parentRefs: [{ kind: 'Service', group: '', name: 'a', port: 80 }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            filters: [
              {
                type: 'URLRewrite',
                urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/x' } },
              },
              { type: 'ExtensionRef' },
            ],
            backendRefs: [{ name: 'a', port: 80, weight: 1 }],
          },
        ],
      },
    },
  ],
  [
    'AuthorizationPolicy',
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {targetRefs: [{kind: Service, group: "", name: a}], action: DENY, rules: [{to: [{operation: {paths: [/x]}}]}]}',
    {
      type: 'istio.AuthorizationPolicy',
      spec: {
        targetRefs: [{ kind: 'Service', group: '', name: 'a' }],
        action: 'DENY',
        rules: [{ to: [{ operation: { paths: ['/x'] } }] }],
      },
    },
  ],
  [
    'CustomResourceDefinition',
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: httproutes.gateway.networking.k8s.io, annotations: {gateway.networking.k8s.io/bundle-version: v1.6.1}}\nspec: {group: gateway.networking.k8s.io}',
    {
      type: 'apiextensions.CustomResourceDefinition',
      metadata: { annotations: { 'gateway.networking.k8s.io/bundle-version': 'v1.6.1' } },
    },
  ],
])('%s', (_, text, resource) => {
  const { resources, diagnostics } = decodeText(text);
  expect(lines(diagnostics)).toEqual([]);
  expect(resources).toMatchObject([resource]);
});

test('kustomizations, and the files they apply as patches', async () => {
  const { patchFiles } = await import('../../src/2-decode/patch-files.ts');
  const { resources, diagnostics } = decodeText(
    'namespace: bookinfo\nresources: [../base, a.yaml]\ncommonLabels: {a: b}\npatches:\n- path: ../patches/a.yaml\n- patch: |-\n    - op: remove\n  target: {kind: VirtualService}\npatchesStrategicMerge: [./b.yaml]\npatchesJson6902: [{path: c.yaml, target: {kind: X, name: z}}]\n',
    'overlays/prod/kustomization.yaml',
  );
  expect(lines(diagnostics)).toEqual([]);
  expect(resources).toMatchObject([
    { type: 'kustomize.Kustomization', spec: { namespace: 'bookinfo', resources: ['../base', 'a.yaml'] } },
  ]);
  expect([...patchFiles(resources)]).toEqual([
    'overlays/patches/a.yaml',
    'overlays/prod/c.yaml',
    'overlays/prod/b.yaml',
  ]);
});
