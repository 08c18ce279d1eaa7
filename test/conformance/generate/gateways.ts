import type { Random } from '../random.ts';

export const domain = 'example.com';

type Manifest = Readonly<Record<string, unknown>>;

export interface GeneratedGateway {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** None, one or two Istio Gateways; two may be served by the same pods. */
export function randomGateways(random: Random): readonly GeneratedGateway[] {
  const count = random.pick([0, 1, 1, 1, 2]);
  const selector = { istio: 'ingressgateway' };
  return Array.from({ length: count }, (_, index) =>
    randomGateway(
      random,
      index === 0 ? 'edge' : 'second',
      index === 0 || random.chance(0.5) ? selector : { istio: 'second' },
    ),
  );
}

/**
 * The Service of the pods that a gateway runs on, most often none. Its ports may lead to ports of other numbers, and several
 * of them to one.
 */
export function randomGatewayServices(
  random: Random,
  gateways: readonly GeneratedGateway[],
): readonly Manifest[] {
  if (gateways.length === 0 || !random.chance(0.25)) return [];
  const web = { name: 'http', port: 80, targetPort: 8080 };
  const tls = { name: 'https', port: 443, targetPort: 8443 };
  const ports = random.pick<readonly Manifest[]>([
    [web],
    [web, tls],
    [{ ...web, targetPort: 'web' }, tls],
    [web, { name: 'http-8080', port: 8080, targetPort: 8080 }],
    [{ name: 'http-8080', port: 8080, targetPort: 8080 }, web],
    [web, { name: 'http2-8080', port: 8080, targetPort: 8080 }],
    [web, { name: 'http-8080', port: 8080, targetPort: 8081 }, tls],
    [
      { name: 'http', port: 80 },
      { name: 'https', port: 443 },
      { name: 'http-8080', port: 8080, targetPort: 80 },
    ],
  ]);
  const metadata = { name: 'edge-pods', namespace: random.pick(['infra', 'infra', 'shop']) };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { istio: 'ingressgateway' }, ports } },
  ];
}

function randomGateway(
  random: Random,
  name: string,
  selector: Readonly<Record<string, string>>,
): GeneratedGateway {
  const namespace = random.pick(['infra', 'shop']);
  const hosts = random.pick([
    ['*'],
    [`*.${domain}`],
    [`shop.${domain}`, `api.${domain}`],
    ['*', `shop.${domain}`],
  ]);
  // istiod does not survive a server that has `*/*` and another host (gateway.go, sanitizeServerHostNamespace).
  const prefix = random.pick(['', '', '', 'shop/', './', hosts.length > 1 ? '' : '*/']);
  const redirects = random.chance(0.15);
  const behindTls = random.chance(0.3);
  const servers = [
    {
      port: { number: 80, name: 'http', protocol: random.pick(['HTTP', 'HTTP', 'http', 'HTTP2']) },
      hosts: hosts.map(host => prefix + host),
      ...(redirects ? { tls: { httpsRedirect: true } } : {}),
    },
    ...(behindTls
      ? [
          {
            port: { number: 443, name: 'https', protocol: 'HTTPS' },
            hosts: hosts.map(host => prefix + host),
            tls: { mode: 'SIMPLE', credentialName: 'certificate' },
          },
        ]
      : []),
    ...(random.chance(0.15)
      ? [{ port: { number: 8080, name: 'http-8080', protocol: 'HTTP' }, hosts: [`*.${domain}`] }]
      : []),
  ];
  return {
    name,
    namespace,
    hosts,
    ports: servers.map(({ port }) => port.number),
    manifest: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: { selector, servers },
    },
  };
}
