import type { AnyResource } from '../2-decode/resource.ts';
import type { Edit } from '../6-emit/edit.ts';
import { type Finding, placeOf } from '../diagnostics/diagnostic.ts';
import { collect, isWithin } from '../diagnostics/locate.ts';
import { type ConvertedGateway, gatewayPolicies } from './gateway-policies.ts';
import { reportTargets, servicePolicies } from './service-policies.ts';
import type { Settlement } from './settle.ts';
import { isError } from './unit.ts';

/** What is to be said of policies, and how they change. */
export interface SettledPolicies {
  readonly findings: readonly Finding[];
  readonly edits: readonly Edit[];
}

/**
 * Settles the AuthorizationPolicies and RequestAuthentications that ride along with what is converted. Alternatives are
 * settled each in a company of their own; a policy that they would change in different ways stays as it is.
 *
 * @param gateways the Istio Gateways that Gateways are written for
 * @param earlier what was said while reading: a policy with errors is in no cluster
 */
export function settlePolicies(
  settlements: readonly Settlement[],
  gateways: readonly ConvertedGateway[],
  earlier: readonly Finding[],
): SettledPolicies {
  const { report, findings } = collect();
  const errors = earlier.filter(isError);
  const isBroken = ({ source }: AnyResource) =>
    source !== undefined && errors.some(({ place }) => isWithin(place, source));
  const versions = settlements.map(({ facts: all, units }) => {
    const resources = all.resources.filter(one => !isPolicy(one) || !isBroken(one));
    const facts = { ...all, resources };
    const converted = units.filter(({ held }) => !held).map(({ unit }) => unit);
    const own = gateways.filter(({ gateway }) => facts.resources.includes(gateway as AnyResource));
    const made = new Set(own.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
    reportTargets(facts, converted, made, report);
    return [...servicePolicies(facts, converted, report), ...gatewayPolicies(facts, own, report)];
  });
  const byPolicy = new Map<Edit['source'], Set<string>>();
  for (const edits of versions) {
    for (const [source, text] of textsBySource(edits))
      byPolicy.set(source, (byPolicy.get(source) ?? new Set()).add(text));
  }
  const seen = new Set<string>();
  const edits = versions.flat().filter(edit => {
    const id = `${edit.source.document.file.path} ${edit.source.document.index} ${JSON.stringify(withoutSource(edit))}`;
    if (seen.has(id) || (byPolicy.get(edit.source)?.size ?? 0) > 1) return false;
    seen.add(id);
    return true;
  });
  const policies = settlements.flatMap(({ facts }) => facts.resources);
  for (const [source, texts] of byPolicy) {
    const policy = texts.size > 1 ? policies.find(one => one.source === source) : undefined;
    if (policy === undefined) continue;
    report('policy-keeps-pods', placeOf(policy, 'spec'), {
      reason: 'the files that are taken for alternatives would change it in different ways',
      remedy: 'Convert the alternatives one by one.',
    });
  }
  return { findings: once(findings), edits };
}

function isPolicy({ type }: AnyResource): boolean {
  return type === 'istio.AuthorizationPolicy' || type === 'istio.RequestAuthentication';
}

function textsBySource(edits: readonly Edit[]): ReadonlyMap<Edit['source'], string> {
  const texts = new Map<Edit['source'], string>();
  for (const edit of edits)
    texts.set(edit.source, `${texts.get(edit.source) ?? ''}${JSON.stringify(withoutSource(edit))}`);
  return texts;
}

function withoutSource({ source: _source, ...rest }: Edit): object {
  return rest;
}

/** What every alternative says of a policy is said once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, place, args }) => {
    const key = JSON.stringify([code, place.file.path, place.document?.index, place.path, args]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
