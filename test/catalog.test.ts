import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAX_FILE_SIZE } from '../src/1-read/read-file.ts';
import { type Code, catalog } from '../src/diagnostics/catalog.ts';
import type { SourceFile } from '../src/index.ts';
import { convert } from '../src/index.ts';
import { defaultOptions, type Options } from '../src/options.ts';
import { decodeText } from './2-decode/decoded.ts';
import { type CaseFolder, caseFolders } from './case-folders.ts';

const source = join(import.meta.dirname, '../src');
const codes = Object.keys(catalog) as Code[];

/** Whatever takes several files, or bytes that no manifest should have: a case folder has one file. */
interface Scenario {
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly options?: Partial<Options>;
  /** All that is said, in order. */
  readonly codes: readonly Code[];
}

const route = (namespace = 'bookinfo', name = 'reviews', more = '') => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
        port:
          number: 9080
${more}`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: bookinfo
spec:
  selector: {app: reviews}
  ports:
  - name: http
    port: 9080
`;

const kustomization = (text: string): SourceFile => ({
  path: 'base/kustomization.yaml',
  text: `resources: [all.yaml]\n${text}`,
});

const timeoutPatch = `patches:
- target:
    kind: VirtualService
  patch: |
    - op: add
      path: /spec/http/0/timeout
      value: 5s
`;

const base: SourceFile = { path: 'base/all.yaml', text: `${route()}---\n${service}` };

