import type { Random } from '../random.ts';

export const domain = 'example.com';

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
