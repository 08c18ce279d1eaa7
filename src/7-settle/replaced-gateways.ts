import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isRoute, isType, nameKey, type Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import { gatewayOutputs, type TranslatedGateway } from '../6-emit/gateways.ts';
import { isThere } from '../6-emit/http-routes.ts';
import { retake } from '../6-emit/written-before.ts';
import { type Finding, keyOf } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import type { Options } from '../options.ts';
import type { Source } from '../yaml/source.ts';
import type { ConvertedGateway } from './around/gateway-policies.ts';
import { allOutputs, neededGateways } from './settle-gateways.ts';
import { clustersOf } from './settled-clusters.ts';
import type { Settlement } from './settlement.ts';
import { ofStage } from './stages.ts';
import { isError } from './unit.ts';

interface Gateways {
  readonly outputs: ReadonlyMap<AnyResource, readonly Output[]>;
  readonly converted: readonly ConvertedGateway[];
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
}

/** The Gateway that an earlier run wrote, behind which its redirecting route comes. */
function lastThere(facts: Facts, translated: TranslatedGateway): Source | undefined {
  const there = gatewayOutputs(translated, facts)
    .filter(({ resource }) => !isRoute(resource))
    .map(({ resource }) => facts.byName.get(nameKey(resource)))
    .filter(found => found !== undefined && facts.inputs.has(found));
  return there.at(-1)?.source;
}

interface Owner {
  readonly name: string;
  readonly sign: string;
  readonly isOfPlatform: boolean;
}

/** The controller that writes a Gateway, if any. */
function ownerOf(
  { namespace, name }: Resource<'istio.Gateway'>,
  settlements: readonly Settlement[],
): Owner | undefined {
  const key = `${namespace}/${name}`;
  const owner = settlements
    .map(({ facts }) => facts.controllers.gateways.get(key))
    .find(one => one !== undefined);
  if (owner === undefined) return undefined;
  const isOfPlatform = settlements.some(({ facts }) => facts.controllers.platformGateways.has(key));
  return { name: owner.name, sign: owner.sign, isOfPlatform };
}

/** Everything that names a Gateway and stays, in words. */
function usersOf(
  gateway: Resource<'istio.Gateway'>,
  settlements: readonly Settlement[],
  kept: readonly ResolvedVirtualService[],
  owner: Owner | undefined,
): readonly string[] {
  const mentioned = settlements.flatMap(({ facts }) => facts.mentions.ofGateway(gateway) ?? []);
  return [
    ...kept.map(vs => `VirtualService ${vs.namespace}/${vs.name} (not converted)`),
    ...mentioned.map(path => `${path} (not readable, may name it)`),
    ...(owner === undefined || owner.isOfPlatform ? [] : [`${owner.name} (${owner.sign})`]),
  ];
}

/** A Gateway gives way when everybody bound to it is converted; as long as somebody needs it, the new one goes beside it. */
export function gatewaysOf(
  inputs: readonly AnyResource[],
  settlements: readonly Settlement[],
  options: Options,
): Gateways {
  const { report, findings } = collect();
  const outputs = new Map<AnyResource, readonly Output[]>();
  const edits: Edit[] = [];
  const replaced: ConvertedGateway[] = [];
  const told: Finding[] = [];
  const clusters = clustersOf(settlements);
  const settledBy = settlements.map(({ facts, gateways, units }) => {
    const free = units.filter(({ held }) => !held).map(({ unit }) => unit);
    return {
      found: new Map(gateways.map(one => [one.istio.resource, one])),
      made: neededGateways(facts, gateways, free),
    };
  });
  const conversionsOf = (gateway: Resource<'istio.Gateway'>) =>
    settledBy.flatMap(({ found, made }) => {
      const one = found.get(gateway);
      return one === undefined ? [] : [{ found: one, made: made.get(gateway) ?? [] }];
    });
  for (const gateway of inputs.filter(isType('istio.Gateway'))) {
    const key = `${gateway.namespace}/${gateway.name}`;
    const settled = conversionsOf(gateway);
    const [first] = settled;
    if (first === undefined) {
      const isBound = clusters.some(({ facts }) =>
        facts.virtualServices.some(vs => vs.gateways.includes(key)),
      );
      if (!isBound && options.gateways === 'convert')
        report('gateway-unused', keyOf(placeOf(gateway, 'metadata', 'name')), {});
      continue;
    }
    const made = ofStage(options, settled.find(({ made: some }) => some.length > 0)?.made ?? []);
    const kept = clusters.flatMap(cluster => cluster.kept).filter(vs => vs.gateways.includes(key));
    const isConverted = clusters.some(({ converted }) => converted.some(vs => vs.gateways.includes(key)));
    told.push(...first.found.findings.filter(finding => isConverted || isError(finding)));
    const owner = ownerOf(gateway, settlements);
    if (owner?.isOfPlatform)
      report('owned-by-controller', keyOf(placeOf(gateway, 'metadata')), {
        owner: owner.name,
        sign: owner.sign,
      });
    if (!isConverted || gateway.source === undefined) continue;
    outputs.set(gateway, made);
    const users = usersOf(gateway, settlements, kept, owner);
    const stays = users.length > 0 || options.keepVirtualServices || owner !== undefined;
    replaced.push({ gateway, stays });
    if (users.length > 0) {
      report('gateway-still-needed', keyOf(placeOf(gateway, 'metadata', 'name')), {
        gateway: key,
        users: [...new Set(users)].join(', '),
      });
    }
    const [facts] = settlements.flatMap(one => (one.gateways.includes(first.found) ? [one.facts] : []));
    const { translated } = first.found;
    if (stays) {
      const written =
        options.stage === '1b' && facts !== undefined && translated !== undefined
          ? lastThere(facts, translated)
          : undefined;
      const source = written ?? gateway.source;
      if (made.length > 0) edits.push({ kind: 'append', source, outputs: made });
      continue;
    }
    const retaken =
      facts === undefined || translated === undefined || made.length > 0
        ? { outputs: made, edits: [] }
        : retake(
            facts,
            allOutputs(facts, translated).filter(({ resource }) => isThere(facts, resource)),
          );
    edits.push({ kind: 'replace', source: gateway.source, outputs: retaken.outputs }, ...retaken.edits);
  }
  return { outputs, converted: replaced, edits, findings: [...told, ...findings] };
}
