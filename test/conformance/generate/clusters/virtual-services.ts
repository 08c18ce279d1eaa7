import type { Random } from '../../random.ts';
import { delegation, type EntryContext, randomConnectionEntries, randomHttpEntries } from './entries.ts';
import { hostAt, type LaidGateway } from './gateways.ts';
import { type LaidHost, type Layout, type Manifest, rootNamespace } from './layout.ts';

/** Two to six VirtualServices that share hosts. */
export function randomVirtualServices(
  random: Random,
  layout: Layout,
  gateways: readonly LaidGateway[],
): readonly Manifest[] {
  const count = random.integer(2, 6);
  return Array.from({ length: count }, (_, index) =>
    gateways.length > 0 && random.chance(0.45)
      ? atGateway(random, layout, random.pick(gateways), `vs-${index}`)
      : inMesh(random, layout, gateways, `vs-${index}`),
  ).flat();
}

function inMesh(
  random: Random,
  layout: Layout,
  gateways: readonly LaidGateway[],
  name: string,
): readonly Manifest[] {
  const main = pickHost(random, layout);
  // A waypoint asks nothing of other namespaces than its own.
  const isAmbient = layout.namespaces.some(one => one.name === main.namespace && one.dataPlane === 'ambient');
  const isHome = random.chance(isAmbient ? 0.95 : 0.6);
  const namespace = isHome ? main.namespace : random.pick(layout.namespaces).name;
  const others = layout.hosts.filter(({ ports }) =>
    ports.some(port => port.carries === main.ports[0]?.carries),
  );
  const second = random.chance(0.15) && others.length > 0 ? [random.pick(others)] : [];
  const wildcard = random.chance(0.08) ? [`*.${main.host.split('.').slice(1).join('.')}`] : [];
  const hosts =
    wildcard.length > 0
      ? wildcard
      : [...new Set([main, ...second].map(host => writtenHost(random, host, namespace)))];
  const carries = main.ports[0]?.carries ?? 'http';
  const gateway =
    carries === 'http' && gateways.length > 0 && random.chance(0.06) ? random.pick(gateways) : undefined;
  const bound = gateway === undefined ? [] : [`${gateway.namespace}/${gateway.name}`];
  const context: EntryContext = {
    layout,
    namespace,
    gateways: bound.length === 0 ? [] : [...bound, 'mesh'],
  };
  const port = main.ports[0]?.port ?? 80;
  const isConnection = carries === 'tcp' || carries === 'tls';
  const body = isConnection
    ? { [carries]: randomConnectionEntries(random, context, hosts, carries, port) }
    : bodyOfHttp(random, context, name);
  const ofBoth = !isConnection && main.ports.some(each => each.carries === 'tls') && random.chance(0.5);
  return [
    virtualService(random, layout, name, namespace, {
      hosts,
      ...(bound.length > 0
        ? { gateways: [...bound, 'mesh'] }
        : random.chance(0.1)
          ? { gateways: ['mesh'] }
          : {}),
      ...body.spec,
      ...(isConnection ? body : {}),
      ...(ofBoth ? { tls: randomConnectionEntries(random, context, hosts, 'tls', 443) } : {}),
    }),
    ...(body.delegates ?? []),
  ];
}

function atGateway(random: Random, layout: Layout, gateway: LaidGateway, name: string): readonly Manifest[] {
  const namespace = random.pick(layout.namespaces).name;
  const hosts = withoutCovered([
    hostAt(random, gateway),
    ...(random.chance(0.15) ? [hostAt(random, gateway)] : []),
  ]);
  const bound = [
    random.chance(0.3) && gateway.namespace === namespace
      ? gateway.name
      : `${gateway.namespace}/${gateway.name}`,
  ];
  const context: EntryContext = { layout, namespace, gateways: [] };
  const http = bodyOfHttp(random, context, name);
  const hasTls = gateway.carries.has('tls') && random.chance(0.5);
  const hasTcp = gateway.carries.has('tcp') && random.chance(0.3);
  return [
    virtualService(random, layout, name, namespace, {
      hosts,
      gateways: bound,
      ...(hasTls && random.chance(0.5) ? {} : http.spec),
      ...(hasTls ? { tls: randomConnectionEntries(random, context, hosts, 'tls', 8443) } : {}),
      ...(hasTcp ? { tcp: randomConnectionEntries(random, context, hosts, 'tcp', 5432) } : {}),
    }),
    ...http.delegates,
  ];
}

/** istiod refuses a host beside a wildcard that covers it. */
function withoutCovered(hosts: readonly string[]): readonly string[] {
  const covers = (wildcard: string, host: string) =>
    wildcard !== host && wildcard.startsWith('*') && host.endsWith(wildcard.slice(1));
  return [...new Set(hosts)].filter(host => !hosts.some(other => covers(other, host)));
}

/** Entries for HTTP; some lead to a VirtualService without hosts. */
function bodyOfHttp(
  random: Random,
  context: EntryContext,
  name: string,
): { readonly spec: Manifest; readonly delegates: readonly Manifest[] } {
  const own = randomHttpEntries(random, context);
  if (!random.chance(0.12)) return { spec: { http: own }, delegates: [] };
  const namespace = random.pick(context.layout.namespaces).name;
  const delegate = virtualService(random, context.layout, `${name}-part`, namespace, {
    http: randomHttpEntries(random, { ...context, namespace, gateways: [] }),
  });
  return { spec: { http: [delegation(random, `${name}-part`, namespace), ...own] }, delegates: [delegate] };
}

function pickHost(random: Random, { hosts, popular }: Layout): LaidHost {
  const from = popular.length > 0 && random.chance(0.75) ? popular : hosts;
  // A route for a wildcard of a ServiceEntry has no effect on sidecars.
  const named = from.filter(({ host }) => !host.startsWith('*'));
  return random.pick(named.length === 0 || random.chance(0.05) ? from : named);
}

function writtenHost(random: Random, { host, name, namespace: home }: LaidHost, namespace: string): string {
  return name !== undefined && home === namespace && random.chance(0.5) ? name : host;
}

function virtualService(
  random: Random,
  { namespaces }: Layout,
  name: string,
  namespace: string,
  spec: Manifest,
): Manifest {
  const isAtGateway = Array.isArray(spec['gateways']) && !spec['gateways'].includes('mesh');
  const exportTo = random.chance(isAtGateway ? 0.06 : 0.2)
    ? random.pick<readonly string[]>([
        ['.'],
        ['*'],
        ['*'],
        [random.pick(namespaces).name],
        ['.', random.pick(namespaces.filter(each => each.name !== namespace)).name],
        [rootNamespace],
      ])
    : undefined;
  return {
    apiVersion: random.pick(['networking.istio.io/v1', 'networking.istio.io/v1beta1']),
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: { ...spec, ...(exportTo === undefined ? {} : { exportTo }) },
  };
}
