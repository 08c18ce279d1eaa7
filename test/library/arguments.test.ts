import { describe, expect, test } from 'vitest';
import { ArgumentError, applyEdits, convert, printResources, trace, verify } from '../../src/index.ts';

/** As a program without types calls it. */
type Loose = (...args: readonly unknown[]) => unknown;

const file = { path: 'a.yaml', text: '' };
const request = {
  scheme: 'http',
  host: 'a',
  port: 80,
  method: 'GET',
  path: '/',
  headers: {},
  queryParams: {},
};

describe.each<readonly [string, Loose, readonly (readonly [readonly unknown[], string, string])[]]>([
  [
    'convert',
    convert as Loose,
    [
      [[], 'files', 'files has to be a list of {path, text}'],
      [['a.yaml'], 'files', 'files has to be a list of {path, text}'],
      [[['a.yaml']], 'files[0]', 'files[0] has to be {path, text}'],
      [[[file, { path: 'b.yaml' }]], 'files[1].text', 'files[1].text has to be a text'],
      [[[{ text: '' }]], 'files[0].path', 'files[0].path has to be a text'],
      [[[file, file]], 'files[1].path', 'files[1].path is there twice: "a.yaml"'],
      [[[file], file], 'facts', 'facts has to be a list of {path, text}'],
      [[[file], [], null], 'options', 'options has to be an object'],
      [[[file], [], { profil: 'istio' }], 'options.profil', 'options.profil is not an option'],
      [[[file], [], { constructor: 1 }], 'options.constructor', 'options.constructor is not an option'],
      [
        [[file], [], { profile: 'nginx' }],
        'options.profile',
        'options.profile has to be one of istio, portable, envoy-gateway, contour, traefik',
      ],
      [
        [[file], [], { gatewayApi: 1.6 }],
        'options.gatewayApi',
        'options.gatewayApi has to be one of 1.4, 1.5, 1.6, 1.7',
      ],
      [
        [[file], [], { defaultPort: '80' }],
        'options.defaultPort',
        'options.defaultPort has to be a port: a whole number from 1 to 65535',
      ],
      [
        [[file], [], { namespace: 'Shop' }],
        'options.namespace',
        'options.namespace has to be the name of a namespace',
      ],
      [[[file], [], {}, true], 'progress', 'progress has to be a function'],
    ],
  ],
  [
    'verify',
    verify as Loose,
    [
      [[file], 'before', 'before has to be a list of {path, text}'],
      [[[file]], 'after', 'after has to be a list of {path, text}'],
      [
        [[], [], [], { from: 'mesh' }],
        'options.from',
        'options.from has to be one of sidecar, ambient, labels',
      ],
    ],
  ],
  [
    'trace',
    trace as Loose,
    [
      [[[file]], 'request', 'request has to be an object'],
      [
        [[file], { ...request, path: 'a' }],
        'request.path',
        'request.path has to be a text that begins with /',
      ],
      [
        [[file], { ...request, headers: ['a'] }],
        'request.headers',
        'request.headers has to be an object of texts',
      ],
    ],
  ],
  [
    'applyEdits',
    applyEdits as Loose,
    [
      [[file, []], 'conversion', 'conversion has to be what convert returned'],
      [[undefined], 'conversion', 'conversion has to be what convert returned'],
    ],
  ],
  [
    'printResources',
    printResources as Loose,
    [
      [['a'], 'resources', 'resources has to be a list of objects'],
      [[[{}]], 'resources[0]', 'resources[0] has to be an object of a conversion'],
    ],
  ],
])('%s', (_name, run, wrong) => {
  test.each(wrong)('refuses %j by the name of the argument', (args, argument, message) => {
    const call = (): unknown => run(...args);
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(expect.objectContaining({ name: 'ArgumentError', argument, message }));
  });
});

test('options that are not given have their defaults', () => {
  expect(convert([file], [], { profile: 'portable' })).toEqual(convert([file], [], { profile: 'portable' }));
  expect(() => convert([], [], { waypoint: 'infra/way', gatewayService: 'infra/edge' })).not.toThrow();
  expect(() => verify([], [], [], { from: 'ambient' })).not.toThrow();
});

test('the edits of a conversion give every file: edited, as it was, or gone, with kustomizations mended', () => {
  const kustomization = 'resources:\n- a.yaml\n- rule.yaml\n';
  const rule = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: shop}
spec: {host: a, subsets: [{name: v1, labels: {version: v1}}]}
`;
  const virtualService = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: shop}
spec: {hosts: [a], http: [{route: [{destination: {host: a, subset: v1}}]}]}
`;
  const services = ['a', 'a-v1']
    .map(
      name =>
        `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {selector: {app: a${name === 'a' ? '' : ', version: v1'}}, ports: [{port: 80}]}\n`,
    )
    .join('---\n');
  const conversion = convert([
    { path: 'a.yaml', text: virtualService },
    { path: 'rule.yaml', text: rule },
    { path: 'services.yaml', text: services },
    { path: 'kustomization.yaml', text: kustomization },
  ]);
  const after = applyEdits(conversion);
  expect([...after].map(([path, text]) => [path, path === 'a.yaml' ? text?.split('\n')[1] : text])).toEqual([
    ['a.yaml', 'kind: HTTPRoute'],
    ['rule.yaml', undefined],
    ['services.yaml', services],
    ['kustomization.yaml', 'resources:\n- a.yaml\n'],
  ]);
});
