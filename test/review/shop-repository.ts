import { istioGateway } from '../shop-objects.ts';

/** A small GitOps repository, made by code, and what pull requests do to it. */
export type Files = Readonly<Record<string, string>>;

export function service(
  name: string,
  selector: Readonly<Record<string, string>> = { app: name },
  port = 'http',
): string {
  const labels = Object.entries(selector).map(([key, value]) => `    ${key}: ${value}`);
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
${labels.join('\n')}
  ports:
  - name: ${port}
    port: 8080
`;
}

export function rule(name: string): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
spec:
  host: ${name}
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
`;
}

export function canary(name: string, weights: readonly [number, number]): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
  - ${name}
  http:
  - route:
    - destination:
        host: ${name}
        subset: v1
      weight: ${weights[0]}
    - destination:
        host: ${name}
        subset: v2
      weight: ${weights[1]}
`;
}

export function plain(name: string, timeout = '5s'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
  - ${name}
  http:
  - timeout: ${timeout}
    route:
    - destination:
        host: ${name}
`;
}

export function kustomization(resources: readonly string[], rest = ''): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${resources.map(path => `- ${path}\n`).join('')}${rest}`;
}

export const edgeGateway = istioGateway('public', 'edge', 'shop.example.com');

export const edgeRoute = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - route:
    - destination:
        host: web
`;

const apps = ['cart', 'web', 'inventory', 'recommend', 'media', 'search'];

/** The tree before every pull request. */
export const base: Files = {
  'edge/gateway.yaml': edgeGateway,
  'edge/kustomization.yaml': kustomization(['gateway.yaml']),
  ...Object.fromEntries(apps.map(name => [`apps/shop/services/${name}.yaml`, service(name)])),
  'apps/shop/rules/cart.yaml': rule('cart'),
  'apps/shop/rules/inventory.yaml': rule('inventory'),
  'apps/shop/virtual-services/cart.yaml': canary('cart', [90, 10]),
  'apps/shop/virtual-services/inventory.yaml': canary('inventory', [100, 0]),
  'apps/shop/virtual-services/recommend.yaml': plain('recommend'),
  'apps/shop/virtual-services/web.yaml': edgeRoute,
  'apps/shop/kustomization.yaml': kustomization([
    ...apps.map(name => `services/${name}.yaml`),
    'rules/cart.yaml',
    'rules/inventory.yaml',
    ...['cart', 'inventory', 'recommend', 'web'].map(name => `virtual-services/${name}.yaml`),
  ]),
  'overlays/prod/kustomization.yaml': kustomization(
    ['../../apps/shop'],
    'namespace: shop\npatches:\n- path: cart-weights.yaml\n',
  ),
  'overlays/prod/cart-weights.yaml': canary('cart', [95, 5]),
  'overlays/staging/kustomization.yaml': kustomization(['../../apps/shop'], 'namespace: shop\n'),
  'charts/media/Chart.yaml': 'apiVersion: v2\nname: media\nversion: 1.0.0\n',
  'charts/media/templates/media.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Release.Name }}
spec:
  hosts:
  - {{ .Values.host }}
  http:
  - route:
    - destination:
        host: media
`,
  'README.md': '# Manifests of the shop\n',
};

export type Change = (before: Files) => Files;

/** What a pull request does. */
export interface PullRequestKind {
  readonly name: string;
  /** How its branch looks, push by push. */
  readonly pushes: readonly ((before: Files) => Files)[];
  /** Other work on the target before the branch is left. */
  readonly prepare?: Change;
  /** The branch that it goes to, instead of the main one, and that has this more. */
  readonly onto?: Change;
  /** What the target gets after the last of the pushes; the branch merges it. */
  readonly meanwhile?: Change;
  /** One forge and the pushes alone. */
  readonly isBrief?: true;
}

export const write =
  (path: string, text: string): Change =>
  files => ({ ...files, [path]: text });
export const edit =
  (path: string, from: string | RegExp, to: string): Change =>
  files => {
    const text = files[path] ?? '';
    const edited = text.replace(from, () => to);
    if (edited === text) throw new Error(`nothing to edit in ${path}`);
    return { ...files, [path]: edited };
  };
export const remove =
  (...paths: readonly string[]): Change =>
  files =>
    Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));
export const all =
  (...changes: readonly Change[]): Change =>
  files =>
    changes.reduce((before, change) => change(before), files);

const shop = 'apps/shop/kustomization.yaml';
export const list = (path: string): Change => edit(shop, 'resources:\n', `resources:\n- ${path}\n`);
export const unlist = (path: string): Change => edit(shop, `- ${path}\n`, '');
export const cart = 'apps/shop/virtual-services/cart.yaml';
export const recommend = 'apps/shop/virtual-services/recommend.yaml';
export const push = (name: string, ...pushes: readonly Change[]): PullRequestKind => ({ name, pushes });

export function route(name: string, backends: readonly (readonly [string, number])[], rest = ''): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
spec:
  parentRefs:
  - group: ""
    kind: Service
    name: ${name}
    port: 8080
  rules:
  - backendRefs:
${backends.map(([backend, weight]) => `    - name: ${backend}\n      port: 8080\n      weight: ${weight}\n`).join('')}${rest}`;
}

