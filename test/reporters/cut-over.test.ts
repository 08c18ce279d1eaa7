import { describe, expect, test } from 'vitest';
import { convert } from '../../src/convert.ts';
import { defaultOptions } from '../../src/options.ts';
import { cutOverSteps, stagesOfSteps } from '../../src/reporters/cut-over.ts';

const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: fair
spec:
  selector:
    app: ${name}
  ports:
  - name: http
    port: 7070
`;

const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: stalls
  namespace: fair
spec:
  hosts:
  - stalls.example.com
  gateways:
  - fair-gate
  http:
  - route:
    - destination:
        host: stalls
        subset: blue
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: stalls
  namespace: fair
spec:
  host: stalls
  subsets:
  - name: blue
    labels:
      colour: blue
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: fair-gate
  namespace: fair
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - stalls.example.com
---
${service('stalls')}`;

/** The Istio Gateway fair-gate, which serves some hosts over HTTP. */
const ambient = `
---
apiVersion: v1
kind: Namespace
metadata: {name: fair, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: fair-waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: fair-waypoint, namespace: fair, labels: {istio.io/waypoint-for: service}}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]`;

const gateFor = (hosts: string) => `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: fair-gate, namespace: fair}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [${hosts}]`;

const conditions =
  '{range .status.parents[*]}{.parentRef.kind}/{.parentRef.name}{range .conditions[*]} {.type}={.status}{end}{"\\n"}{end}';

test('objects that routes refer to come first, and VirtualServices go last', () => {
  expect(cutOverSteps(convert([{ path: 'fair.yaml', text }]))).toEqual([
    {
      title: 'Apply what routes refer to; nobody does yet',
      stage: '1a',
      commands: [
        '# A mesh of several clusters needs the Services of versions in each cluster before any route.',
        '# Service fair/stalls-blue',
      ],
    },
    {
      title: 'Apply the Gateways and wait until they are programmed; they have addresses of their own',
      stage: '1a',
      commands: [
        'kubectl -n fair wait --for=condition=Programmed --timeout=5m gateways.gateway.networking.k8s.io/fair-gate',
      ],
    },
    {
      title: 'Apply the routes, and go on when each parent says Accepted=True and ResolvedRefs=True',
      stage: '1b',
      commands: [
        '# Metrics: destination_service_name becomes stalls-blue. Check dashboards, objectives, AnalysisTemplates and alerts.',
        `kubectl -n fair get httproutes.gateway.networking.k8s.io stalls -o jsonpath='${conditions}'`,
      ],
    },
    {
      title:
        'Point DNS to the addresses of the new Gateways, and go on when nobody asks the old pods any more',
      commands: [
        '# Hosts that move: stalls.example.com',
        `kubectl -n fair get gateways.gateway.networking.k8s.io/fair-gate -o jsonpath='{range .status.addresses[*]}{.value}{"\\n"}{end}'`,
      ],
    },
    {
      title: 'Delete the VirtualServices one after the other in this order, then the Istio Gateways',
      stage: '2a',
      commands: [
        '# These only read. Delete nothing that they still print:',
        "kubectl get canaries.flagger.app --all-namespaces -o yaml 2>/dev/null | grep -nwE 'stalls|fair-gate'",
        "kubectl get rollouts.argoproj.io --all-namespaces -o yaml 2>/dev/null | grep -nwE 'stalls|fair-gate'",
        `kubectl get virtualservices.networking.istio.io --all-namespaces -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.spec.gateways}{"\\n"}{end}' | grep -wE 'fair-gate'`,
        "kubectl get configmaps --all-namespaces -o yaml | grep -nE 'fair[./]fair-gate'",
        'kubectl -n fair delete virtualservices.networking.istio.io stalls',
        'kubectl -n fair delete gateways.networking.istio.io fair-gate',
      ],
    },
    {
      title:
        'Apply or delete the DestinationRules, once no other VirtualService names one of their subsets: its requests would get 503',
      stage: '2b',
      commands: [
        `kubectl get virtualservices.networking.istio.io --all-namespaces -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.spec..subset}{"\\n"}{end}' | grep ' .'`,
        '# DestinationRule fair/stalls',
      ],
    },
    {
      title:
        'The way back: apply the old manifests, point DNS back, and delete the routes, which would win as the older objects',
      commands: ['kubectl -n fair delete httproutes.gateway.networking.k8s.io stalls'],
    },
  ]);
});

test('the report says which stage writes which steps', () => {
  const steps = cutOverSteps(convert([{ path: 'fair.yaml', text }]));
  expect(stagesOfSteps(steps)).toBe(
    'With Argo CD or Flux, make one commit for each stage and wait until it is healthy: `--stage 1a` writes steps 1 and 2, `--stage 1b` writes step 3, `--stage 2a` writes step 5, `--stage 2b` writes step 6.',
  );
  expect(stagesOfSteps(steps.slice(0, 2))).toBe('');
});

test.each([
  ['1a', ['1a', '1a']],
  ['1b', []],
] as const)('the steps of --stage %s are those of its objects', (stage, expected) => {
  const steps = cutOverSteps(convert([{ path: 'fair.yaml', text }], [], { ...defaultOptions, stage }));
  expect(steps.map(step => step.stage)).toEqual(expected);
});

