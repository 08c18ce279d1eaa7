import fc from 'fast-check';

/** The files of a repository, by path. */
export type Files = Readonly<Record<string, string>>;

/** How an overlay changes what its base has; each in the forms that people write. */
const patches = [
  'none',
  'merge-in-a-file',
  'merge-inline',
  'json-inline',
  'json-in-a-file',
  'strategic-list',
  'json6902-list',
  'labels',
  'subset',
  'component',
  'gateway',
  'replacement',
  'rule',
] as const;

interface App {
  readonly name: string;
  readonly bound: 'mesh' | 'gateway';
  readonly subset: boolean;
  readonly policy: boolean;
  readonly entries: 'one' | 'exact' | 'header' | 'delay' | 'weights';
}

interface Overlay {
  readonly patch: (typeof patches)[number];
  readonly own: 'nothing' | 'route' | 'rule';
  readonly namespace: boolean;
}

/** A repository with a base and two or three overlays of it. */
export const repositories: fc.Arbitrary<Files> = fc
  .record({
    apps: fc.uniqueArray(
      fc.record<App>({
        name: fc.constantFrom('cart', 'stock', 'parcel'),
        bound: fc.constantFrom('mesh', 'gateway'),
        subset: fc.boolean(),
        policy: fc.boolean(),
        entries: fc.constantFrom('one', 'exact', 'header', 'delay', 'weights'),
      }),
      { minLength: 1, maxLength: 3, selector: ({ name }) => name },
    ),
    overlays: fc.array(
      fc.record<Overlay>({
        patch: fc.constantFrom(...patches),
        own: fc.constantFrom('nothing', 'nothing', 'route', 'rule'),
        namespace: fc.boolean(),
      }),
      { minLength: 2, maxLength: 3 },
    ),
    oneFile: fc.boolean(),
  })
  .map(({ apps, overlays, oneFile }) => ({
    ...base(apps, oneFile),
    ...Object.assign({}, ...overlays.map((overlay, index) => overlayFiles(overlay, index, apps))),
  }));

function base(apps: readonly App[], oneFile: boolean): Files {
  const objects = apps.flatMap((app): readonly (readonly [string, string])[] => [
    [`service-${app.name}.yaml`, service(app.name)],
    ...(app.subset || app.policy ? [[`rule-${app.name}.yaml`, rule(app)] as const] : []),
    [`route-${app.name}.yaml`, virtualService(app)],
  ]);
  const all = apps.some(({ bound }) => bound === 'gateway')
    ? [...objects, ['gateway.yaml', gateway] as const]
    : objects;
  const files: Files = oneFile
    ? { 'all.yaml': all.map(([, text]) => text).join('---\n') }
    : Object.fromEntries(all);
  return {
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`base/${path}`, text])),
    'base/kustomization.yaml': kustomization(Object.keys(files)),
  };
}

