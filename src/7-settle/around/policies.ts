import type { AnyResource } from '../../2-decode/resource.ts';
import { isOfUnknownField } from '../../3-link/field-schemas.ts';
import type { Edit } from '../../6-emit/edit.ts';
import type { Code } from '../../diagnostics/catalog.ts';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { collect, isWithin } from '../../diagnostics/locate.ts';
import type { Source } from '../../yaml/source.ts';
import { invalidObjects } from '../invalid-objects.ts';
import type { Settlement } from '../settlement.ts';
import { type ConvertedGateway, gatewayPolicies } from './gateway-policies.ts';
import { attachmentEdits } from './service-attachments.ts';
import { reportTargets, servicePolicies } from './service-policies.ts';

/** Findings about policies, and how they change. */
export interface SettledPolicies {
  readonly findings: readonly Finding[];
  readonly edits: readonly Edit[];
}

/**
 * Settles the AuthorizationPolicies and RequestAuthentications that ride along with what is converted. Alternatives are
 * settled each in a cluster of its own; a policy that they would change in different ways stays as it is.
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
  const invalid = invalidObjects(
    [...new Set(settlements.flatMap(({ facts }) => facts.resources.filter(isPolicy)))],
    earlier,
  );
  const unknown = earlier.filter(isOfUnknownField);
  const isStrange = ({ source }: AnyResource) =>
    source !== undefined && unknown.some(({ place }) => isWithin(place, source));
  const versions = settlements.map(({ facts: all, units }): readonly Edit[] => {
    const left = units.filter(({ held }) => !held).map(({ unit }) => unit);
    const attached = attachmentEdits(all, left);
    if (!all.resources.some(isPolicy)) return attached;
    const resources = all.resources.filter(one => !isPolicy(one) || !invalid.has(one));
    // A policy with a field that nothing here knows is not moved: what it would mean elsewhere is not known.
    const inputs =
      unknown.length === 0 ? all.inputs : new Set([...all.inputs].filter(one => !isStrange(one)));
    const facts = { ...all, resources, inputs };
    const converted = units.filter(({ held }) => !held).map(({ unit }) => unit);
    const own = gateways.filter(({ gateway }) => facts.resources.includes(gateway as AnyResource));
    const made = new Set(own.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
    reportTargets(facts, converted, made, report);
    return [
      ...attached,
      ...servicePolicies(facts, converted, report),
      ...gatewayPolicies(facts, own, report),
    ];
  });
  const edits = versions.flat();
  const kept = keptPolicies(findings, versions);
  return {
    findings: once(
      findings.filter(({ code, place }) => !isMove(code) || !kept.some(one => isWithin(place, one))),
    ),
    edits: onceEach(edits.filter(({ source }) => !kept.includes(source))),
  };
}

/** Policies that have to go on choosing pods in one cluster or another, or would change in different ways. */
function keptPolicies(
  findings: readonly Finding[],
  versions: readonly (readonly Edit[])[],
): readonly Source[] {
  const sources = [...new Set(versions.flat().map(({ source }) => source))];
  return sources.filter(source => {
    const isKept = findings.some(
      ({ code, place }) => code === 'policy-keeps-pods' && isWithin(place, source),
    );
    const texts = versions
      .map(edits => edits.filter(edit => edit.source === source).map(withoutSource))
      .filter(edits => edits.length > 0)
      .map(edits => JSON.stringify(edits));
    return isKept || new Set(texts).size > 1;
  });
}

function isMove(code: Code): boolean {
  return code === 'policy-moved' || code === 'policy-moved-to-gateway';
}

function isPolicy({ type }: AnyResource): boolean {
  return type === 'istio.AuthorizationPolicy' || type === 'istio.RequestAuthentication';
}

/** Every alternative asks for the same change. */
function onceEach(edits: readonly Edit[]): readonly Edit[] {
  const seen = new Map<Source, Set<string>>();
  return edits.filter(edit => {
    const known = seen.get(edit.source) ?? new Set<string>();
    const text = JSON.stringify(withoutSource(edit));
    if (known.has(text)) return false;
    seen.set(edit.source, known.add(text));
    return true;
  });
}

function withoutSource({ source: _source, ...rest }: Edit): object {
  return rest;
}

/** @returns what is said, without what every alternative says of the same object */
export function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, place, args }) => {
    const key = JSON.stringify([code, place.file.path, place.document?.index, place.path, args]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