const rules = (name: string, year: number, more = '') => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: fair
  creationTimestamp: "${year}-01-01T00:00:00Z"
spec:
  hosts: [booth]${more}
  http:
  - route: [{destination: {host: booth}}]
    timeout: ${year - 2000}s`;

/** The commands that delete VirtualServices. */
function deletionsOf(manifests: string): readonly string[] {
  return cutOverSteps(convert([{ path: 'fair.yaml', text: `${service('booth')}${manifests}` }]))
    .flatMap(({ commands }) => commands)
    .filter(command => command.includes('delete virtualservices'));
}

/** The same, and what the plan says of requests between them. */
function plannedFor(manifests: string): readonly string[] {
  return cutOverSteps(convert([{ path: 'fair.yaml', text: `${service('booth')}${manifests}` }]))
    .flatMap(({ commands }) => commands)
    .filter(command => /^# (?:Between|Delete)|delete virtualservices/.test(command));
}

test('a VirtualService that another one precedes goes first, so each can go by itself', () => {
  expect(deletionsOf(rules('a-older', 2021) + rules('b-youngest', 2023) + rules('c-younger', 2022))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io b-youngest c-younger a-older',
  ]);
});

test('a wildcard is deleted ahead of the names that it covers, so that nothing is left to it', () => {
  const wildcard = rules('b-wildcard', 2021).replace('[booth]', '["*.fair.svc.cluster.local"]');
  expect(deletionsOf(`${rules('a-name', 2023)}${wildcard}\n---\n${service('stall')}`)).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io b-wildcard a-name',
  ]);
});

test('a wildcard for some namespaces is deleted ahead of a name for all of them, which it covers', () => {
  const wildcard = rules('b-wildcard', 2021, '\n  exportTo: [fair]').replace(
    '[booth]',
    '["*.fair.svc.cluster.local"]',
  );
  expect(deletionsOf(`${rules('a-name', 2023)}${wildcard}\n---\n${service('stall')}`)).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io b-wildcard a-name',
  ]);
});

test('a VirtualService of some namespaces goes after one of all namespaces', () => {
  const ofSome = rules('a-private', 2023, '\n  exportTo: [guild]');
  expect(deletionsOf(rules('b-public', 2021) + ofSome)).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io b-public a-private',
  ]);
});

test('a delegate goes after whoever names it', () => {
  const delegating = `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: zelkova, namespace: fair}
spec:
  hosts: [booth]
  http:
  - delegate: {name: acer}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: acer, namespace: fair}
spec:
  http:
  - route: [{destination: {host: booth}}]`;
  expect(deletionsOf(delegating)).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io zelkova acer',
  ]);
});

test('the older of two lists for connections goes last, although its entries for HTTP take the rest', () => {
  const gate = `${gateFor('booth.example.com')}
  - port: {number: 5432, name: tcp, protocol: TCP}
    hosts: ["*"]`;
  const list = (name: string, year: number, entries: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: [booth.example.com]
  gateways: [fair-gate]
  ${entries}`;
  const toBooth = '- route: [{destination: {host: booth}}]';
  const rest = `http: [{route: [{destination: {host: booth}}]}]\n  tcp:\n  ${toBooth}`;
  expect(
    deletionsOf(gate + list('a-rest', 2021, rest) + list('b-connections', 2023, `tcp:\n  ${toBooth}`)),
  ).toEqual(['kubectl -n fair delete virtualservices.networking.istio.io b-connections a-rest']);
  // For HTTP the one that takes the rest is the first, and for connections the same is left.
  const some = (route: string) =>
    `http: [{match: [{uri: {exact: /a}}], route: [{destination: {host: booth}}], timeout: 1s}]\n  tcp:\n  ${route}`;
  const older = gate + list('a-rest', 2021, rest);
  expect(deletionsOf(older + list('b-some', 2023, some(toBooth)))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io a-rest b-some',
  ]);
  // Where connections would go elsewhere, there is no order for both.
  const toStall = '- route: [{destination: {host: stall}}]';
  expect(plannedFor(`${older}${list('b-some', 2023, some(toStall))}\n---\n${service('stall')}`)).toEqual([
    "# Between deleting fair/b-some and fair/a-rest, the old pods treat some requests otherwise, such as 'GET booth.example.com/a'. Hosts: booth.example.com",
    '# Delete them only when nobody asks the old pods for these hosts any more.',
    'kubectl -n fair delete virtualservices.networking.istio.io b-some a-rest',
  ]);
});

test('for connections with TLS, too, a wildcard is deleted ahead of the names that it covers', () => {
  const gate = gateFor('booth.example.com').replace(
    / - port: .*\n.*/,
    `
  - port: {number: 8443, name: tls, protocol: TLS}
    hosts: ["*.example.com"]
    tls: {mode: PASSTHROUGH}`,
  );
  const list = (name: string, year: number, host: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: ["${host}"]
  gateways: [fair-gate]
  tls:
  - match: [{sniHosts: ["${host}"]}]
    route: [{destination: {host: booth, port: {number: 7070}}}]`;
  const wildcard = list('a-wildcard', 2021, '*.example.com');
  expect(deletionsOf(gate + wildcard + list('b-closer', 2023, 'b.example.com'))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io a-wildcard b-closer',
  ]);
  expect(deletionsOf(gate + wildcard + list('b-same', 2023, '*.example.com'))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io b-same a-wildcard',
  ]);
});

test('nothing goes of two lists in one domain, whose routes would have the order in which they are created', () => {
  const gate = gateFor('"*.example.com", booth.example.com');
  const list = (name: string, year: number, host: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: ["${host}"]
  gateways: [fair-gate]
  http: [{route: [{destination: {host: booth}}], timeout: ${year - 2000}s}]`;
  const wildcard = list('a-wildcard', 2021, '*.example.com');
  expect(deletionsOf(gate + wildcard + list('b-closer', 2023, 'booth.example.com'))).toEqual([]);
  // A domain that the Gateway does not serve by itself is left to the wildcard.
  expect(deletionsOf(gate + wildcard + list('b-other', 2023, 'other.example.com'))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io a-wildcard b-other',
  ]);
});

