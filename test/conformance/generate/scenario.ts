import { printYaml } from '../../../src/6-emit/print.ts';
import type * as istio from '../../../src/istio/index.ts';
import { defaultOptions, type Options } from '../../../src/options.ts';
import { type Random, randomFrom } from '../random.ts';
import type { Scenario } from '../scenario.ts';
import { randomAction, type Target } from './actions.ts';
import { type MatchContext, randomMatch } from './conditions.ts';
import { randomConnectionManifests } from './connections.ts';
import { domain, type GeneratedGateway, randomGatewayServices, randomGateways } from './gateways.ts';
import { randomRouteManifests } from './routes.ts';
import { type GeneratedService, randomServices } from './services.ts';
import { randomSidecars } from './sidecars.ts';

type Manifest = Readonly<Record<string, unknown>>;

/** @returns a scenario; the same one for the same seed */
export function generateScenario(seed: number): Scenario {
  const random = randomFrom(seed);
  if (random.chance(0.12)) return ofConnections(seed, random);
  const services = randomServices(random);
  if (random.chance(0.2)) return handWritten(seed, random, services);
  const gateways = randomGateways(random);
  const exotic = random.chance(0.2) ? 0.15 : 0.003;
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  const virtualServices = Array.from({ length: count }, (_, index) =>
    randomVirtualService(random, `vs-${index}`, services, gateways, exotic),
  );
  const manifests: readonly Manifest[] = [
    ...services.flatMap(service => service.manifests),
    ...gateways.map(({ manifest }) => manifest),
    ...virtualServices,
  ];
  const options = randomOptions(random);
  const others = [...randomSidecars(random, services), ...randomGatewayServices(random, gateways)];
  return scenarioOf(seed, [...manifests, ...others], options);
}

/** What routes connections is told apart by names and ports only. */
function ofConnections(seed: number, random: Random): Scenario {
  const { manifests, handWritten: isRoutes } = randomConnectionManifests(random);
  const experimental = { ...defaultOptions, channel: 'experimental', gatewayApi: '1.6' } as const;
  return scenarioOf(seed, manifests, isRoutes ? experimental : randomOptions(random));
}

/** Routes that people wrote: there is nothing to convert, only to read. */
function handWritten(seed: number, random: Random, services: readonly GeneratedService[]): Scenario {
  const manifests = [
    ...services.flatMap(service => service.manifests),
    ...randomRouteManifests(random, services),
  ];
  const options = {
    ...defaultOptions,
    channel: 'experimental',
    gatewayApi: random.pick(['1.5', '1.6', '1.7'] as const),
  } as const;
  return scenarioOf(seed, manifests, options);
}

function scenarioOf(seed: number, manifests: readonly Manifest[], options: Options): Scenario {
  const text = manifests.map(manifest => printYaml(manifest)).join('---\n');
  return { name: `seed-${seed}`, files: [{ path: 'generated.yaml', text }], facts: [], options };
}

function randomOptions(random: Random): Options {
  return {
    ...defaultOptions,
    prefix: random.pick(['path', 'path', 'string'] as const),
    gatewayApi: random.pick(['1.4', '1.5', '1.6', '1.6', '1.7'] as const),
    channel: random.pick(['standard', 'standard', 'experimental'] as const),
    from: random.pick(['sidecar', 'sidecar', 'ambient'] as const),
    attach: random.pick(['both', 'both', 'service'] as const),
  };
}

function randomVirtualService(
  random: Random,
  name: string,
  services: readonly GeneratedService[],
  gateways: readonly GeneratedGateway[],
  exotic: number,
): Manifest {
  const service = random.pick(services);
  const isGateway = gateways.length > 0 && random.chance(0.5);
  const both = isGateway && random.chance(0.08);
  const gateway = isGateway ? random.pick(gateways) : undefined;
  const namespace = random.chance(0.9) ? service.namespace : 'other';
  const short = namespace === service.namespace && random.chance(0.7);
  const meshHosts = [short ? service.name : service.host];
  const outside = gateway === undefined ? [] : hostsAt(random, gateway);
  // A wildcard is no host inside the mesh; beside one that is, the VirtualService would be refused or held back.
  const hosts = [
    ...(both ? outside.filter(host => !host.startsWith('*')) : outside),
    ...(both || gateway === undefined ? meshHosts : []),
  ];
  const names = [
    ...(gateway === undefined ? [] : [`${gateway.namespace}/${gateway.name}`]),
    ...(both ? ['mesh'] : []),
  ];
  const targets = targetsFor(namespace, services);
  const context: MatchContext = {
    exotic,
    gateways: names,
    ports: [...service.ports, ...(gateway?.ports ?? [])],
    namespaces: ['shop', 'other'],
  };
  const exportTo = random.chance(0.03 + exotic)
    ? random.pick([['.'], ['*'], ['other'], ['shop', 'other']])
    : undefined;
  return {
    apiVersion: random.pick([
      'networking.istio.io/v1',
      'networking.istio.io/v1beta1',
      'networking.istio.io/v1alpha3',
    ]),
    kind: 'VirtualService',
    metadata: {
      name,
      namespace,
      ...(random.chance(0.1) ? { creationTimestamp: `2024-0${random.integer(1, 9)}-01T00:00:00Z` } : {}),
    },
    spec: {
      hosts,
      ...(names.length === 0 ? {} : { gateways: names }),
      ...(exportTo === undefined ? {} : { exportTo }),
      http: randomEntries(random, targets, context, exotic),
    },
  };
}

function hostsAt(random: Random, { hosts }: GeneratedGateway): readonly string[] {
  const inside = [`shop.${domain}`, `api.${domain}`, `*.${domain}`];
  const all = hosts.includes('*') ? [...inside, '*', 'Shop.Example.ORG'] : inside;
  return [...new Set([random.pick(all), ...(random.chance(0.2) ? [random.pick(all)] : [])])];
}

function targetsFor(namespace: string, services: readonly GeneratedService[]): readonly Target[] {
  return services.map(({ name, namespace: own, host, ports, subsets }) => ({
    host: own === namespace ? name : host,
    ports,
    subsets,
  }));
}

function randomEntries(
  random: Random,
  targets: readonly Target[],
  context: MatchContext,
  exotic: number,
): readonly istio.HTTPRoute[] {
  const count = random.integer(1, 6);
  const entries = Array.from({ length: count }, (_, index): istio.HTTPRoute => {
    const matches = random.pick([1, 1, 1, 2, 3]);
    return {
      ...(random.chance(0.15) ? { name: `entry-${index}` } : {}),
      match: Array.from({ length: matches }, () => randomMatch(random, context)),
      ...randomAction(random, targets, exotic),
    };
  });
  const catchAll: readonly istio.HTTPRoute[] = random.chance(0.6)
    ? [randomAction(random, targets, exotic)]
    : [];
  return [...entries, ...catchAll];
}
