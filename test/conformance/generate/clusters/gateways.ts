import type { Random } from '../../random.ts';
import { type GatewayPods, type Layout, type Manifest, rootNamespace } from './layout.ts';

/** An Istio Gateway, and what VirtualServices can be bound to it for. */
export interface LaidGateway {
  readonly name: string;
  readonly namespace: string;
  /** As its servers for HTTP have them, without namespaces. */
  readonly hosts: readonly string[];
  readonly carries: ReadonlySet<'http' | 'tls' | 'tcp'>;
  readonly pods: GatewayPods;
  readonly manifest: Manifest;
}

const domain = 'site.example';

/** None to three Istio Gateways; most share their Pods and overlap in their hosts. */
export function randomClusterGateways(random: Random, { namespaces }: Layout): readonly LaidGateway[] {
  const count = random.pick([0, 0, 1, 1, 2, 2, 3]);
  return ['edge', 'public', 'inner'].slice(0, count).map((name, index) => {
    const labels = { istio: index === 2 && random.chance(0.5) ? 'private' : 'ingressgateway' };
    // Gateways that share Pods and a host hold each other's VirtualServices back, so that most have hosts of their own.
    const site = index === 0 || random.chance(0.25) ? domain : `${name}.example`;
    const hosts = random.pick<readonly string[]>([
      count === 1 || random.chance(0.2) ? ['*'] : [`b.${site}`],
      [`*.${site}`],
      [`a.${site}`, `b.${site}`],
      [`a.${site}`],
      [`*.${site}`, `a.${site}`],
    ]);
    const carries = new Set<'http' | 'tls' | 'tcp'>(['http']);
    const servers: Manifest[] = [
      {
        port: { number: 80, name: 'http', protocol: 'HTTP' },
        hosts: random.chance(0.03) ? hosts.map(host => `./${host}`) : hosts,
        ...(random.chance(0.05) ? { tls: { httpsRedirect: true } } : {}),
      },
    ];
    if (random.chance(0.3))
      servers.push({
        port: { number: 443, name: `https-${name}`, protocol: 'HTTPS' },
        hosts,
        tls: { mode: random.pick(['SIMPLE', 'SIMPLE', 'MUTUAL']), credentialName: `${name}-certificate` },
      });
    if (random.chance(0.2)) {
      carries.add('tls');
      servers.push({
        port: { number: 8443, name: `tls-${name}`, protocol: 'TLS' },
        hosts,
        tls: { mode: 'PASSTHROUGH' },
      });
    }
    if (index === 0 && random.chance(0.15)) {
      carries.add('tcp');
      servers.push({ port: { number: 5432, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] });
    }
    const namespace = random.pick([rootNamespace, rootNamespace, ...namespaces.map(each => each.name)]);
    return {
      name,
      namespace,
      hosts,
      carries,
      pods: { namespace: rootNamespace, labels },
      manifest: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        metadata: { name, namespace },
        spec: { selector: labels, servers },
      },
    };
  });
}

/** A host that a Gateway lets in: one of its own, or one below a wildcard of its own. */
export function hostAt(random: Random, { hosts }: LaidGateway): string {
  const under = (site: string) => [`a.${site}`, `b.${site}`, `*.${site}`];
  const allowed = hosts.flatMap(host => {
    if (host === '*') return [...under(domain), '*'];
    return host.startsWith('*.') ? under(host.slice(2)) : [host];
  });
  return random.pick(allowed);
}