export const versions = (name: string): Change =>
  all(
    write(
      `apps/shop/services/${name}-versions.yaml`,
      `${service(`${name}-v1`, { app: name, version: 'v1' })}---\n${service(`${name}-v2`, { app: name, version: 'v2' })}`,
    ),
    list(`services/${name}-versions.yaml`),
  );

export const migrated = (name: string, text: string): Change =>
  all(
    remove(`apps/shop/virtual-services/${name}.yaml`),
    unlist(`virtual-services/${name}.yaml`),
    write(`apps/shop/routes/${name}.yaml`, text),
    list(`routes/${name}.yaml`),
  );

export const edgeOfGatewayApi = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    hostname: shop.example.com
    allowedRoutes:
      namespaces:
        from: All
`;

export const webRoute = (gateway: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
spec:
  parentRefs:
  - name: ${gateway}
    namespace: edge
  hostnames:
  - shop.example.com
  rules:
  - backendRefs:
    - name: web
      port: 8080
`;

/** The kinds of pull requests that people open. */
export const pullRequests: readonly PullRequestKind[] = [
  push(
    'new',
    all(
      write('apps/shop/virtual-services/search.yaml', plain('search')),
      list('virtual-services/search.yaml'),
    ),
  ),
  push(
    'new-host',
    all(
      write('apps/shop/services/gift.yaml', service('gift')),
      list('services/gift.yaml'),
      write('apps/shop/virtual-services/gift.yaml', plain('gift')),
      list('virtual-services/gift.yaml'),
    ),
  ),
  push(
    'new-pair',
    all(
      write('apps/shop/rules/search.yaml', rule('search')),
      list('rules/search.yaml'),
      write('apps/shop/virtual-services/search.yaml', canary('search', [50, 50])),
      list('virtual-services/search.yaml'),
    ),
  ),
  push('one-line', edit(recommend, '5s', '7s')),
  push('weights', write('apps/shop/virtual-services/inventory.yaml', canary('inventory', [75, 25]))),
  push('weights-of-the-base', write(cart, canary('cart', [75, 25]))),
  push('weights-in-a-patch', write('overlays/prod/cart-weights.yaml', canary('cart', [50, 50]))),
  push(
    'only-the-destination-rule',
    edit('apps/shop/rules/inventory.yaml', / {2}- name: v1\n {4}labels:\n {6}version: v1\n/, ''),
  ),
  push('labels-of-a-subset', edit('apps/shop/rules/cart.yaml', 'version: v2', 'version: v3')),
  push(
    'traffic-policy',
    edit(
      'apps/shop/rules/cart.yaml',
      '  subsets:',
      '  trafficPolicy:\n    connectionPool:\n      http:\n        http1MaxPendingRequests: 1\n  subsets:',
    ),
  ),
  push(
    'moved',
    all(
      remove(recommend),
      unlist('virtual-services/recommend.yaml'),
      write('apps/shop/recommend.yaml', plain('recommend')),
      list('recommend.yaml'),
    ),
  ),
  push('renamed', edit(recommend, 'name: recommend\nspec', 'name: recommendations\nspec')),
  push('added-to-a-file', all(edit(cart, /\n$/, `\n---\n${plain('search')}`))),
  {
    name: 'split',
    prepare: all(
      write('apps/shop/virtual-services/both.yaml', `${plain('search')}---\n${plain('media', '3s')}`),
      list('virtual-services/both.yaml'),
    ),
    pushes: [
      all(
        remove('apps/shop/virtual-services/both.yaml'),
        unlist('virtual-services/both.yaml'),
        ...(['search', 'media'] as const).flatMap(name => [
          write(`apps/shop/virtual-services/${name}.yaml`, plain(name, name === 'media' ? '3s' : '5s')),
          list(`virtual-services/${name}.yaml`),
        ]),
      ),
    ],
  },
  push('deleted', all(remove(recommend), unlist('virtual-services/recommend.yaml'))),
  push(
    'deleted-with-its-service',
    all(
      remove(recommend, 'apps/shop/services/recommend.yaml'),
      unlist('virtual-services/recommend.yaml'),
      unlist('services/recommend.yaml'),
    ),
  ),
  push(
    'copied-to-an-overlay',
    all(write('overlays/qa/kustomization.yaml', kustomization(['../../apps/shop'], 'namespace: shop-qa\n'))),
  ),
  push(
    'three-services',
    all(
      ...['search', 'media'].flatMap(name => [
        write(`apps/shop/virtual-services/${name}.yaml`, plain(name)),
        list(`virtual-services/${name}.yaml`),
      ]),
      edit(recommend, '5s', '6s'),
    ),
  ),
  push(
    'a-fault',
    edit(
      recommend,
      '  - timeout: 5s\n',
      '  - fault:\n      abort:\n        httpStatus: 503\n        percentage:\n          value: 10\n    timeout: 5s\n',
    ),
  ),
  push('carriage-returns', files => ({
    ...files,
    [recommend]: plain('recommend', '6s').replaceAll('\n', '\r\n'),
  })),
  push('no-line-break-at-the-end', edit(recommend, /\n$/, '')),
  push('reformatted', files => ({
    ...files,
    [recommend]: (files[recommend] ?? '').replace('hosts:\n  - recommend', 'hosts: ["recommend"]'),
  })),
  {
    name: 'merged',
    pushes: [edit(recommend, '5s', '8s')],
    meanwhile: write('apps/shop/virtual-services/inventory.yaml', canary('inventory', [60, 40])),
  },
  push('undone', edit(recommend, '5s', '9s'), edit(recommend, '9s', '5s')),
  push('a-chart', edit('charts/media/templates/media.yaml', 'host: media', 'host: search')),
  push(
    'by-hand-right',
    all(migrated('recommend', route('recommend', [['recommend', 1]], '    timeouts:\n      request: 5s\n'))),
  ),
  push(
    'by-hand-with-versions',
    all(
      versions('inventory'),
      migrated(
        'inventory',
        route('inventory', [
          ['inventory-v1', 100],
          ['inventory-v2', 0],
        ]),
      ),
    ),
  ),
  push(
    'by-hand-wrong',
    all(
      migrated(
        'cart',
        route('cart', [
          ['cart-v1', 90],
          ['cart-v2', 10],
        ]),
      ),
      edit('overlays/prod/kustomization.yaml', /patches:[\s\S]*$/, ''),
    ),
  ),
  push(
    'by-hand-another-weight',
    all(
      versions('inventory'),
      migrated(
        'inventory',
        route('inventory', [
          ['inventory-v1', 80],
          ['inventory-v2', 20],
        ]),
      ),
    ),
  ),
  push(
    'edge-by-hand',
    all(migrated('web', webRoute('public')), files => ({ ...files, 'edge/gateway.yaml': edgeOfGatewayApi })),
  ),
  push('edge-without-a-gateway', migrated('web', webRoute('public'))),
  push('host-of-the-gateway', edit('edge/gateway.yaml', 'shop.example.com', 'store.example.com')),
  push(
    'new-edge',
    edit('edge/gateway.yaml', '    - shop.example.com\n', '    - shop.example.com\n    - beta.example.com\n'),
  ),
  push('unrelated', edit('README.md', 'shop', 'store')),
  push('broken', edit(recommend, 'timeout: 5s', 'timeout: [5s')),
  push('broken-overlay', edit('overlays/prod/kustomization.yaml', '../../apps/shop', '../../apps/shopp')),
  push('three-hundred-files', files => ({
    ...files,
    ...Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `more/config-${index}.yaml`,
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c${index}\n`,
      ]),
    ),
  })),
  { name: 'stacked', onto: edit(recommend, '5s', '6s'), pushes: [edit(recommend, '6s', '7s')] },
  push('fork', edit(recommend, '5s', '4s')),
  push('port-renamed', edit('apps/shop/services/recommend.yaml', 'name: http', 'name: tcp')),
  push('port-number', edit('apps/shop/services/recommend.yaml', '8080', '9090')),
  push('selector', edit('apps/shop/services/web.yaml', 'app: web', 'app: web-next')),
  push('service-removed', all(remove('apps/shop/services/media.yaml'), unlist('services/media.yaml'))),
];
