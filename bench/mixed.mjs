/**
 * VirtualServices as repositories have them: hardly two alike, with the Services, DestinationRules and Gateways they
 * need. The same number gives the same manifests.
 */

/** A generator of numbers below a bound, always the same ones (xorshift). */
function numbers(seed) {
  let state = seed || 1;
  return bound => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

const path = (kind, value) => `uri:\n        ${kind}: ${value}`;

function matchOf(next, index) {
  const parts = [];
  const paths = [
    () => path('prefix', `/api/v${next(4)}/part-${index}`),
    () => path('exact', `/health/${index}`),
    () => path('prefix', `/static-${index}/`),
    () => path('regex', `/items/[0-9]+/part${index}`),
  ];
  if (next(5) > 0) parts.push(paths[next(8) === 0 ? 3 : next(3)]());
  if (next(3) === 0)
    parts.push(
      `headers:\n        x-group-${next(3)}:\n          ${['exact', 'prefix', 'exact'][next(3)]}: g${next(5)}`,
    );
  if (next(6) === 0) parts.push(`queryParams:\n        q${next(2)}:\n          exact: "${next(3)}"`);
  if (next(6) === 0) parts.push(`method:\n        exact: ${['GET', 'POST', 'PUT'][next(3)]}`);
  if (parts.length === 0) parts.push(path('prefix', `/only-${index}`));
  return `    - ${parts.join('\n      ')}\n`;
}

function extrasOf(next) {
  const extras = [];
  if (next(3) === 0) extras.push(`    timeout: ${1 + next(30)}s\n`);
  if (next(40) === 0)
    extras.push(
      `    retries:\n      attempts: ${1 + next(4)}\n      perTryTimeout: ${1 + next(3)}s\n      retryOn: 5xx,reset\n`,
    );
  if (next(5) === 0)
    extras.push(
      `    headers:\n      request:\n        ${['set', 'add'][next(2)]}:\n          x-from: mesh-${next(3)}\n      response:\n        remove:\n        - server\n`,
    );
  if (next(8) === 0)
    extras.push(
      '    corsPolicy:\n      allowOrigins:\n      - exact: https://shop.example.com\n      allowMethods:\n      - GET\n      maxAge: 24h\n',
    );
  return extras.join('');
}

function routeOf(next, host, subsets) {
  const to = (subset, weight) =>
    `    - destination:\n        host: ${host}\n        port:\n          number: 8080\n${subset === undefined ? '' : `        subset: ${subset}\n`}${weight === undefined ? '' : `      weight: ${weight}\n`}`;
  if (subsets.length > 1 && next(2) === 0) {
    const share = 10 * (1 + next(8));
    return `    route:\n${to(subsets[0], 100 - share)}${to(subsets[1], share)}`;
  }
  return `    route:\n${to(subsets[next(subsets.length + 1)])}`;
}

function entriesOf(next, host, subsets) {
  const count = 1 + next(5);
  const entries = Array.from({ length: count }, (_, index) => {
    const match = `  - match:\n${matchOf(next, index)}${next(4) === 0 ? matchOf(next, index + 10) : ''}`;
    if (next(12) === 0) return `${match}    redirect:\n      uri: /moved-${index}\n`;
    const rewrite = match.includes('prefix: /api') && next(3) === 0 ? '    rewrite:\n      uri: /\n' : '';
    return match + rewrite + extrasOf(next) + routeOf(next, host, subsets);
  });
  return `${entries.join('')}  -${`${extrasOf(next)}${routeOf(next, host, subsets)}`.slice(3)}`;
}

function object(apiVersion, kind, name, namespace, spec) {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n${spec}`;
}

const istio = 'networking.istio.io/v1';

/** @param {number} count of VirtualServices @returns texts by path: a file for each app, and Gateways for every team */
export function mixed(count) {
  const next = numbers(0xbe_4c4);
  const files = [];
  for (let made = 0, number = 0; made < count; number += 1) {
    const name = `app-${number}`;
    const namespace = `team-${number % 40}`;
    const subsets = next(2) === 0 ? ['v1', 'v2', 'v3'].slice(0, 1 + next(3)) : [];
    const service = (own, labels) =>
      object(
        'v1',
        'Service',
        own,
        namespace,
        `  selector:\n    app: ${labels}\n  ports:\n  - name: http\n    port: 8080\n`,
      );
    const texts = [service(name, name)];
    if (subsets.length > 0)
      texts.push(
        object(
          istio,
          'DestinationRule',
          name,
          namespace,
          `  host: ${name}\n  subsets:\n${subsets.map(subset => `  - name: ${subset}\n    labels:\n      version: ${subset}\n`).join('')}`,
        ),
      );
    const atGateway = next(4) === 0;
    const hosts = atGateway ? [`${name}.team-${number % 40}.example.com`] : [name];
    const gateways = atGateway ? `  gateways:\n  - ${['public', 'internal'][next(2)]}\n` : '';
    const head = `  hosts:\n${hosts.map(host => `  - ${host}\n`).join('')}${gateways}  http:\n`;
    if (next(16) === 0 && made + 2 <= count) {
      texts.push(
        object(
          istio,
          'VirtualService',
          `${name}-part`,
          namespace,
          `  http:\n${entriesOf(next, name, subsets)}`,
        ),
      );
      const delegate = `  - match:\n    - uri:\n        prefix: /part\n    delegate:\n      name: ${name}-part\n`;
      texts.push(object(istio, 'VirtualService', name, namespace, head + delegate));
      made += 2;
    } else {
      texts.push(object(istio, 'VirtualService', name, namespace, head + entriesOf(next, name, subsets)));
      made += 1;
      // A second one for the same host, which gateways merge.
      if (atGateway && next(3) === 0 && made < count) {
        const second = `  - match:\n    - uri:\n        prefix: /second-${number}\n${routeOf(next, name, subsets)}`;
        texts.push(object(istio, 'VirtualService', `${name}-second`, namespace, head + second));
        made += 1;
      }
    }
    files.push({ path: `${namespace}/${name}.yaml`, text: texts.join('---\n') });
  }
  for (let team = 0; team < 40; team += 1) {
    const namespace = `team-${team}`;
    const gateway = (name, hosts) =>
      object(
        istio,
        'Gateway',
        name,
        namespace,
        `  selector:\n    istio: ingress-${team}\n  servers:\n  - port:\n      number: 80\n      name: http\n      protocol: HTTP\n    hosts:\n${hosts.map(host => `    - "${host}"\n`).join('')}`,
      );
    const text = [
      gateway('public', [`*.team-${team}.example.com`]),
      gateway('internal', [`*.team-${team}.example.com`, '*.internal.example.com']),
    ];
    files.push({ path: `${namespace}/gateways.yaml`, text: text.join('---\n') });
  }
  return files;
}

/** How many different VirtualServices there are up to names and numbers. */
export function shapesIn(files) {
  const shapes = new Set();
  for (const { text } of files)
    for (const document of text.split('---\n'))
      if (document.includes('kind: VirtualService')) shapes.add(document.replaceAll(/[0-9]+/g, '#'));
  return shapes.size;
}
