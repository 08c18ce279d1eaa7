import {
  all,
  base,
  type Change,
  canary,
  cart,
  edgeGateway,
  edgeRoute,
  edit,
  kustomization,
  list,
  type PullRequestKind,
  plain,
  push,
  recommend,
  remove,
  route,
  rule,
  service,
  unlist,
  versions,
  write,
} from './shop-repository.ts';

const services = 'apps/shop/virtual-services';

/** One push on one forge: what differs from other kinds is said then. */
const brief = (name: string, change: Change, prepare?: Change): PullRequestKind => ({
  name,
  pushes: [change],
  isBrief: true,
  ...(prepare && { prepare }),
});

const add = (folder: string, name: string, text: string): Change =>
  all(write(`apps/shop/${folder}/${name}.yaml`, text), list(`${folder}/${name}.yaml`));

/** Rules of a VirtualService, one a match. */
const entry = (match: string, timeout: string, host: string): string =>
  `  - match:\n    - ${match}\n    timeout: ${timeout}\n    route:\n    - destination:\n        host: ${host}\n`;

const twoPaths = (name: string): string =>
  plain(name).replace(
    '  http:\n',
    `  http:\n${entry('uri: {prefix: /api/}', '1s', name)}${entry('uri: {prefix: /static/}', '2s', 'web')}`,
  );

const faulty = (name: string): string =>
  plain(name).replace(
    '  - timeout',
    '  - fault:\n      delay:\n        fixedDelay: 2s\n        percentage:\n          value: 5\n    timeout',
  );

const many = ['adverts', 'billing', 'coupons', 'dispatch', 'emails', 'forecast', 'gifts'];

const tlsServer = `  - port:
      number: 443
      name: https
      protocol: HTTPS
    hosts:
    - shop.example.com
    tls:
      mode: SIMPLE
      credentialName: shop-example-com
`;

const recommendRoute = route('recommend', [['recommend', 1]], '    timeouts:\n      request: 5s\n');