const subsets = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: bookinfo
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
`;

const scenarios: readonly Scenario[] = [
  {
    name: 'no YAML',
    files: [{ path: 'a.yaml', text: 'kind: VirtualService\n  a: [\n' }],
    codes: ['yaml-invalid'],
  },
  {
    name: 'a template',
    files: [{ path: 'a.yaml', text: `${route()}  {{- if .Values.a }}\n  exportTo: ['.']\n  {{- end }}\n` }],
    codes: ['template'],
  },
  {
    name: 'a template of what is only looked up',
    files: [{ path: 'a.yaml', text: `{{ if .Values.a }}\n${service}{{ end }}\n` }],
    codes: ['template-not-read'],
  },
  {
    name: 'a key twice',
    files: [{ path: 'a.yaml', text: `${service}spec: {}\n` }],
    codes: ['duplicate-key'],
  },
  {
    name: 'objects in an array',
    files: [{ path: 'a.json', text: '[{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}]' }],
    codes: ['array-of-objects'],
  },
  {
    name: 'aliases of aliases',
    files: [
      {
        path: 'a.yaml',
        text: `${service}a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi']
          .map((name, index) => {
            const before = `*${'abcdefgh'[index]}`;
            return `${name}: &${name} [${Array(10).fill(before).join(',')}]\n`;
          })
          .join('')}`,
      },
    ],
    codes: ['alias-bomb'],
  },
  {
    name: 'too deep',
    files: [{ path: 'a.yaml', text: `${service}status: ${'['.repeat(3000)}${']'.repeat(3000)}\n` }],
    codes: ['nesting-too-deep'],
  },
  {
    name: 'too large',
    files: [{ path: 'a.yaml', text: route() + '#'.repeat(MAX_FILE_SIZE) }],
    codes: ['file-too-large'],
  },
  {
    name: 'no text',
    files: [{ path: 'a.yaml', text: [...route()].join('\0') }],
    codes: ['not-text'],
  },
  {
    name: 'versions and kinds that nobody serves',
    files: [
      { path: 'a.yaml', text: route().replace('istio.io/v1', 'istio.io/v2') },
      { path: 'b.yaml', text: route().replace(/^apiVersion.*\n/, '') },
      { path: 'c.yaml', text: route().replace(/kind: .*\n/, '') },
      { path: 'd.yaml', text: route().replace('kind: VirtualService', 'kind: VirtualServices') },
    ],
    codes: ['api-version-unknown', 'api-version-missing', 'kind-missing', 'kind-unknown'],
  },
  {
    name: 'names that nobody may have',
    files: [
      { path: 'a.yaml', text: route().replace('  name: reviews\n', '') },
      {
        path: 'b.yaml',
        text: route('bookinfo', 'Reviews_1').replace('hosts: [reviews]', 'hosts: [ratings]'),
      },
    ],
    codes: ['name-missing', 'name-invalid'],
  },
  {
    name: 'a placeholder for a number',
    files: [{ path: 'a.yaml', text: route().replace('number: 9080', 'number: $(PORT)') }],
    codes: ['placeholder-unresolved'],
  },
  {
    name: 'a field that is gone',
    files: [{ path: 'a.yaml', text: route().replace('number: 9080', 'name: http') }],
    codes: ['field-missing', 'removed-field'],
  },
  {
    name: 'a word that YAML 1.1 reads otherwise',
    files: [
      {
        path: 'a.yaml',
        text: route().replace('  - route', '  - corsPolicy: {allowCredentials: yes}\n    route'),
      },
    ],
    codes: ['no-waypoint', 'cors-approximate', 'yaml-1.1-scalar'],
  },
  {
    name: 'routes and Gateways that an API server refuses',
    files: [
      {
        path: 'a.yaml',
        text: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: a
spec:
  rules:
  - timeouts:
      request: 1.5s
`,
      },
      {
        path: 'b.yaml',
        text: `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: a
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    tls:
      mode: Terminate
`,
      },
    ],
    codes: ['route-duration-invalid', 'listener-invalid', 'listener-invalid'],
  },
  {
    name: 'a body that istiod finds too large',
    files: [
      {
        path: 'a.yaml',
        text: `${route().replace(/ {2}- route:[\s\S]*/, '')}  - directResponse:
      status: 200
      body:
        string: ${'x'.repeat(2 ** 20 + 1)}
`,
      },
    ],
    codes: ['body-too-large'],
  },
  {
    name: 'two files that claim a host',
    files: [
      { path: 'a/route.yaml', text: route() },
      { path: 'b/route.yaml', text: route('bookinfo', 'reviews-too') },
      { path: 'service.yaml', text: service },
    ],
    codes: ['host-claimed-elsewhere', 'no-waypoint', 'host-claimed-elsewhere', 'no-waypoint'],
  },
  {
    name: 'an ignore without a reason',
    files: [
      {
        path: 'a.yaml',
        text: `${route().replace('  namespace: bookinfo\n', '  namespace: bookinfo\n  annotations:\n    vs2route/ignore: no-waypoint\n')}---\n${service}`,
      },
    ],
    codes: ['ignore-without-reason'],
  },
  {
    name: 'a patch of a kustomization',
    files: [base, kustomization(timeoutPatch)],
    codes: ['kustomize-patch'],
  },
  {
    name: 'a patch that is dropped',
    files: [base, kustomization(timeoutPatch)],
    options: { patches: 'drop' },
    codes: ['kustomize-patch-dropped', 'no-waypoint'],
  },
  {
    name: 'a kustomization that renames',
    files: [base, kustomization('namePrefix: dev-\n')],
    codes: ['kustomize-renames', 'no-waypoint'],
  },
  {
    name: 'a kustomization that renames, with a configuration',
    files: [base, kustomization('namePrefix: dev-\nconfigurations: [names.yaml]\n')],
    codes: ['kustomize-renames-by-configuration', 'no-waypoint'],
  },
  {
    name: 'a kustomization that renames what a subset becomes',
    files: [
      {
        path: 'base/all.yaml',
        text: `${route().replace('        port', '        subset: v1\n        port')}---\n${service}---
${subsets}`,
      },
      kustomization('nameSuffix: -blue\n'),
    ],
    codes: ['kustomize-renames-subset'],
  },
  {
    name: 'a kustomization that moves a route away from its Service',
    files: [
      {
        path: 'base/all.yaml',
        text: route('shop').replaceAll(/(?<=host: |hosts: \[)reviews/g, 'reviews.bookinfo.svc.cluster.local'),
      },
      { path: 'service.yaml', text: service },
      kustomization('namespace: shop\n'),
    ],
    codes: ['kustomize-namespace'],
  },
  {
    name: 'a kustomization that labels the Service of a subset alone',
    files: [
      { path: 'base/all.yaml', text: service },
      kustomization('commonLabels: {team: shop}\n'),
      {
        path: 'routes/all.yaml',
        text: `${route().replace('        port', '        subset: v1\n        port')}---
${subsets}`,
      },
    ],
    codes: ['kustomize-labels-subset'],
  },
  {
    name: 'a transformer that nobody knows',
    files: [base, kustomization('transformers: [mesh-defaults.yaml]\n')],
    codes: ['kustomize-transformer', 'no-waypoint'],
  },
];