test('a list with nothing but the rest is deleted earlier than one that does the same with the rest', () => {
  const gate = gateFor('booth.example.com');
  const list = (name: string, year: number, entries: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: [booth.example.com]
  gateways: [fair-gate]
  http: [${entries}]`;
  const some = '{match: [{headers: {ticket: {}}}], route: [{destination: {host: booth}}]}, ';
  const away = '{redirect: {uri: /closed}}';
  const older = list('a-rest', 2021, away);
  expect(deletionsOf(gate + older + list('b-some', 2023, some + away))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io a-rest b-some',
  ]);
  // Where the rest would become another one, the younger goes first.
  expect(deletionsOf(gate + older + list('b-some', 2023, `${some}{redirect: {uri: /open}}`))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io b-some a-rest',
  ]);
});

describe('each state on the way is tried out inside the mesh', () => {
  const port = (number: number, name: string) => `  - name: ${name}\n    port: ${number}\n`;
  const services = [service('booth'), service('stall')].map(
    one => `${one}${port(7000, 'tcp')}${port(7443, 'tls')}`,
  );
  const list = (name: string, year: number, host: string, spec: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: ["${host}"]
  ${spec}`;
  const to = (host: string, number: number) => `[{destination: {host: ${host}, port: {number: ${number}}}}]`;
  const requests = (host: string, match = '') => `http: [{${match}route: ${to(host, 7070)}}]`;
  const tcp = (host: string) => `tcp: [{match: [{port: 7000}], route: ${to(host, 7000)}}]`;
  const wild = '*.fair.svc.cluster.local';
  const planOf = (...manifests: readonly string[]) =>
    cutOverSteps(convert([{ path: 'fair.yaml', text: [...services, ...manifests].join('\n---\n') }]))
      .flatMap(({ commands }) => commands)
      .filter(command => /^# (?:Between|Delete|No order)|delete virtualservices/.test(command));
  const deleting = (...names: readonly string[]) => [
    `kubectl -n fair delete virtualservices.networking.istio.io ${names.join(' ')}`,
  ];

  test('connections go by the older list, so that an older wildcard waits for a name', () => {
    const both = (host: string) => `${requests(host)}\n  ${tcp(host)}`;
    expect(
      planOf(list('a-wild', 2021, wild, both('stall')), list('b-name', 2023, 'booth', both('booth'))),
    ).toEqual(deleting('b-name', 'a-wild'));
    // Requests go by the name, which has a route, and connections that go to the same place do not matter.
    const alike = `${requests('booth')}\n  ${tcp('stall')}`;
    expect(planOf(list('a-wild', 2021, wild, both('stall')), list('b-name', 2023, 'booth', alike))).toEqual(
      deleting('a-wild', 'b-name'),
    );
    expect(
      planOf(list('a-wild', 2021, wild, requests('stall')), list('b-name', 2023, 'booth', requests('booth'))),
    ).toEqual(deleting('a-wild', 'b-name'));
  });

  test('a route for connections keeps requests from a wildcard, so that it may go after the name', () => {
    expect(
      planOf(
        list('a-wild', 2021, wild, `${requests('stall')}\n  ${tcp('stall')}`),
        list('b-name', 2023, 'booth', tcp('booth')),
      ),
    ).toEqual(deleting('b-name', 'a-wild'));
  });

  test('a waypoint goes through private lists ahead of routes, the older first', () => {
    const matched = requests('booth', 'match: [{uri: {exact: /tickets}}], ');
    const both = (exportTo: string) => [
      ambient,
      list('a-wild', 2021, wild, `exportTo: [${exportTo}]\n  ${requests('stall')}`),
      list('b-name', 2023, 'booth', `exportTo: [${exportTo}]\n  ${matched}`),
    ];
    expect(planOf(...both('fair'))).toEqual(deleting('b-name', 'a-wild'));
    // Those for everybody come after the routes of their namespace.
    expect(planOf(...both('"*"'))).toEqual(deleting('a-wild', 'b-name'));
  });

  describe('lists for the clients of some namespaces: each namespace takes its own first', () => {
    const own = (namespace: string, year: number, exportTo: string, backend: string) =>
      list(
        `in-${namespace}`,
        year,
        'booth.fair.svc.cluster.local',
        `exportTo: [${exportTo}]\n  ${requests(`${backend}.fair.svc.cluster.local`)}`,
      ).replace('namespace: fair', `namespace: ${namespace}`);
    const deletion = (namespace: string) =>
      `kubectl -n ${namespace} delete virtualservices.networking.istio.io in-${namespace}`;

    test('an older one that is exported there goes first', () => {
      expect(planOf(own('fair', 2021, 'guild', 'booth'), own('guild', 2023, 'guild', 'stall'))).toEqual([
        deletion('fair'),
        deletion('guild'),
      ]);
      // Of two that are exported there the older one decides.
      expect(planOf(own('fair', 2021, 'guild', 'booth'), own('hall', 2023, 'guild', 'stall'))).toEqual([
        deletion('hall'),
        deletion('fair'),
      ]);
    });

    test('where each namespace would be left to the other one, no order is right, and the plan says so', () => {
      expect(
        planOf(own('hall', 2021, 'guild, hall', 'booth'), own('guild', 2023, 'guild, hall', 'stall')),
      ).toEqual([
        "# Between deleting guild/in-guild and hall/in-hall, proxies inside the mesh treat some requests otherwise, such as 'GET booth.fair:7070/'. Hosts: booth.fair.svc.cluster.local",
        '# No order avoids that. Delete these two, and those between, right after one another.',
        deletion('guild'),
        deletion('hall'),
      ]);
      // Where both do the same, nobody notices.
      expect(
        planOf(own('hall', 2021, 'guild, hall', 'stall'), own('guild', 2023, 'guild, hall', 'stall')),
      ).toEqual([deletion('guild'), deletion('hall')]);
    });
  });

  test('where gateways want another order, the mesh has its own, and the plan tells of the old pods', () => {
    const gate = gateFor('"*"');
    const both = (name: string, year: number, host: string, backend: string, gateways: string) =>
      list(name, year, host, `gateways: [${gateways}]\n  ${requests(backend)}\n  ${tcp(backend)}`);
    const planFor = (gateways: string) =>
      planOf(
        gate,
        both('a-wild', 2021, wild, 'stall', gateways),
        both('b-name', 2023, 'booth.fair.svc.cluster.local', 'booth', gateways),
      );
    expect(planFor('fair-gate')).toEqual(deleting('a-wild', 'b-name'));
    expect(planFor('mesh, fair-gate')).toEqual([
      "# Between deleting fair/b-name and fair/a-wild, the old pods treat some requests otherwise, such as 'GET booth.fair.svc.cluster.local/'. Hosts: booth.fair.svc.cluster.local",
      '# Delete them only when nobody asks the old pods for these hosts any more.',
      ...deleting('b-name', 'a-wild'),
    ]);
  });
});

describe('VirtualServices of one host of a gateway', () => {
  const list = (name: string, year: number, entries: string, hosts = 'booth.example.com') => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: [${hosts}]
  gateways: [fair-gate]
  http: [${entries}]`;
  const to = (timeout: number, match = '') =>
    `{${match}route: [{destination: {host: booth}}], timeout: ${timeout}s}`;
  const at = (path: string) => `match: [{uri: {prefix: ${path}}}], `;
  const commandsOf = (...lists: readonly string[]) => plannedFor(gateFor('"*.example.com"') + lists.join(''));

  test('one that does nothing goes first, although another one takes the rest', () => {
    const older = list('a-older', 2021, `${to(1, at('/a'))}, ${to(2)}`);
    expect(commandsOf(older, list('b-idle', 2023, to(3, at('/a/b'))))).toEqual([
      'kubectl -n fair delete virtualservices.networking.istio.io b-idle a-older',
    ]);
    // One that does something would leave it to the rest of the other one.
    expect(commandsOf(older, list('b-active', 2023, to(3, at('/b'))))).toEqual([
      'kubectl -n fair delete virtualservices.networking.istio.io a-older b-active',
    ]);
  });

  test('a prefix that is written anew is another action under another prefix', () => {
    const rewritten = (path: string) => to(1, `${at(path)}rewrite: {uri: /}, `);
    const younger = list('b-younger', 2023, rewritten('/a'));
    expect(commandsOf(list('a-older', 2021, rewritten('/a/b')), younger)).toEqual([
      'kubectl -n fair delete virtualservices.networking.istio.io b-younger a-older',
    ]);
  });

  test('where no order keeps all requests, the plan says so, and of which host', () => {
    const both = (name: string, year: number, path: string, hosts?: string) =>
      list(name, year, `${to(year - 2000, at(path))}, ${to(year - 1900)}`, hosts);
    expect(
      commandsOf(
        both('a-older', 2021, '/a'),
        both('b-younger', 2023, '/b'),
        both('c-other', 2022, '/c', 'tent.example.com'),
      ),
    ).toEqual([
      "# Between deleting fair/b-younger and fair/a-older, the old pods treat some requests otherwise, such as 'GET booth.example.com/b'. Hosts: booth.example.com",
      '# Delete them only when nobody asks the old pods for these hosts any more.',
      'kubectl -n fair delete virtualservices.networking.istio.io b-younger c-other a-older',
    ]);
  });

  test('one that is exported to some namespaces is asked before an older one for all', () => {
    const older = list('a-older', 2021, to(1, at('/a')));
    const younger = list('b-younger', 2023, `${to(3, at('/a/b'))}, ${to(2)}`);
    expect(commandsOf(older, younger)).toEqual([
      'kubectl -n fair delete virtualservices.networking.istio.io b-younger a-older',
    ]);
    // Here the younger one has /a/b today, and the older one the rest of /a.
    const pods = `
---
apiVersion: v1
kind: Service
metadata: {name: gate, namespace: fair}
spec: {selector: {istio: ingressgateway}, ports: [{port: 80, name: http}]}`;
    expect(commandsOf(pods, older, younger.replace('  hosts:', '  exportTo: ["."]\n  hosts:'))).toEqual([
      "# Between deleting fair/a-older and fair/b-younger, the old pods treat some requests otherwise, such as 'GET booth.example.com/a'. Hosts: booth.example.com",
      '# Delete them only when nobody asks the old pods for these hosts any more.',
      'kubectl -n fair delete virtualservices.networking.istio.io a-older b-younger',
    ]);
  });

  test('the next one is the one that changes least, where there are more than can be tried', () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      list(`some-${String.fromCharCode(97 + index)}`, 2001 + index, to(index + 1, at(`/${index}`))),
    );
    const rest = list('rest', 2020, to(30));
    const [command] = commandsOf(...many, rest);
    expect(command?.split(' ').slice(5)[0]).toBe('rest');
    expect(command?.split(' ')).toHaveLength(5 + 13);
  });
});

describe('each state on the way is tried out at the old pods', () => {
  const list = (name: string, year: number, spec: string, host = 'booth.example.com') => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: ["${host}"]
  gateways: [fair-gate]
  ${spec}`;
  const deleting = (...names: readonly string[]) =>
    `kubectl -n fair delete virtualservices.networking.istio.io ${names.join(' ')}`;
  const stall = `\n---\n${service('stall')}`;
  const to = (host: string, more = '') => `{${more}route: [{destination: {host: ${host}}}]}`;
  const at = (path: string) => `match: [{uri: {prefix: ${path}}}], `;

  test('a rewrite that changes nothing makes no difference', () => {
    const gate = gateFor('booth.example.com');
    const both = (path: string) =>
      `${gate}${list('a-rest', 2021, `http: [${to('booth')}]`)}${list('b-some', 2023, `http: [${to('stall', at('/a'))}, ${to('booth', `rewrite: {uri: ${path}}, `)}]`)}${stall}`;
    expect(plannedFor(both('/'))).toEqual([deleting('a-rest', 'b-some')]);
    expect(plannedFor(both('/b/'))).toEqual([
      "# Between deleting fair/b-some and fair/a-rest, the old pods treat some requests otherwise, such as 'GET booth.example.com/a'. Hosts: booth.example.com",
      '# Delete them only when nobody asks the old pods for these hosts any more.',
      deleting('b-some', 'a-rest'),
    ]);
  });

  test('connections that go to the same place are no reason to wait', () => {
    const gate = `${gateFor('booth.example.com')}
  - port: {number: 8443, name: tls, protocol: TLS}
    hosts: [booth.example.com]
    tls: {mode: PASSTHROUGH}`;
    const tls = (host: string) =>
      `\n  tls: [{match: [{sniHosts: [booth.example.com]}], route: [{destination: {host: ${host}, port: {number: 7070}}}]}]`;
    const both = (host: string) =>
      `${gate}${list('a-rest', 2021, `http: [${to('booth')}]${tls('booth')}`)}${list('b-some', 2023, `http: [${to('stall', at('/b'))}]${tls(host)}`)}${stall}`;
    expect(plannedFor(both('booth'))).toEqual([deleting('a-rest', 'b-some')]);
    // Else there is no order: the younger one would take the connections.
    expect(plannedFor(both('stall'))).toEqual([
      "# Between deleting fair/b-some and fair/a-rest, the old pods treat some requests otherwise, such as 'GET booth.example.com/b'. Hosts: booth.example.com",
      '# Delete them only when nobody asks the old pods for these hosts any more.',
      deleting('b-some', 'a-rest'),
    ]);
  });

  test('a redirect to https of another Gateway takes what no list is left for', () => {
    const other = (hosts: string) => `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: other-gate, namespace: fair}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [${hosts}]
    tls: {httpsRedirect: true}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [${hosts}]
    tls: {mode: SIMPLE, credentialName: other}`;
    const lists = `${list('a-rest', 2021, `http: [${to('booth')}]`)}${list('b-some', 2023, `http: [${to('booth', `${at('/a')}timeout: 3s, `)}]`)}`;
    const gate = gateFor('booth.example.com');
    // While one list is there, a path that it has not got is 404, and not redirected.
    expect(plannedFor(gate + other('"*.example.com"') + lists)).toEqual([
      "# Between deleting fair/b-some and fair/a-rest, the old pods treat some requests otherwise, such as 'GET booth.example.com/a'. Hosts: booth.example.com",
      '# Delete them only when nobody asks the old pods for these hosts any more.',
      deleting('b-some', 'a-rest'),
    ]);
    expect(plannedFor(gate + other('"*.example.org"') + lists)).toEqual([deleting('a-rest', 'b-some')]);
  });

  test('a wildcard for connections without a name waits, where its requests do not matter', () => {
    const gate = `${gateFor('"*.example.com"')}
  - port: {number: 5432, name: tcp, protocol: TCP}
    hosts: ["*"]`;
    const spec = (host: string) => `http: [${to('booth')}]\n  tcp: [${to(host)}]`;
    const wild = list('a-wild', 2021, spec('booth'), '*.example.com');
    expect(plannedFor(`${gate}${wild}${list('b-name', 2023, spec('stall'))}${stall}`)).toEqual([
      deleting('b-name', 'a-wild'),
    ]);
    expect(plannedFor(`${gate}${wild}${list('b-name', 2023, spec('booth'))}`)).toEqual([
      deleting('a-wild', 'b-name'),
    ]);
  });
});

describe('two routes for one Service', () => {
  const some = (year: number, match: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${year === 2021 ? 'b' : 'a'}-some, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: [booth]
  http: [{match: [{${match}}], route: [{destination: {host: booth}}], timeout: ${year - 2020}s}]`;
  const orderOf = (lists: string) =>
    cutOverSteps(convert([{ path: 'fair.yaml', text: `${service('booth')}${ambient}${lists}` }]))
      .flatMap(({ commands }) => commands)
      .filter(command => command.includes(' get httproutes.'))
      .map(command => command.split(' ')[5]);
  const tickets = some(2021, 'uri: {exact: /tickets}');

  test('the one with a rule for every request comes last', () => {
    expect(orderOf(`${rules('a-rest', 2022)}${tickets}`)).toEqual(['b-some', 'a-rest']);
  });

  test('the one of the older VirtualService comes first, whatever their names and files', () => {
    const younger = some(2022, 'uri: {prefix: /tickets}');
    expect(orderOf(`${younger}${tickets}`)).toEqual(['b-some', 'a-some']);
    expect(orderOf(`${tickets}${younger}`)).toEqual(['b-some', 'a-some']);
  });
});

test('there are no steps where nothing converts', () => {
  const held = text.replace('kind: DestinationRule', 'kind: Something');
  expect(cutOverSteps(convert([{ path: 'fair.yaml', text: held }]))).toEqual([]);
});

test('a name with characters of the shell is quoted', () => {
  const odd = text.replaceAll('namespace: fair', 'namespace: $SPACE');
  const commands = cutOverSteps(
    convert([{ path: 'fair.yaml', text: odd }], [], { ...defaultOptions, namespace: 'fair' }),
  ).flatMap(step => step.commands);
  expect(commands.at(-1)).toBe("kubectl -n '$SPACE' delete httproutes.gateway.networking.k8s.io stalls");
});

/** A VirtualService of the same Gateway that has no form. */
const tents = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: tents
  namespace: fair
spec:
  hosts:
  - stalls.example.com
  gateways:
  - other-gate
  - fair-gate
  http:
  - fault:
      delay:
        fixedDelay: 2s
    match:
    - gateways:
      - fair-gate
      uri:
        prefix: /tents
    route:
    - destination:
        host: stalls
`;

const deletions = (files: readonly { path: string; text: string }[], more: object = {}) =>
  cutOverSteps(convert(files, [], { ...defaultOptions, ...more }))
    .flatMap(({ commands }) => commands)
    .filter(command => / delete (?:virtualservices|gateways\.networking)/.test(command));

test('a Gateway that a VirtualService still needs is not deleted', () => {
  const shared = text.replace('    - stalls.example.com', '    - "*.example.com"');
  const other = tents.replace('- stalls.example.com', '- tents.example.com');
  expect(deletions([{ path: 'fair.yaml', text: shared + other }])).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io stalls',
  ]);
});

/** The commands of the step that is about DNS. */
const dnsOf = (text: string, more: object = {}) =>
  cutOverSteps(convert([{ path: 'fair.yaml', text }], [], { ...defaultOptions, ...more }))
    .filter(({ title }) => title.startsWith('Point DNS'))
    .flatMap(({ commands }) => commands.map(command => command.replace(/ -o jsonpath=.*/, '')));

test('DNS is told of the hosts that move, and of those that a VirtualService keeps at the old pods', () => {
  const shared = text.replace('    - stalls.example.com', '    - "*.example.com"');
  const other = tents.replace('- stalls.example.com', '- tents.example.com');
  const moving = [
    '# Hosts that move: stalls.example.com',
    'kubectl -n fair get gateways.gateway.networking.k8s.io/fair-gate',
  ];
  expect(dnsOf(shared)).toEqual(moving);
  expect(dnsOf(shared + other)).toEqual([
    moving[0],
    '# Hosts that stay at the old pods: tents.example.com',
    moving[1],
  ]);
  // Where no entry of it applies, it keeps nothing.
  expect(dnsOf(shared + other.replace('  - fair-gate\n  http', '  http'))).toEqual(moving);
});

test('inside the mesh an older list of a host waits for a younger one, which waits for a wildcard', () => {
  const list = (name: string, year: number, hosts: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair, creationTimestamp: "${year}-01-01T00:00:00Z"}
spec:
  hosts: ${hosts}
  http:
  - route: [{destination: {host: ${name}}}]
    timeout: ${year - 2000}s`;
  const services = ['older', 'younger', 'booth', 'wide']
    .map(name => `\n---\n${service(name)}`)
    .join('')
    .replaceAll('namespace: elsewhere', 'namespace: fair');
  const older = list('older', 2021, '[older]');
  const younger = list('younger', 2024, '[older, booth]');
  expect(
    deletionsOf(services + older + younger + list('wide', 2020, '["*.fair.svc.cluster.local"]')),
  ).toEqual(['kubectl -n fair delete virtualservices.networking.istio.io wide younger older']);
});

test('a host moves, although a VirtualService stays that does nothing for it at the gateway', () => {
  const atGateway = (name: string, host: string, spec: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair}
spec:
  hosts: [${host}]
  gateways: [fair-gate]
  ${spec}`;
  const moving = atGateway('moving', 'booth.example.com', 'http: [{route: [{destination: {host: booth}}]}]');
  const connections = 'exportTo: [guild]\n  tcp: [{route: [{destination: {host: booth}}]}]';
  const dns = (host: string) =>
    cutOverSteps(
      convert([
        {
          path: 'fair.yaml',
          text: `${service('booth')}${gateFor('"*"')}${moving}${atGateway('idle', host, connections)}`,
        },
      ]),
    )
      .flatMap(({ commands }) => commands)
      .filter(command => command.startsWith('# Hosts'));
  expect(dns('booth.example.com')).toEqual(['# Hosts that move: booth.example.com']);
  expect(dns('stall.example.com')).toEqual([
    '# Hosts that move: booth.example.com',
    '# Hosts that stay at the old pods: stall.example.com',
  ]);
});

test('DNS is told of hosts that stay at the pods of another Istio Gateway, by that Gateway', () => {
  const wild = text
    .replace('    - stalls.example.com', '    - "*.example.com"')
    .replace('  - stalls.example.com', '  - "*.example.com"');
  const inner = (selector: string) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: inner-gate, namespace: fair}
spec:
  selector: {istio: ${selector}}
  servers:
  - port: {number: 81, name: http, protocol: HTTP}
    hosts: ["*.example.com"]
`;
  const other = tents
    .replace('- stalls.example.com', '- tents.example.com')
    .replace('  - other-gate\n  - fair-gate\n  http', '  - inner-gate\n  http')
    .replace('      - fair-gate', '      - inner-gate');
  const notesOf = (selector: string) => dnsOf(wild + other + inner(selector)).slice(0, -1);
  expect(notesOf('private')).toEqual([
    "# Hosts that move: '*.example.com'",
    '# Hosts that stay at the pods of Istio Gateway fair/inner-gate: tents.example.com',
  ]);
  // On the pods that others leave they have one address for all ports: nothing moves.
  expect(notesOf('ingressgateway')).toEqual([]);
  // The same name at pods of its own: clients of these stay, and those of the others move.
  const same = tents
    .replace('  - other-gate\n  - fair-gate\n  http', '  - inner-gate\n  http')
    .replace('      - fair-gate', '      - inner-gate');
  expect(dnsOf(text + same + inner('private')).slice(0, -1)).toEqual([
    '# Hosts that move: stalls.example.com',
    '# Hosts that stay at the pods of Istio Gateway fair/inner-gate: stalls.example.com',
  ]);
});

test('DNS is told of the port, where connections without a name stay', () => {
  const server = '  - {port: {number: 9000, name: wire, protocol: TCP}, hosts: ["*"]}\n';
  const withTcp = text.replace('  servers:\n', `  servers:\n${server}`);
  const wires = (match: string, host = '*') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: wires, namespace: fair}
spec:
  hosts: ["${host}"]
  gateways: [fair-gate]
  tcp: [{match: [{${match}sourceLabels: {app: tent}}], route: [{destination: {host: stalls}}]}]
`;
  const moving = '# Hosts that move: stalls.example.com';
  const staying = '# Hosts that stay at the old pods: ';
  expect(withTcp).toContain(server);
  for (const match of ['port: 9000, ', ''])
    expect(dnsOf(withTcp + wires(match)).slice(0, 2)).toEqual([moving, `${staying}'port 9000'`]);
  expect(dnsOf(withTcp + wires('', 'wires.example.com')).slice(0, 2)).toEqual([
    moving,
    `${staying}wires.example.com`,
  ]);
});

const pods = service('ingress').replace('app: ingress', 'istio: ingressgateway').replace('7070', '80');

test('DNS moves to a Gateway that was there, and not where the pods stay', () => {
  const mapped = {
    gatewayMap: [
      { from: { namespace: 'fair', name: 'fair-gate' }, to: { namespace: 'edge', name: 'public' } },
    ],
  };
  expect(dnsOf(text, mapped)).toEqual([
    '# Hosts that move: stalls.example.com',
    'kubectl -n edge get gateways.gateway.networking.k8s.io/public',
  ]);
  expect(dnsOf(`${text}---\n${pods}`, { gatewayService: 'fair/ingress' })).toEqual([]);
});

test('on running pods the Istio Gateway goes ahead of its VirtualServices, since istiod serves the older of two servers', () => {
  const steps = (gatewayService?: string) =>
    cutOverSteps(
      convert([{ path: 'a.yaml', text: `${text}---\n${pods}` }], [], {
        ...defaultOptions,
        ...(gatewayService === undefined ? {} : { gatewayService }),
      }),
    ).flatMap(({ title, commands }) =>
      title.startsWith('Delete') ? [title, ...commands.filter(each => each.includes(' delete '))] : [],
    );
  const [virtualService, gateway] = [
    'kubectl -n fair delete virtualservices.networking.istio.io stalls',
    'kubectl -n fair delete gateways.networking.istio.io fair-gate',
  ];
  expect(steps()).toEqual([
    'Delete the VirtualServices one after the other in this order, then the Istio Gateways',
    virtualService,
    gateway,
  ]);
  expect(steps('fair/ingress')).toEqual([
    'Delete the Istio Gateways, so that the new Gateways get their hosts, then the VirtualServices one after the other in this order',
    gateway,
    virtualService,
  ]);
});

test('connections without names move by their port', () => {
  const tcp = text
    .replace('protocol: HTTP', 'protocol: TCP')
    .replace('  http:\n  - route:', '  tcp:\n  - route:')
    .replace(/ {8}subset: blue\n/, '');
  expect(dnsOf(tcp)).toEqual([
    "# Hosts that move: 'port 80'",
    'kubectl -n fair get gateways.gateway.networking.k8s.io/fair-gate',
  ]);
});

test('nothing is deleted where VirtualServices stay', () => {
  expect(deletions([{ path: 'fair.yaml', text }], { keepVirtualServices: true })).toEqual([]);
});

test('a policy that gets the Service of a version as a target is applied before the routes', () => {
  const policy = `apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata:
  name: stalls-tls
  namespace: fair
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: stalls
  validation:
    hostname: stalls.internal
    wellKnownCACertificates: System
`;
  const files = [{ path: 'fair.yaml', text: [text, service('stalls'), policy].join('---\n') }];
  const [first] = cutOverSteps(convert(files, [], defaultOptions));
  expect(first).toEqual({
    title: 'Apply what routes refer to; nobody does yet',
    stage: '1a',
    commands: [
      '# A mesh of several clusters needs the Services of versions in each cluster before any route.',
      '# Service fair/stalls-blue',
      '# BackendTLSPolicy fair/stalls-tls',
    ],
  });
});

test('an object that stays in another environment is not deleted by its name', () => {
  const held = text.replace(
    '  http:\n',
    '  http:\n  - fault: {delay: {fixedDelay: 2s}}\n    route: [{destination: {host: stalls}}]\n',
  );
  expect(
    deletions([
      { path: 'north/fair.yaml', text },
      { path: 'south/fair.yaml', text: held },
    ]),
  ).toEqual([]);
});

test('the tools around the cluster are told of where an object has to do with them', () => {
  const annotated = text
    .replace(
      'kind: Gateway\nmetadata:\n  name: fair-gate\n',
      'kind: Gateway\nmetadata:\n  name: fair-gate\n  annotations:\n    external-dns.kubernetes.io/target: fair.example.net\n    cert-manager.io/issuer: letters\n',
    )
    .replace(
      '      protocol: HTTP\n    hosts:\n    - stalls.example.com\n',
      '      protocol: HTTPS\n    hosts:\n    - stalls.example.com\n    tls:\n      mode: SIMPLE\n      credentialName: fair-tls\n',
    );
  const [, gateways] = cutOverSteps(convert([{ path: 'fair.yaml', text: annotated }]));
  expect(gateways?.commands).toEqual([
    '# external-dns: add --source=gateway-httproute. Remove its istio-* sources once the old objects are gone.',
    '# cert-manager: issuers that use HTTP-01 need a solver of kind gatewayHTTPRoute for the new Gateways.',
    'kubectl -n fair wait --for=condition=Programmed --timeout=5m gateways.gateway.networking.k8s.io/fair-gate',
  ]);
});

test('an entry that names a delegate takes the rest of a gateway only where it has that delegate', () => {
  const atGateway = (name: string, year: number, http: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: fair
  creationTimestamp: "${year}-01-01T00:00:00Z"
spec:
  hosts: [booth.example.com]
  gateways: [fair-gate]
  http:${http}`;
  const delegate = (exportTo: string) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: part, namespace: fair}
spec:
  exportTo: ["${exportTo}"]
  http:
  - route: [{destination: {host: booth}}]`;
  const gate = gateFor('booth.example.com');
  const older = atGateway('older', 2021, '\n  - route: [{destination: {host: booth}}]');
  const younger = atGateway(
    'younger',
    2023,
    `
  - delegate: {name: part}
  - match: [{uri: {exact: /tickets}}]
    timeout: 1s
    route: [{destination: {host: booth}}]`,
  );
  expect(deletionsOf(gate + older + younger + delegate('guild'))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io older younger',
  ]);
  expect(deletionsOf(gate + older + younger + delegate('*'))).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io younger older part',
  ]);
});

test('at a gateway a wildcard is deleted earlier than the names that it covers', () => {
  const named = (name: string, host: string, year: number) => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: fair
  creationTimestamp: "${year}-01-01T00:00:00Z"
spec:
  hosts: ["${host}"]
  gateways: [fair-gate]
  http:
  - match: [{uri: {prefix: /}}]
    route: [{destination: {host: booth}}]
    timeout: ${year - 2000}s`;
  const gate = (host: string) => `
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: fair-gate, namespace: fair}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["${host}"]`;
  const younger = named('by-name', 'booth.example.com', 2023);
  const older = named('wild', '*.example.com', 2021);
  expect(deletionsOf(gate('*') + older + younger)).toEqual([
    'kubectl -n fair delete virtualservices.networking.istio.io wild by-name',
  ]);
  // Where the Gateway has one name alone, both have entries for that name, and nobody knows which route will be older.
  expect(deletionsOf(gate('booth.example.com') + older + younger)).toEqual([]);
});
