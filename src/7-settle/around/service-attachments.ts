import { placeOf } from '../../2-decode/place-of.ts';
import { type AnyResource, isType } from '../../2-decode/resource.ts';
import type { Facts } from '../../3-link/facts.ts';
import { ownerOf } from '../../3-link/gitops/ownership.ts';
import { extensionsOf } from '../../3-link/policies/extensions.ts';
import { isKnownVersion, versionServiceName } from '../../3-link/subsets/version-policy.ts';
import type { Edit } from '../../6-emit/edit.ts';
import { type UsedVersion, usedVersions } from '../../6-emit/version-services.ts';
import type { Unit } from '../unit.ts';

/** The most targetRefs that a policy takes (maxItems of the CRDs). */
const maxTargets = 16;

interface TargetRef {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly sectionName?: string;
}

/** Something that is attached to Services by name: a BackendTLSPolicy, an EnvoyFilter, a WasmPlugin and the like. */
interface Attachment {
  readonly object: AnyResource;
  readonly refs: readonly TargetRef[];
  /** Whether `targetRef` is written instead of a list. */
  readonly isSingle: boolean;
}

function attachmentsOf(resources: readonly AnyResource[]): readonly Attachment[] {
  return [
    ...resources
      .filter(isType('gateway.BackendTLSPolicy'))
      .map(object => ({ object, refs: object.spec.targetRefs, isSingle: false })),
    ...extensionsOf(resources).map(object => {
      const { targetRefs = [] } = object.spec;
      const single: readonly TargetRef[] =
        'targetRef' in object.spec && object.spec.targetRef !== undefined ? [object.spec.targetRef] : [];
      return { object, refs: [...targetRefs, ...single], isSingle: targetRefs.length === 0 };
    }),
  ];
}

/** A reference that has to be written so that the Service of a version has what the whole Service has. */
interface Missing {
  readonly attachment: Attachment;
  readonly refs: readonly TargetRef[];
}

function missingFor(attachments: readonly Attachment[], { version }: UsedVersion): readonly Missing[] {
  if (!isKnownVersion(version)) return [];
  const { root } = version;
  const name = versionServiceName(version);
  const isOf = (ref: TargetRef, service: string) =>
    (ref.group ?? '') === '' && ref.kind === 'Service' && ref.name === service;
  return attachments.flatMap(attachment => {
    const { object, refs } = attachment;
    if (object.namespace !== root.namespace) return [];
    const missing = refs
      .filter(ref => isOf(ref, root.name))
      .filter(ref => !refs.some(other => isOf(other, name) && other.sectionName === ref.sectionName))
      .map(ref => ({ ...ref, name }));
    return missing.length === 0 ? [] : [{ attachment, refs: missing }];
  });
}

/**
 * Holds back what sends requests to a subset of a Service that a policy is attached to by name, where the policy cannot
 * name the Service of the version, too. istiod applies a BackendTLSPolicy to the clusters of all subsets of its Service,
 * and not to another Service with the same pods.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/backend_policies.go
 */
export function holdBackAttached(facts: Facts, units: readonly Unit[]): void {
  const attachments = attachmentsOf(facts.resources);
  if (attachments.length === 0) return;
  for (const { vs, report } of units) {
    for (const used of usedVersions(facts, vs)) {
      for (const { attachment, refs } of missingFor(attachments, used)) {
        const reason = obstacle(facts, attachment, refs.length);
        if (reason === undefined) continue;
        const { object } = attachment;
        report(
          'policy-misses-subset',
          placeOf(vs.resource, 'metadata', 'name'),
          {
            policy: `${object.kind} ${object.namespace}/${object.name}`,
            service: used.host,
            subset: used.subset,
            version: refs[0]?.name ?? '',
            reason,
          },
          object.source === undefined ? [] : [{ message: 'the policy', place: placeOf(object, 'spec') }],
        );
      }
    }
  }
}

/** Why a policy cannot name more Services, in a clause. */
function obstacle(facts: Facts, { object, refs, isSingle }: Attachment, more: number): string | undefined {
  if (!facts.inputs.has(object)) return 'the policy is only read for reference (`--with`)';
  const owner = ownerOf(object);
  if (owner !== undefined) return `it belongs to ${owner.name}, which would write it anew`;
  if (isSingle) return 'it has one `targetRef` and no list';
  if (facts.patches.has(object)) return 'a kustomization patches it';
  return refs.length + more > maxTargets ? `it takes ${maxTargets} targetRefs at most` : undefined;
}

/** Has policies name the Services of versions beside the whole Service. @returns the changes to policies of the input */
export function attachmentEdits(facts: Facts, units: readonly Unit[]): readonly Edit[] {
  const attachments = attachmentsOf(facts.resources);
  const wanted = new Map<Attachment, Map<string, TargetRef>>();
  for (const { vs } of attachments.length === 0 ? [] : units) {
    for (const used of usedVersions(facts, vs)) {
      for (const { attachment, refs } of missingFor(attachments, used)) {
        const known = wanted.get(attachment) ?? new Map<string, TargetRef>();
        for (const ref of refs) known.set(`${ref.name} ${ref.sectionName ?? ''}`, ref);
        wanted.set(attachment, known);
      }
    }
  }
  return [...wanted].flatMap(([attachment, refs]) => {
    const { source } = attachment.object;
    if (source === undefined || obstacle(facts, attachment, refs.size) !== undefined) return [];
    return [...refs.values()].map(
      (value, index): Edit => ({
        kind: 'set-field',
        source,
        path: ['spec', 'targetRefs', attachment.refs.length + index],
        value,
      }),
    );
  });
}