/** Pull requests that a list of kinds leaves out, and that people open all the same. */
export const furtherPullRequests: readonly PullRequestKind[] = [
  push(
    'virtual-service-copied-to-an-overlay',
    all(
      write('overlays/qa/recommend.yaml', plain('recommend')),
      write('overlays/qa/service.yaml', service('recommend')),
      write(
        'overlays/qa/kustomization.yaml',
        kustomization(['recommend.yaml', 'service.yaml'], 'namespace: shop-qa\n'),
      ),
    ),
  ),
  push(
    'new-with-carriage-returns',
    add('virtual-services', 'search', plain('search').replaceAll('\n', '\r\n')),
  ),
  push('new-without-a-line-break-at-the-end', add('virtual-services', 'search', plain('search').trimEnd())),
  push(
    'new-gateway-and-host',
    all(
      write(
        'edge/partners.yaml',
        edgeGateway
          .replace('name: public', 'name: partners')
          .replace('shop.example.com', 'partners.example.com'),
      ),
      edit('edge/kustomization.yaml', '- gateway.yaml\n', '- gateway.yaml\n- partners.yaml\n'),
      add(
        'virtual-services',
        'partners',
        edgeRoute
          .replace('name: web', 'name: partners')
          .replace('shop.example.com', 'partners.example.com')
          .replace('edge/public', 'edge/partners'),
      ),
    ),
  ),
  push('route-beside-the-virtual-service', add('routes', 'recommend', recommendRoute)),
  push(
    'route-beside-that-says-something-else',
    add('routes', 'recommend', recommendRoute.replace('request: 5s', 'request: 9s')),
  ),
  {
    name: 'route-for-half-of-the-virtual-service',
    prepare: write(recommend, twoPaths('recommend')),
    pushes: [
      all(
        remove(recommend),
        unlist('virtual-services/recommend.yaml'),
        add(
          'routes',
          'recommend',
          route('recommend', [['recommend', 1]], '    timeouts:\n      request: 1s\n').replace(
            '  - backendRefs',
            '  - matches:\n    - path:\n        type: PathPrefix\n        value: /api\n    backendRefs',
          ),
        ),
      ),
    ],
  },
  {
    name: 'half-of-the-hosts-by-hand',
    prepare: write(recommend, plain('recommend').replace('  - recommend\n', '  - recommend\n  - search\n')),
    pushes: [
      all(
        remove(recommend),
        unlist('virtual-services/recommend.yaml'),
        add('routes', 'recommend', recommendRoute),
      ),
    ],
  },
  push(
    'seven-that-cannot-be-converted',
    all(
      ...many.flatMap(name => [
        add('services', name, service(name)),
        add('virtual-services', name, faulty(name)),
      ]),
    ),
  ),
  brief(
    'order-of-rules',
    files => {
      const text = files[recommend] ?? '';
      const [first, second] = [
        entry('uri: {prefix: /api}', '1s', 'recommend'),
        entry('uri: {prefix: /api/v2}', '2s', 'search'),
      ];
      return { ...files, [recommend]: text.replace(first + second, second + first) };
    },
    write(
      recommend,
      plain('recommend').replace(
        '  http:\n',
        `  http:\n${entry('uri: {prefix: /api}', '1s', 'recommend')}${entry('uri: {prefix: /api/v2}', '2s', 'search')}`,
      ),
    ),
  ),
  brief(
    'rule-for-a-header',
    edit(recommend, '  http:\n', `  http:\n${entry('headers: {x-beta: {exact: "yes"}}', '1s', 'search')}`),
  ),
  brief(
    'retries',
    edit(recommend, '  - timeout: 5s\n', '  - timeout: 5s\n    retries:\n      attempts: 0\n'),
  ),
  brief(
    'mirror',
    edit(
      recommend,
      '  - timeout: 5s\n',
      '  - timeout: 5s\n    mirror:\n      host: search\n    mirrorPercentage:\n      value: 10\n',
    ),
  ),
  brief(
    'headers-and-a-rewrite',
    edit(
      recommend,
      '  - timeout: 5s\n',
      '  - timeout: 5s\n    rewrite:\n      uri: /v2\n    headers:\n      request:\n        set:\n          x-shop: "1"\n        remove:\n        - cookie\n',
    ),
  ),
  brief(
    'cors',
    edit(
      recommend,
      '  - timeout: 5s\n',
      '  - timeout: 5s\n    corsPolicy:\n      allowOrigins:\n      - exact: https://shop.example.com\n      allowMethods:\n      - GET\n      maxAge: 24h\n',
    ),
  ),
  brief(
    'destination-that-is-not-there',
    edit(recommend, '        host: recommend\n', '        host: recomend\n'),
  ),
  brief(
    'new-with-a-destination-that-is-not-there',
    add(
      'virtual-services',
      'search',
      plain('search').replace('        host: search\n', '        host: serach\n'),
    ),
  ),
  brief('tls-at-the-gateway', edit('edge/gateway.yaml', /$/, tlsServer)),
  brief(
    'redirect-to-https-at-the-gateway',
    all(
      edit(
        'edge/gateway.yaml',
        '    - shop.example.com\n',
        '    - shop.example.com\n    tls:\n      httpsRedirect: true\n',
      ),
      edit('edge/gateway.yaml', /$/, tlsServer),
    ),
  ),
  brief(
    'tls-to-the-destination',
    edit(
      'apps/shop/rules/cart.yaml',
      '  subsets:',
      '  trafficPolicy:\n    tls:\n      mode: DISABLE\n  subsets:',
    ),
  ),
  brief(
    'second-virtual-service-for-a-host',
    add(
      'virtual-services',
      'recommend-beta',
      plain('recommend', '9s').replace('name: recommend\n', 'name: recommend-beta\n'),
    ),
  ),
  brief(
    'namespace-of-an-overlay',
    edit('overlays/staging/kustomization.yaml', 'namespace: shop', 'namespace: store'),
  ),
  // kustomize takes a kustomization without a kind.
  brief(
    'prefix-of-an-overlay',
    edit('overlays/staging/kustomization.yaml', 'namespace: shop', 'namespace: shop\nnamePrefix: blue-'),
    edit('overlays/staging/kustomization.yaml', /kind: Kustomization\n/, ''),
  ),
  brief(
    'destination-rule-deleted',
    all(remove('apps/shop/rules/inventory.yaml'), unlist('rules/inventory.yaml')),
  ),
  brief(
    'another-name-for-a-service',
    all(
      remove('apps/shop/services/recommend.yaml'),
      unlist('services/recommend.yaml'),
      add('services', 'advice', service('advice')),
      edit(recommend, '        host: recommend\n', '        host: advice\n'),
      edit(recommend, '  hosts:\n  - recommend\n', '  hosts:\n  - advice\n'),
    ),
  ),
  brief(
    'back-to-the-virtual-service',
    all(
      remove('apps/shop/routes/recommend.yaml'),
      unlist('routes/recommend.yaml'),
      add('virtual-services', 'recommend', base[recommend] ?? ''),
    ),
    all(
      remove(recommend),
      unlist('virtual-services/recommend.yaml'),
      add('routes', 'recommend', recommendRoute),
    ),
  ),
  brief(
    'outside-host',
    all(
      add(
        'services',
        'payments',
        'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts:\n  - api.payments.example\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports:\n  - number: 80\n    name: http\n    protocol: HTTP\n',
      ),
      add(
        'virtual-services',
        'payments',
        plain('payments')
          .replace('  - payments\n', '  - api.payments.example\n')
          .replace('host: payments', 'host: api.payments.example'),
      ),
    ),
  ),
  brief('export-to', edit(recommend, 'spec:\n', 'spec:\n  exportTo:\n  - .\n')),
  brief(
    'versions-and-the-route-and-the-rule',
    all(
      versions('inventory'),
      remove('apps/shop/rules/inventory.yaml', `${services}/inventory.yaml`),
      unlist('rules/inventory.yaml'),
      unlist('virtual-services/inventory.yaml'),
      add('routes', 'inventory', route('inventory', [['inventory-v1', 1]])),
    ),
  ),
  brief(
    'images-of-an-overlay',
    edit('overlays/prod/kustomization.yaml', /$/, 'images:\n- name: shop/web\n  newTag: "2"\n'),
  ),
  brief('mesh-and-gateway', edit(cart, 'spec:\n', 'spec:\n  gateways:\n  - mesh\n  - edge/public\n')),
  brief(
    'rule-for-a-wildcard',
    add(
      'rules',
      'all',
      rule('all')
        .replace('host: all', "host: '*.shop.svc.cluster.local'")
        .replace(
          / {2}subsets:[\s\S]*$/,
          '  trafficPolicy:\n    connectionPool:\n      http:\n        http2MaxRequests: 10\n',
        ),
    ),
  ),
  brief('weights-that-do-not-add-up', write(`${services}/inventory.yaml`, canary('inventory', [50, 0]))),
];
