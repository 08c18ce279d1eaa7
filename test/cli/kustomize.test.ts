import { spawnSync } from 'node:child_process';
import { load, loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { subsetsOf } from '../shop-objects.ts';
import { type Place, placeWith } from './run.ts';
import { isThere, runHere, shopRoute, shopService, shopVirtualService } from './shop.ts';

const withoutKustomize = !isThere('kustomize', 'version');
const write = ['convert', '--write', '--attach', 'service'];

/** Without a namespace, as in most kustomizations. */
const bare = (text: string): string => text.replaceAll('  namespace: shop\n', '');

const subsetRule = bare(subsetsOf('cart', ['v1']));

const base = {
  'base/service.yaml': bare(shopService('cart')),
  'base/virtualservice.yaml': bare(shopVirtualService('cart')),
};

/** @throws what kustomize says */
function build(place: Place, folder: string): readonly unknown[] {
  const { status, stdout, stderr } = spawnSync('kustomize', ['build', folder], {
    cwd: place.path,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return loadAll(stdout);
}

const route = (metadata: object = {}): unknown => {
  const object = load(bare(shopRoute('cart'))) as { metadata: object };
  return { ...object, metadata: { ...object.metadata, ...metadata } };
};

/** The first diagnostic without its places: a line for each file stands before it, and several of one code share a head. */
function firstDiagnostic(told: string): string {
  const lines = told.split('\n');
  const at = lines.findIndex(line => /^(error|warning|info)\[/.test(line));
  const [, head, , grouped] = /^(\w+\[[\w-]+\])( in \d+ places:)?(.*)$/.exec(lines[at] ?? '') ?? [];
  if (grouped !== '') return lines[at] ?? '';
  return `${head} ${lines[at + 1]?.trim().replace(/ \([^()]*\)$/, '')}`;
}

/** A tree that was converted; the last test builds a folder of it before and after. */
interface Built {
  readonly files: Readonly<Record<string, string>>;
  readonly tree: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Objects that have to be in what is built. */
  readonly expected: unknown[];
}

const all: Built[] = [];

async function converted(
  files: Readonly<Record<string, string>>,
  folder: string,
  ...flags: readonly string[]
): Promise<Built & { readonly told: string }> {
  const place = placeWith(files);
  const { stderr } = await runHere(place, [...write, ...flags]);
  expect((await runHere(place, ['diff', '--attach', 'service', ...flags])).stdout).toBe('');
  const result = { files, tree: place.tree(), folder, expected: [], told: stderr };
  all.push(result);
  return result;
}

test('resources: a file that is renamed keeps its place and comment, one that goes is listed no longer', async () => {
  const files = {
    'base/service.yaml': bare(shopService('cart')),
    'base/virtualservice.yaml': bare(shopVirtualService('cart')).replace(
      /host: cart\n$/,
      'host: cart\n        subset: v1\n',
    ),
    'base/rule.yaml': subsetRule,
    'base/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
# what there is
resources:
  - ./virtualservice.yaml   # traffic
  - rule.yaml # subsets
  - service.yaml
namespace: shop
`,
    'overlay/kustomization.yml': 'resources:\n- ../base\n- "../base/../other/virtualservice.yaml"\n',
    'other/virtualservice.yaml': bare(shopVirtualService('other')),
    'other/Kustomization': 'resources:\n- virtualservice.yaml\n',
  };
  const { tree } = await converted(files, 'base', '--rename', '--default-port', '8080');
  expect(Object.keys(tree)).toEqual([
    'base/httproute.yaml',
    'base/kustomization.yaml',
    'base/service.yaml',
    'other/Kustomization',
    'other/httproute.yaml',
    'overlay/kustomization.yml',
  ]);
  expect(tree['base/kustomization.yaml']).toBe(`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
# what there is
resources:
  - ./httproute.yaml   # traffic
  - service.yaml
namespace: shop
`);
  expect(tree['overlay/kustomization.yml']).toBe(
    'resources:\n- ../base\n- "../base/../other/httproute.yaml"\n',
  );
  expect(tree['other/Kustomization']).toBe('resources:\n- httproute.yaml\n');
});

test('namespace: the one of the kustomization counts, and is written nowhere', async () => {
  const files = {
    ...base,
    'base/kustomization.yaml': 'namespace: shop\nresources: [service.yaml, virtualservice.yaml]\n',
  };
  const { tree, expected, told } = await converted(files, 'base');
  expect(tree['base/virtualservice.yaml']).toBe(bare(shopRoute('cart')));
  expect(told).not.toContain('default/cart');
  expected.push(route({ namespace: 'shop' }));
});

test('namespace: the outermost kustomization decides, whatever objects and inner ones say', async () => {
  const files = {
    'base/service.yaml': shopService('cart').replace('namespace: shop', 'namespace: own'),
    'base/virtualservice.yaml': shopVirtualService('cart').replace('namespace: shop', 'namespace: own'),
    'base/kustomization.yaml': 'namespace: inner\nresources: [service.yaml, virtualservice.yaml]\n',
    'overlay/kustomization.yaml': 'namespace: outer\nresources: [../base]\n',
  };
  const { tree, expected, told } = await converted(files, 'overlay', '--verbose');
  expect(tree['base/virtualservice.yaml']).toBe(
    shopRoute('cart').replace('namespace: shop', 'namespace: own'),
  );
  expect(told).toContain('VirtualService outer/cart converted');
  expected.push(route({ namespace: 'outer' }));
});

describe('overlays in namespaces of their own', () => {
  const tree = (
    virtualService: string,
    more: Readonly<Record<string, string>> = {},
    own = '',
  ): Readonly<Record<string, string>> => ({
    'base/service.yaml': base['base/service.yaml'],
    'base/rule.yaml': subsetRule,
    'base/virtualservice.yaml': virtualService,
    'base/kustomization.yaml': 'resources: [service.yaml, rule.yaml, virtualservice.yaml]\n',
    'dev/kustomization.yaml': 'namespace: shop-dev\nresources: [../base]\n',
    'prod/kustomization.yaml': `namespace: shop\nresources: [../base${own}]\n`,
    ...more,
  });
  const withSubset = bare(shopVirtualService('cart')).replace(
    /host: cart\n$/,
    'host: cart\n        subset: v1\n',
  );
  const differs =
    'error[differs-by-environment] the result for this VirtualService would differ between dev and prod';

  test('short names are as good in each of them', async () => {
    const { tree: after } = await converted(tree(withSubset), 'prod');
    expect(after['base/virtualservice.yaml']).toContain('kind: HTTPRoute');
    expect(after['base/kustomization.yaml']).toBe('resources: [service.yaml, virtualservice.yaml]\n');
  });

  test('a name with the namespace of one holds back', async () => {
    const files = tree(withSubset.replace('- cart\n', '- cart.shop-dev.svc.cluster.local\n'));
    const { tree: after, told } = await converted(files, 'prod');
    expect(after).toEqual(files);
    expect(firstDiagnostic(told)).toBe(differs);
  });

  test('a DestinationRule of one is for the Service that all share', async () => {
    const files = tree(
      withSubset,
      {
        'prod/rule.yaml': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: cart-connections
spec:
  host: cart
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 3
`,
      },
      ', rule.yaml',
    );
    const { tree: after, told } = await converted(files, 'prod');
    expect(after).toEqual(files);
    expect(firstDiagnostic(told)).toBe(differs);
  });

  const ofEach = (prod: string): Readonly<Record<string, string>> => ({
    'base/service.yaml': base['base/service.yaml'],
    'base/rule.yaml': subsetRule,
    'base/kustomization.yaml': 'resources: [service.yaml, rule.yaml]\n',
    'dev/virtualservice.yaml': withSubset,
    'dev/kustomization.yaml': 'namespace: shop-dev\nresources: [../base, virtualservice.yaml]\n',
    'prod/virtualservice.yaml': prod,
    'prod/kustomization.yaml': 'namespace: shop\nresources: [../base, virtualservice.yaml]\n',
  });

  test('the VirtualService of each uses the subsets of a base', async () => {
    const { tree: after } = await converted(ofEach(withSubset), 'prod');
    expect(after['dev/virtualservice.yaml']).toContain('name: cart-v1');
    expect(after['prod/virtualservice.yaml']).toContain('name: cart-v1');
    expect(after['base/kustomization.yaml']).toBe('resources: [service.yaml]\n');
  });

  test('one of them is converted with its base at hand', async () => {
    const files = ofEach(withSubset);
    const place = placeWith(files);
    await runHere(place, [...write, 'prod', '--with', 'base']);
    const after = place.tree();
    expect(after['prod/virtualservice.yaml']).toContain('name: cart-v1');
    expect({ ...after, 'prod/virtualservice.yaml': withSubset }).toEqual(files);
  });

  test('a subset stays where the VirtualService of one is not converted', async () => {
    const held = withSubset.replace(
      '  - route:\n',
      '  - fault:\n      abort:\n        httpStatus: 503\n        percentage:\n          value: 1\n    route:\n',
    );
    expect(held).toContain('fault');
    const files = ofEach(held);
    const { tree: after } = await converted(files, 'prod');
    expect(after['dev/virtualservice.yaml']).toContain('kind: HTTPRoute');
    expect(after['prod/virtualservice.yaml']).toBe(held);
    expect(after['base/rule.yaml']).toBe(subsetRule);
    expect(after['base/kustomization.yaml']).toBe(files['base/kustomization.yaml']);
  });
});

test('a name that is taken is left alone', async () => {
  const files = {
    ...base,
    'base/httproute.yaml': bare(shopRoute('other')),
    'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml, httproute.yaml]\n',
  };
  const { tree } = await converted(files, 'base', '--rename');
  expect(tree).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
});

const labels = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: cart
  labels:
    team: shop # ours
`;
const routeLabels = labels
  .replace('networking.istio.io/v1', 'gateway.networking.k8s.io/v1')
  .replace('VirtualService', 'HTTPRoute');

describe('a patch of labels and annotations goes over to the route', () => {
  test.each([
    [
      'a file',
      { 'overlay/patch.yaml': labels },
      'patches:\n- path: patch.yaml\n',
      { 'overlay/patch.yaml': routeLabels },
      'patches:\n- path: patch.yaml\n',
    ],
    [
      'a file of patchesStrategicMerge',
      { 'overlay/patch.yaml': labels },
      'patchesStrategicMerge:\n- patch.yaml\n',
      { 'overlay/patch.yaml': routeLabels },
      'patchesStrategicMerge:\n- patch.yaml\n',
    ],
    [
      'JSON6902 with a target',
      {},
      `patches:
- target:
    group: networking.istio.io
    version: v1
    kind: VirtualService
    name: cart
  patch: |-
    - op: add
      path: /metadata/labels
      value: {team: shop}
`,
      {},
      `patches:
- target:
    group: gateway.networking.k8s.io
    version: v1
    kind: HTTPRoute
    name: cart
  patch: |-
    - op: add
      path: /metadata/labels
      value: {team: shop}
`,
    ],
    [
      'patchesJson6902 with a file',
      { 'overlay/patch.yaml': '- op: add\n  path: /metadata/labels\n  value: {team: shop}\n' },
      `patchesJson6902:
- path: patch.yaml
  target: {group: networking.istio.io, version: v1, kind: VirtualService, name: cart}
`,
      { 'overlay/patch.yaml': '- op: add\n  path: /metadata/labels\n  value: {team: shop}\n' },
      `patchesJson6902:
- path: patch.yaml
  target: {group: gateway.networking.k8s.io, version: v1, kind: HTTPRoute, name: cart}
`,
    ],
  ])('%s', async (_name, more, patches, moreAfter, patchesAfter) => {
    const files = {
      ...base,
      'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n',
      ...more,
      'overlay/kustomization.yaml': `resources: [../base]\n${patches}`,
    };
    const { tree, expected } = await converted(files, 'overlay');
    expect(tree).toEqual({
      ...files,
      'base/virtualservice.yaml': bare(shopRoute('cart')),
      ...moreAfter,
      'overlay/kustomization.yaml': `resources: [../base]\n${patchesAfter}`,
    });
    expected.push(route({ labels: { team: 'shop' } }));
  });
});

test('a patch of labels in a kustomization that is only shown cannot go over, and the build would fail', async () => {
  const files = {
    ...base,
    'overlay/patch.yaml': labels,
    'overlay/kustomization.yaml': 'resources: [../base]\npatches: [{path: patch.yaml}]\n',
    'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n',
  };
  const place = placeWith(files);
  const { stderr } = await runHere(place, [...write, 'base', '--with', 'overlay']);
  expect(place.tree()).toEqual(files);
  expect(firstDiagnostic(stderr)).toMatch(/^error\[kustomize-patch\] the kustomization in overlay patches /);
});

const hosts = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: cart
spec:
  hosts:
  - cart.example.com
`;

describe('a patch of anything else', () => {
  const kustomization = {
    ...base,
    'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n',
    'overlay/hosts.yaml': hosts,
  };
  const replace = `- target:
    kind: VirtualService
  patch: |-
    - op: replace
      path: /spec/hosts/0
      value: cart.example.com
`;

  test.each([
    ['a strategic merge', 'patches:\n- path: hosts.yaml\n'],
    ['an old strategic merge', 'patchesStrategicMerge: [hosts.yaml]\n'],
    ['JSON6902', `patches:\n${replace}`],
    [
      'a replacement',
      `replacements:
- source: {kind: Service, name: cart, fieldPath: metadata.name}
  targets:
  - select: {kind: VirtualService}
    fieldPaths: [spec.hosts.0]
`,
    ],
  ])('%s holds the VirtualService back', async (_name, patches) => {
    const files = { ...kustomization, 'overlay/kustomization.yaml': `resources: [../base]\n${patches}` };
    const { tree, told } = await converted(files, 'overlay');
    expect(tree).toEqual(files);
    expect(firstDiagnostic(told)).toBe(
      'error[kustomize-patch] the kustomization in overlay patches VirtualService default/cart, and the patch would not apply to the routes',
    );
  });

  const { 'overlay/hosts.yaml': _patch, ...others } = kustomization;
  const replacement = `source: {kind: Service, name: cart, fieldPath: metadata.name}
targets:
- select: {kind: VirtualService}
  fieldPaths: [spec.hosts.0]
`;

  test.each([
    ['alone', { 'overlay/replacement.yaml': replacement }],
    ['in a list', { 'overlay/replacement.yaml': `- ${replacement.trimEnd().replaceAll('\n', '\n  ')}\n` }],
    [
      'without a source',
      { 'overlay/replacement.yaml': replacement.replace(/^source.*\n/, 'source: cart\n') },
    ],
    ['not in the input', {}],
  ])('a replacement in a file of its own (%s) holds the VirtualService back', async (_name, more) => {
    const files = {
      ...others,
      ...more,
      'overlay/kustomization.yaml': 'resources: [../base]\nreplacements:\n- path: replacement.yaml\n',
    };
    const place = placeWith(files);
    const { stderr } = await runHere(place, write);
    expect(place.tree()).toEqual(files);
    expect(firstDiagnostic(stderr)).toBe(
      'error[kustomize-patch] the kustomization in overlay patches VirtualService default/cart, and the patch would not apply to the routes',
    );
  });

  test('a replacement in a file of its own that is about another object has nothing to do with it', async () => {
    const files = {
      ...others,
      'overlay/replacement.yaml': replacement.replaceAll('Service', 'ConfigMap'),
      'overlay/kustomization.yaml': 'resources: [../base]\nreplacements:\n- path: replacement.yaml\n',
    };
    const place = placeWith(files);
    await runHere(place, write);
    expect(place.tree()).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
  });

  test('a Service that a replacement only reads is as it was', async () => {
    const files = {
      ...others,
      'overlay/kustomization.yaml': `resources: [../base]
replacements:
- source: {kind: Service, name: cart, fieldPath: metadata.name}
  targets:
  - select: {kind: ConfigMap}
    fieldPaths: [data.host]
`,
    };
    const place = placeWith(files);
    await runHere(place, write);
    expect(place.tree()).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
  });

  test.each(['dev', 'prod'])('one of several overlays holds it back, too: %s', async patched => {
    const files = {
      ...others,
      'dev/kustomization.yaml': 'resources: [../base]\n',
      'prod/kustomization.yaml': 'resources: [../base]\n',
      [`${patched}/kustomization.yaml`]: `resources: [../base]\npatches:\n${replace}`,
    };
    const { tree, told } = await converted(files, patched);
    expect(tree).toEqual(files);
    expect(firstDiagnostic(told)).toBe(
      `error[kustomize-patch] the kustomization in ${patched} patches VirtualService default/cart, and the patch would not apply to the routes`,
    );
  });

  test('a patch in one of several overlays is no reason where it is about its own object', async () => {
    const own = base['base/virtualservice.yaml'].replaceAll('cart', 'till');
    const files = {
      ...others,
      'dev/kustomization.yaml': `resources: [../base, till.yaml]\npatches:\n${replace.replace('VirtualService', 'VirtualService\n    name: till')}`,
      'dev/till.yaml': own,
      'prod/kustomization.yaml': 'resources: [../base]\n',
    };
    const { tree } = await converted(files, 'dev', '--with', 'base/service.yaml');
    expect(tree).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
  });

  test('with --patches drop it is converted all the same, and the patch goes', async () => {
    const files = {
      ...kustomization,
      'overlay/kustomization.yaml': `resources: [../base]\npatches:\n- path: hosts.yaml\n${replace}- target: {kind: Service}\n  patch: '[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]'\n`,
    };
    const { tree, expected, told } = await converted(files, 'overlay', '--patches', 'drop');
    const { 'overlay/hosts.yaml': _, ...others } = files;
    expect(tree).toEqual({
      ...others,
      'base/virtualservice.yaml': bare(shopRoute('cart')),
      'overlay/kustomization.yaml': `resources: [../base]\npatches:\n- target: {kind: Service}\n  patch: '[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]'\n`,
    });
    expect(told).toContain('warning[kustomize-patch-dropped]');
    expected.push(route());
  });

  test('with --keep-virtual-services it is no other, for the routes beside it would not be patched', async () => {
    const files = {
      ...kustomization,
      'overlay/kustomization.yaml': `resources: [../base]\npatches:\n${replace}`,
    };
    const { tree, told } = await converted(files, 'overlay', '--keep-virtual-services');
    expect(tree).toEqual(files);
    expect(told).toContain('error[kustomize-patch]');
  });

  test('with --keep-virtual-services and --patches drop it stays, and so does what it patches', async () => {
    const files = {
      ...kustomization,
      'overlay/kustomization.yaml': `resources: [../base]\npatches:\n${replace}`,
    };
    const flags = ['--keep-virtual-services', '--patches', 'drop'];
    const { tree, told } = await converted(files, 'overlay', ...flags);
    expect(tree).toEqual({
      ...files,
      'base/virtualservice.yaml': `${bare(shopVirtualService('cart'))}---\n${bare(shopRoute('cart'))}`,
    });
    expect(told).toContain('warning[kustomize-patch-dropped]');
  });

  test('labels alone are no reason with --keep-virtual-services', async () => {
    const files = {
      ...base,
      'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n',
      'overlay/patch.yaml': labels,
      'overlay/kustomization.yaml': 'resources: [../base]\npatches:\n- path: patch.yaml\n',
    };
    const { tree } = await converted(files, 'overlay', '--keep-virtual-services');
    expect(tree).toEqual({
      ...files,
      'base/virtualservice.yaml': `${bare(shopVirtualService('cart'))}---\n${bare(shopRoute('cart'))}`,
    });
  });
});

test('a patch of another object has nothing to do with it', async () => {
  const files = {
    ...base,
    'base/kustomization.yaml': `resources: [service.yaml, virtualservice.yaml]
patches:
- target: {kind: Service, name: cart}
  patch: '[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]'
- target: {kind: VirtualService, name: other}
  patch: '[{"op": "remove", "path": "/spec"}]'
`,
  };
  const { tree } = await converted(files, 'base');
  expect(tree).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
});

test('a component patches what those who list it have', async () => {
  const files = {
    ...base,
    'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n',
    'component/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target: {kind: VirtualService}
  patch: '[{"op": "add", "path": "/spec/http/0/timeout", "value": "1s"}]'
`,
    'overlay/kustomization.yaml': 'resources: [../base]\ncomponents: [../component]\n',
  };
  const { tree, told } = await converted(files, 'overlay');
  expect(tree).toEqual(files);
  expect(firstDiagnostic(told)).toMatch(/^error\[kustomize-patch\] the kustomization in component patches /);
});

describe('a patch of a Service that the VirtualService is about', () => {
  const merge = (spec: string): string =>
    `- patch: |-\n    apiVersion: v1\n    kind: Service\n    metadata: {name: cart}\n    spec: ${spec}\n`;
  const operation = (path: string, value: unknown, op = 'replace'): string =>
    `- target: {kind: Service}\n  patch: '[${JSON.stringify({ op, path, value })}]'\n`;
  const withSubset = bare(shopVirtualService('cart')).replace(
    /host: cart\n$/,
    'host: cart\n        subset: v1\n',
  );
  const tree = (patches: string, virtualService: string): Readonly<Record<string, string>> => ({
    'base/service.yaml': base['base/service.yaml'],
    'base/virtualservice.yaml': virtualService,
    'base/rule.yaml': subsetRule,
    'base/kustomization.yaml': 'resources: [service.yaml, rule.yaml, virtualservice.yaml]\n',
    'overlay/kustomization.yaml': `resources: [../base]\npatches:\n${patches}`,
  });
  const plain = base['base/virtualservice.yaml'];

  test.each([
    ['another port', operation('/spec/ports/0/port', 80), plain],
    ['another port more', merge('{ports: [{port: 9000}]}'), plain],
    ['another name of the port', merge('{ports: [{port: 8080, name: grpc}]}'), plain],
    ['another kind of Service', operation('/spec/type', 'ExternalName'), plain],
    ['another selector, with a subset', merge('{selector: {slot: blue}}'), withSubset],
    ['another port of the pods, with a subset', operation('/spec/ports/0/targetPort', 80, 'add'), withSubset],
    [
      'another port of the pods, too, with a subset',
      merge('{ports: [{port: 8080, targetPort: 80}]}'),
      withSubset,
    ],
    ['another selector, too, with a subset', operation('/spec/selector/slot', 'blue', 'add'), withSubset],
  ])('%s holds it back', async (_name, patches, virtualService) => {
    const files = tree(patches, virtualService);
    const { tree: after, told } = await converted(files, 'overlay');
    expect(after).toEqual(files);
    expect(firstDiagnostic(told)).toBe(
      'error[kustomize-patch] the kustomization in overlay patches Service default/cart, and the patch would not apply to the routes',
    );
  });

  test.each([
    ['another port of the pods', operation('/spec/ports/0/targetPort', 8080, 'add'), plain],
    ['a port of the nodes', merge('{type: NodePort, ports: [{port: 8080, nodePort: 30080}]}'), plain],
    ['another selector, without subsets', merge('{selector: {slot: blue}}'), plain],
    ['the type', operation('/spec/type', 'LoadBalancer', 'add'), withSubset],
    ['the same port of the pods', merge('{ports: [{port: 8080, targetPort: 8080}]}'), withSubset],
    ['a test', operation('/spec/ports/0/port', 8080, 'test'), withSubset],
  ])('%s does not', async (_name, patches, virtualService) => {
    const files = tree(patches, virtualService);
    const { tree: after, told } = await converted(files, 'overlay');
    expect(after['overlay/kustomization.yaml']).toBe(files['overlay/kustomization.yaml']);
    expect(after['base/virtualservice.yaml']).toContain('kind: HTTPRoute');
    expect(told).not.toContain('kustomize-patch');
  });

  test('with --patches drop it is converted all the same, and the patch of the Service stays', async () => {
    const files = tree(operation('/spec/ports/0/port', 80), plain);
    const { tree: after, told } = await converted(files, 'overlay', '--patches', 'drop');
    expect(after).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
    expect(firstDiagnostic(told)).toBe(
      'warning[kustomize-patch-dropped] the kustomization in overlay patches Service default/cart; the patch is removed and the routes do not have its changes',
    );
  });
});

describe('patches that GitOps tools write into a kustomization', () => {
  const operations = (path: string): string =>
    `{target: {kind: VirtualService}, patch: '[{"op": "add", "path": "${path}", "value": {"a": "b"}}]'}`;
  const flux = (patch: string, path = './apps/cart'): string =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ${path}
  sourceRef: {kind: GitRepository, name: shop}
  patches:
  - ${patch}
`;
  const argo = (source: string): string =>
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  ${source}
`;
  const files = (deployment: string): Readonly<Record<string, string>> => ({
    'apps/cart/service.yaml': base['base/service.yaml'],
    'apps/cart/virtualservice.yaml': base['base/virtualservice.yaml'],
    'clusters/prod/apps.yaml': deployment,
  });
  const kustomized = { 'apps/cart/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n' };
  const merge = `patch: "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: cart, labels: {a: b}}}"`;
  const ofHttp = operations('/spec/http/0/timeout');
  const ofLabels = operations('/metadata/labels');

  test.each([
    ['Flux', 'Kustomization flux-system/apps', flux(ofHttp), kustomized],
    ['Flux, without a kustomization', 'Kustomization flux-system/apps', flux(ofHttp), {}],
    ['Flux, at the root', 'Kustomization flux-system/apps', flux(ofHttp, './'), {}],
    ['Flux, which would find no object', 'Kustomization flux-system/apps', flux(merge), kustomized],
    [
      'Argo CD',
      'Application argocd/shop',
      argo(`source: {path: apps/cart, kustomize: {patches: [${ofHttp}]}}`),
      kustomized,
    ],
    [
      'Argo CD, of several sources',
      'Application argocd/shop',
      argo(`sources: [{path: other}, {path: apps, kustomize: {patches: [${ofHttp}]}}]`),
      {},
    ],
  ])('%s: it is held back', async (_name, by, deployment, more) => {
    const place = placeWith({ ...files(deployment), ...more });
    const { stderr } = await runHere(place, write);
    expect(place.tree()).toEqual({ ...files(deployment), ...more });
    expect(firstDiagnostic(stderr)).toBe(
      `error[kustomize-patch] ${by} patches VirtualService default/cart, and the patch would not apply to the routes`,
    );
  });

  test.each([
    ['labels alone', flux(ofLabels)],
    ['another folder', flux(ofHttp, './apps/other')],
    ['a folder whose name ends so', flux(ofHttp, './art')],
    ['Argo CD, another folder', argo(`source: {path: apps/cart2, kustomize: {patches: [${ofHttp}]}}`)],
    ['no patches', argo('source: {path: apps/cart}')],
  ])('%s: it is converted', async (_name, deployment) => {
    const place = placeWith({ ...files(deployment), ...kustomized });
    await runHere(place, write);
    expect(place.tree()).toEqual({
      ...files(deployment),
      ...kustomized,
      'apps/cart/virtualservice.yaml': bare(shopRoute('cart')),
    });
  });

  test('with --patches drop it is converted, and the patch goes', async () => {
    const place = placeWith({ ...files(flux(ofHttp)), ...kustomized });
    await runHere(place, [...write, '--patches', 'drop']);
    expect(place.tree()).toEqual({
      ...kustomized,
      ...files(flux('').replace('patches:\n  - \n', 'patches: []\n')),
      'apps/cart/virtualservice.yaml': bare(shopRoute('cart')),
    });
  });
});

describe('transformers', () => {
  const tree = (list: string, more: Readonly<Record<string, string>> = {}): Built['files'] => ({
    ...base,
    'base/kustomization.yaml': 'resources: [service.yaml, virtualservice.yaml]\n',
    ...more,
    'overlay/kustomization.yaml': `resources: [../base]\ntransformers:\n${list}`,
  });
  const plugin = (kind: string, text: string): string =>
    `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: it}\n${text}`;
  const inline = (text: string): string => `- |-\n${text.replace(/^(?=.)/gm, '  ')}`;
  const operation = '[{"op": "replace", "path": "/spec/hosts/0", "value": "cart.example.com"}]';
  const ofHosts = plugin('PatchTransformer', `target: {kind: VirtualService}\npatch: '${operation}'\n`);
  const prefix = 'prefix: my-\nfieldSpecs: [{path: metadata/name}]\n';

  test.each([
    ['a patch in a file', tree('- patch.yaml\n', { 'overlay/patch.yaml': ofHosts })],
    ['a patch in the kustomization', tree(inline(ofHosts))],
    [
      'a patch of a folder',
      tree('- ../plugins\n', {
        'plugins/kustomization.yaml': 'resources: [patch.yaml]\n',
        'plugins/patch.yaml': ofHosts,
      }),
    ],
    [
      'a patch with a file of its own',
      tree(inline(plugin('PatchTransformer', 'path: hosts.yaml\n')), { 'overlay/hosts.yaml': hosts }),
    ],
    [
      'a strategic merge patch with a file of its own',
      tree(inline(plugin('PatchStrategicMergeTransformer', 'paths: [hosts.yaml]\n')), {
        'overlay/hosts.yaml': hosts,
      }),
    ],
    [
      'JSON6902',
      tree(
        inline(
          plugin(
            'PatchJson6902Transformer',
            `target: {group: networking.istio.io, version: v1, kind: VirtualService, name: cart}\njsonOp: '${operation}'\n`,
          ),
        ),
      ),
    ],
    [
      'a replacement',
      tree(
        inline(
          plugin(
            'ReplacementTransformer',
            'replacements:\n- source: {kind: Service, name: cart, fieldPath: metadata.name}\n  targets:\n  - select: {kind: VirtualService}\n    fieldPaths: [spec.hosts.0]\n',
          ),
        ),
      ),
    ],
    [
      'a prefix of what is no name',
      tree(
        inline(
          plugin(
            'PrefixTransformer',
            'prefix: my-\nfieldSpecs: [{kind: VirtualService, path: spec/http/route/destination/host}]\n',
          ),
        ),
      ),
    ],
  ])('%s holds back', async (_name, files) => {
    const { tree: after, told } = await converted(files, 'overlay');
    expect(after).toEqual(files);
    expect(firstDiagnostic(told)).toBe(
      'error[kustomize-patch] the kustomization in overlay patches VirtualService default/cart, and the patch would not apply to the routes',
    );
  });

  test.each([
    ['images', plugin('ImageTagTransformer', 'imageTag: {name: cart, newTag: v2}\n'), /^(?!.*kustomize)/],
    [
      'a patch of labels',
      plugin(
        'PatchTransformer',
        `target: {kind: VirtualService}\npatch: '[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]'\n`,
      ),
      /^(?!.*kustomize)/,
    ],
    [
      'a prefix',
      plugin('PrefixTransformer', prefix),
      /^warning\[kustomize-renames\] the kustomization in overlay /,
    ],
  ])('%s does not', async (_name, text, told) => {
    const files = tree(inline(text));
    const result = await converted(files, 'overlay');
    expect(result.tree).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
    expect(firstDiagnostic(result.told)).toMatch(told);
  });

  test('a namespace is that of the objects', async () => {
    const text = plugin('NamespaceTransformer', 'fieldSpecs: [{path: metadata/namespace, create: true}]\n');
    const files = tree(inline(text.replace('{name: it}', '{name: it, namespace: shop}')));
    const { tree: after, told, expected } = await converted(files, 'overlay');
    expect(after['base/virtualservice.yaml']).toBe(bare(shopRoute('cart')));
    expect(told).not.toContain('default/cart');
    expected.push(route({ namespace: 'shop' }));
  });

  test('with --patches drop a patch goes', async () => {
    const files = tree(inline(ofHosts));
    const { tree: after, expected } = await converted(files, 'overlay', '--patches', 'drop');
    expect(after).toEqual({
      ...files,
      'base/virtualservice.yaml': bare(shopRoute('cart')),
      'overlay/kustomization.yaml': 'resources: [../base]\ntransformers: []\n',
    });
    expected.push(route());
  });

  test.each([
    [
      'a function',
      'function.yaml',
      'apiVersion: example.com/v1\nkind: MeshDefaults\n',
      'transformer function.yaml',
    ],
    [
      'another plugin',
      'other.yaml',
      plugin('ValueAddTransformer', 'value: a\n'),
      'transformer ValueAddTransformer',
    ],
    ['what is not there', 'else.yaml', undefined, 'transformer else.yaml'],
  ])('%s is told of', async (_name, file, text, what) => {
    const files = tree(`- ${file}\n`, text === undefined ? {} : { [`overlay/${file}`]: text });
    const place = placeWith(files);
    const { stderr } = await runHere(place, write);
    expect(place.tree()['base/virtualservice.yaml']).toBe(bare(shopRoute('cart')));
    const line = stderr.split('\n').filter(one => one.includes('kustomize-transformer]'));
    expect(line).toEqual([
      'base/virtualservice.yaml: VirtualService default/cart converted with differences [kustomize-transformer]',
      `warning[kustomize-transformer] the kustomization in overlay lets ${what} change VirtualService default/cart in unknown ways`,
    ]);
  });
});

describe('configurations that add fields to those with labels', () => {
  const tree = (kind: string, line: string): Built['files'] => ({
    ...base,
    'base/rule.yaml': subsetRule,
    'base/virtualservice.yaml': bare(shopVirtualService('cart')).replace(
      /host: cart\n$/,
      'host: cart\n        subset: v1\n',
    ),
    'base/fields.yaml': `commonLabels:\n- {kind: ${kind}, path: spec/subsets/labels, create: true}\n`,
    'base/kustomization.yaml': `resources: [service.yaml, rule.yaml, virtualservice.yaml]\nconfigurations: [fields.yaml]\n${line}`,
  });

  test('those of a subset hold back', async () => {
    const files = tree('DestinationRule', 'commonLabels: {team: shop}\n');
    const { tree: after, told } = await converted(files, 'base');
    expect(after).toEqual(files);
    expect(firstDiagnostic(told)).toBe(
      'error[kustomize-patch] the kustomization in base patches DestinationRule default/cart, and the patch would not apply to the routes',
    );
  });

  test.each([
    ['without labels', tree('DestinationRule', '')],
    ['of another kind', tree('Deployment', 'commonLabels: {team: shop}\n')],
  ])('%s do not', async (_name, files) => {
    const { tree: after, told } = await converted(files, 'base');
    expect(after['base/virtualservice.yaml']).toContain('name: cart-v1');
    expect(told).not.toContain('kustomize');
  });
});

describe('labels that are added to selectors', () => {
  const withSubset = bare(shopVirtualService('cart')).replace(
    /host: cart\n$/,
    'host: cart\n        subset: v1\n',
  );
  const tree = (
    service: string,
    virtualService: string,
    top = 'resources: [service, routes]\n',
  ): Built['files'] => ({
    'service/service.yaml': base['base/service.yaml'],
    'service/kustomization.yaml': `resources: [service.yaml]\n${service}`,
    'routes/virtualservice.yaml': withSubset,
    'routes/rule.yaml': subsetRule,
    'routes/kustomization.yaml': `resources: [virtualservice.yaml, rule.yaml]\n${virtualService}`,
    'kustomization.yaml': top,
  });

  test.each([
    ['commonLabels', tree('commonLabels: {team: shop}\n', ''), 'service'],
    ['labels', tree('labels: [{pairs: {team: shop}, includeSelectors: true}]\n', ''), 'service'],
    ['commonLabels of the routes alone', tree('', 'commonLabels: {team: shop}\n'), 'routes'],
  ])('%s of one folder hold a subset back', async (_name, files, folder) => {
    const { tree: after, told } = await converted(files, '.');
    expect(after).toEqual(files);
    expect(firstDiagnostic(told)).toBe(
      `error[kustomize-labels-subset] subset v1 would become Service cart-v1; the kustomization in ${folder} changes the selector of only one of it and Service cart`,
    );
  });

  test.each([
    ['labels of objects alone', tree('labels: [{pairs: {team: shop}}]\n', '')],
    ['labels above both', tree('', '', 'resources: [service, routes]\ncommonLabels: {team: shop}\n')],
  ])('%s do not', async (_name, files) => {
    const { tree: after } = await converted(files, '.');
    expect(after['routes/virtualservice.yaml']).toContain('kind: HTTPRoute');
    expect(after['routes/virtualservice.yaml']).toContain('name: cart-v1');
  });

  test.skipIf(withoutKustomize)('kustomize selects by labels where both Services are, and only there', () => {
    const selectors = (files: Built['files']): readonly unknown[] =>
      build(placeWith(files), '.').flatMap(object => {
        const { kind, spec } = object as { kind: string; spec: { selector?: unknown } };
        return kind === 'Service' ? [spec.selector] : [];
      });
    const second = bare(shopService('cart')).replace('name: cart\n', 'name: cart-v1\n');
    const both = (files: Built['files']): Built['files'] => ({ ...files, 'routes/rule.yaml': second });
    const plain = { app: 'cart' };
    const labelled = { ...plain, team: 'shop' };
    expect(selectors(both(tree('commonLabels: {team: shop}\n', '')))).toEqual([labelled, plain]);
    const above = tree('', '', 'resources: [service, routes]\ncommonLabels: {team: shop}\n');
    expect(selectors(both(above))).toEqual([labelled, labelled]);
  });
});

describe('names that follow by a configuration', () => {
  const names =
    'nameReference:\n- kind: Service\n  version: v1\n  fieldSpecs:\n  - {path: spec/hosts, kind: VirtualService}\n';
  const tree = (own: string, prefix: string): Built['files'] => ({
    ...base,
    'base/names.yaml': names,
    'base/kustomization.yaml': `resources: [service.yaml, virtualservice.yaml]\n${own}`,
    'overlay/kustomization.yaml': `resources: [../base]\n${prefix}`,
  });

  test.each([
    [
      'are told of where Services are renamed',
      tree('configurations: [names.yaml]\n', 'namePrefix: dev-\n'),
      /^warning\[kustomize-renames-by-configuration\] the kustomization in overlay renames Services, and the `configurations` of the kustomization in base can rename them in VirtualServices; /,
    ],
    ['are none without one', tree('', 'namePrefix: dev-\n'), /^warning\[kustomize-renames\] /],
    [
      'do not matter where nothing is renamed',
      tree('configurations: [names.yaml]\n', ''),
      /^(?!.*kustomize)/,
    ],
  ])('%s', async (_name, files, told) => {
    const result = await converted(files, 'overlay');
    expect(result.tree).toEqual({ ...files, 'base/virtualservice.yaml': bare(shopRoute('cart')) });
    expect(firstDiagnostic(result.told)).toMatch(told);
  });
});

describe('fields by which GitOps tools change all objects', () => {
  const flux = (fields: string): string =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1beta2\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  path: ./apps/cart\n  ${fields}\n`;
  const argo = (fields: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\nspec:\n  ${fields}\n`;
  const files = (deployment: string): Built['files'] => ({
    'apps/cart/service.yaml': base['base/service.yaml'],
    'apps/cart/virtualservice.yaml': base['base/virtualservice.yaml'],
    'clusters/prod/apps.yaml': deployment,
  });
  const told = async (deployment: string): Promise<{ line: string; all: string; text: string }> => {
    const place = placeWith(files(deployment));
    const { stderr } = await runHere(place, write);
    const text = place.tree()['apps/cart/virtualservice.yaml'] ?? '';
    return { line: firstDiagnostic(stderr), all: stderr, text };
  };

  test.each([
    ['Flux', flux('namePrefix: dev-'), 'Kustomization flux-system/apps'],
    ['Argo CD', argo('source: {path: apps/cart, kustomize: {nameSuffix: -dev}}'), 'Application argocd/shop'],
  ])('%s renames, which is said', async (_name, deployment, by) => {
    const { line, text } = await told(deployment);
    expect(text).toBe(bare(shopRoute('cart')));
    expect(line).toBe(
      `warning[kustomize-renames] ${by} renames Services, but kustomize does not rename them in routes`,
    );
  });

  test.each([
    ['Flux', flux('targetNamespace: shop')],
    ['Argo CD', argo('source: {path: apps/cart, kustomize: {namespace: shop}}')],
    ['Argo CD, by its destination', argo('source: {path: apps/cart}\n  destination: {namespace: shop}')],
  ])('%s gives a namespace', async (_name, deployment) => {
    const long = 'cart.shop.svc.cluster.local';
    const virtualService = base['base/virtualservice.yaml'].replace(/^( *- |.*host: )cart$/gm, `$1${long}`);
    const convertedWith = async (other: string): Promise<boolean> => {
      const place = placeWith({ ...files(other), 'apps/cart/virtualservice.yaml': virtualService });
      await runHere(place, write);
      return place.tree()['apps/cart/virtualservice.yaml'] === bare(shopRoute('cart'));
    };
    expect(await convertedWith(deployment)).toBe(true);
    expect(
      await convertedWith(deployment.replace('shop', 'stall').replace('amespace: shop', 'amespace: stall')),
    ).toBe(false);
  });

  test.each([
    [
      'patchesStrategicMerge',
      'patchesStrategicMerge: [{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: cart}, spec: {hosts: [a]}}]',
    ],
    [
      'patchesJson6902',
      'patchesJson6902: [{target: {kind: VirtualService, name: cart}, patch: [{op: replace, path: /spec/hosts/0, value: a}]}]',
    ],
  ])('the old %s of Flux hold back', async (_name, fields) => {
    const { line, text } = await told(flux(fields));
    expect(text).toBe(base['base/virtualservice.yaml']);
    expect(line).toBe(
      'error[kustomize-patch] Kustomization flux-system/apps patches VirtualService default/cart, and the patch would not apply to the routes',
    );
  });

  test('images are ignored', async () => {
    const { all: everything, text } = await told(flux('images: [{name: cart, newTag: v2}]'));
    expect(text).toBe(bare(shopRoute('cart')));
    expect(everything).not.toContain('kustomize');
  });
});

test.each([['namePrefix: my-'], ['nameSuffix: -v2']])(
  '%s: kustomize does not follow names into routes, which is said',
  async line => {
    const files = {
      ...base,
      'base/kustomization.yaml': `${line}\nresources: [service.yaml, virtualservice.yaml]\n`,
    };
    const { told } = await converted(files, 'base');
    expect(firstDiagnostic(told)).toMatch(/^warning\[kustomize-renames\] /);
  },
);

test('a component, and a kustomization that lists nothing any more', async () => {
  const files = {
    'component/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [rule.yaml]\n',
    'component/rule.yaml': subsetRule,
    'base/service.yaml': bare(shopService('cart')),
    'base/vs.yaml': bare(shopVirtualService('cart')).replace(
      /host: cart\n$/,
      'host: cart\n        subset: v1\n',
    ),
    'base/kustomization.yaml': 'resources: [service.yaml, vs.yaml]\ncomponents:\n- ../component\n',
  };
  const { tree } = await converted(files, 'base');
  expect(tree['component/rule.yaml']).toBe(undefined);
  expect(tree['component/kustomization.yaml']).toBe(
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: []\n',
  );
});

test.skipIf(withoutKustomize)('kustomize builds all of these before and after', () => {
  expect(all.length).toBeGreaterThan(0);
  for (const { files, tree, folder, expected } of all) {
    const [before, after] = [files, tree].map(one => build(placeWith(one), folder)) as [unknown[], unknown[]];
    for (const object of expected) expect(after).toContainEqual(object);
    for (const object of before.filter(one => !isOfIstio(one))) expect(after).toContainEqual(object);
  }
});

function isOfIstio(object: unknown): boolean {
  return String((object as { apiVersion: unknown }).apiVersion).includes('istio.io');
}