function kustomization(resources: readonly string[], more = ''): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${resources.map(path => `- ${path}\n`).join('')}${more}`;
}

const names = ['dev', 'stage', 'prod'];

function overlayFiles({ patch, own, namespace }: Overlay, index: number, apps: readonly App[]): Files {
  const folder = `overlays/${names[index] ?? 'more'}`;
  const [app] = apps;
  if (app === undefined) return {};
  const { files, lines } = patchOf(patch, app);
  const added =
    own === 'nothing'
      ? {}
      : { 'own.yaml': own === 'rule' ? rule({ ...app, name: 'extra', policy: true }) : extra };
  const place = namespace ? 'namespace: shop\n' : '';
  const all = { ...files, ...added };
  return Object.fromEntries([
    ...Object.entries(all).map(([path, text]) => [`${folder}/${path}`, text] as const),
    [
      `${folder}/kustomization.yaml`,
      kustomization(['../../base', ...Object.keys(added)], `${place}${lines}`),
    ] as const,
  ]);
}

function patchOf(patch: Overlay['patch'], app: App): { readonly files: Files; readonly lines: string } {
  const target = `target: {kind: VirtualService, name: ${app.name}}`;
  const merge = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${app.name}
spec:
  http:
  - timeout: 9s
    route:
    - destination:
        host: ${app.name}
`;
  const operation = '[{"op": "add", "path": "/spec/http/0/timeout", "value": "9s"}]';
  const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');
  switch (patch) {
    case 'none':
      return { files: {}, lines: '' };
    case 'merge-in-a-file':
      return { files: { 'patch.yaml': merge }, lines: 'patches:\n- path: patch.yaml\n' };
    case 'merge-inline':
      return { files: {}, lines: `patches:\n- patch: |-\n${indented(merge)}` };
    case 'json-inline':
      return { files: {}, lines: `patches:\n- ${target}\n  patch: '${operation}'\n` };
    case 'json-in-a-file':
      return { files: { 'patch.json': operation }, lines: `patches:\n- path: patch.json\n  ${target}\n` };
    case 'strategic-list':
      return { files: { 'patch.yaml': merge }, lines: 'patchesStrategicMerge:\n- patch.yaml\n' };
    case 'json6902-list':
      return {
        files: { 'patch.json': operation },
        lines: `patchesJson6902:\n- path: patch.json\n  target: {group: networking.istio.io, version: v1, kind: VirtualService, name: ${app.name}}\n`,
      };
    case 'labels':
      return {
        files: {},
        lines: `patches:\n- ${target}\n  patch: '[{"op": "add", "path": "/metadata/labels", "value": {"team": "shop"}}]'\n`,
      };
    case 'subset':
      return {
        files: {},
        lines: `patches:\n- ${target}\n  patch: '[{"op": "add", "path": "/spec/http/0/route/0/destination/subset", "value": "blue"}]'\n`,
      };
    case 'component':
      return {
        files: {
          '../../components/slow/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- ${target}
  patch: '${operation}'
`,
        },
        lines: 'components:\n- ../../components/slow\n',
      };
    case 'gateway':
      return {
        files: {},
        lines: `patches:\n- target: {kind: Gateway, name: edge}\n  patch: '[{"op": "replace", "path": "/spec/servers/0/port/number", "value": 8080}]'\n`,
      };
    case 'replacement':
      return {
        files: {},
        lines: `replacements:
- source: {kind: Service, name: ${app.name}, fieldPath: metadata.name}
  targets:
  - select: {kind: VirtualService, name: ${app.name}}
    fieldPaths: [spec.hosts.0]
`,
      };
    case 'rule':
      return {
        files: {},
        lines: `patches:\n- target: {kind: DestinationRule}\n  patch: '[{"op": "add", "path": "/spec/trafficPolicy", "value": {"connectionPool": {"tcp": {"maxConnections": 3}}}}]'\n`,
      };
  }
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
  - name: http
    port: 8080
`;
}

function rule({ name, policy }: Pick<App, 'name' | 'policy'>): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
spec:
  host: ${name}
${policy ? '  trafficPolicy:\n    connectionPool:\n      tcp:\n        maxConnections: 7\n' : ''}  subsets:
  - name: blue
    labels:
      colour: blue
  - name: green
    labels:
      colour: green
`;
}

function virtualService({ name, bound, subset, entries }: App): string {
  const destination = (which = 'blue'): string =>
    `    - destination:\n        host: ${name}\n${subset ? `        subset: ${which}\n` : ''}`;
  const match = {
    one: '',
    weights: '',
    exact: '  - match:\n    - uri:\n        exact: /here\n    timeout: 2s\n',
    header: '  - match:\n    - headers:\n        x-beta:\n          exact: "1"\n    timeout: 2s\n',
    delay:
      '  - match:\n    - uri:\n        exact: /slow\n    fault:\n      delay:\n        fixedDelay: 2s\n        percentage:\n          value: 100\n',
  }[entries];
  const first = match === '' ? '' : `${match}    route:\n${destination('green')}`;
  const last =
    entries === 'weights' && subset
      ? `  - route:\n${destination()}      weight: 90\n${destination('green')}      weight: 10\n`
      : `  - route:\n${destination()}`;
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
  - ${bound === 'mesh' ? name : `${name}.example.com`}
${bound === 'mesh' ? '' : '  gateways:\n  - edge\n'}  http:
${first}${last}`;
}

const extra = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: extra
spec:
  hosts:
  - extra
  http:
  - route:
    - destination:
        host: extra
---
${service('extra')}`;

const gateway = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: edge
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 443
      name: https
      protocol: HTTPS
    hosts:
    - "*.example.com"
    tls:
      mode: SIMPLE
      credentialName: edge-tls
`;