function convertScenario({ files, options = {} }: Scenario) {
  return convert(files, [], { ...defaultOptions, ...options });
}

test.each(scenarios)('$name', scenario => {
  expect(convertScenario(scenario).diagnostics.map(({ code }) => code)).toEqual(scenario.codes);
});

test('every code is reported by something', () => {
  const texts = readdirSync(source, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.endsWith('/catalog'))
    .filter(({ parentPath }) => !parentPath.endsWith('/diagnostics/fields'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n');
  const quoted = new Set([...texts.matchAll(/'([a-z0-9.-]+)'/g)].map(([, word]) => word));
  expect(codes.filter(code => !quoted.has(code))).toEqual([]);
});

/** What the verdicts of istiod and the CRDs are about: objects that are refused, one by one. */
function codesOfVerdicts(): readonly Code[] {
  const rows = ['istiod-verdicts.json', 'policy-verdicts.json'].flatMap(name => {
    const text = readFileSync(join(import.meta.dirname, '2-decode', name), 'utf8');
    return (
      JSON.parse(text) as { readonly objects: readonly { readonly kind: string; readonly spec: unknown }[] }
    ).objects;
  });
  return rows.flatMap(({ kind, spec }) => {
    const group = /Policy|Authentication/.test(kind) ? 'security' : 'networking';
    const object = {
      apiVersion: `${group}.istio.io/v1`,
      kind,
      metadata: { name: 'a', namespace: 'b' },
      spec,
    };
    return decodeText(JSON.stringify(object), 'a.json').diagnostics.map(({ code }) => code);
  });
}

/** What a case is expected to say, which another test holds it to. */
function codesOfCase({ path }: CaseFolder): readonly Code[] {
  const lines = readFileSync(join(path, 'diagnostics.txt'), 'utf8');
  return [...lines.matchAll(/^(?:error|warning|info) (\S+) /gm)].map(([, code]) => code as Code);
}

function codesOfTrees(): readonly Code[] {
  const folder = join(import.meta.dirname, '../testdata/trees');
  const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('diagnostics.txt'))
    .map(path => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  return [...lines.matchAll(/^(?:error|warning|info) (\S+) /gm)].map(([, code]) => code as Code);
}

/** What only `verify` says. */
function codesOfComparisons(): readonly Code[] {
  const folder = join(import.meta.dirname, '../testdata/verify');
  const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('expected.txt'))
    .map(path => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  return [...lines.matchAll(/^(?:error|warning|info) (\S+) /gm)].map(([, code]) => code as Code);
}

test('every code has a case, a tree, a comparison, a scenario or a verdict', () => {
  const shown = new Set<Code>([
    // Says that the conversion is at fault: whatever is found to bring it about is mended.
    'not-proven',
    ...caseFolders().flatMap(codesOfCase),
    ...codesOfTrees(),
    ...codesOfComparisons(),
    ...scenarios.flatMap(scenario => convertScenario(scenario).diagnostics.map(({ code }) => code)),
    ...codesOfVerdicts(),
  ]);
  expect(codes.filter(code => !shown.has(code))).toEqual([]);
});
