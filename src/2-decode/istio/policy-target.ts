import type * as istio from '../../istio/index.ts';
import { ownValue } from '../../yaml/own-value.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, record, string } from '../decoder.ts';
import { type Fields, isWritten, object, required } from '../object.ts';
import { hasPlaceholder } from '../validation/placeholder.ts';

/** Kinds that a policy can name, by their API group. */
const targetKinds: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
  Service: '',
  ServiceEntry: 'networking.istio.io',
};

/** @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (validatePolicyTargetReference) */
const targetRef: Decoder<istio.PolicyTargetReference> = object<istio.PolicyTargetReference>(
  {
    group: string,
    kind: required(string, ''),
    name: required(string, ''),
    namespace: string,
  },
  {
    check({ group = '', kind, name, namespace = '' }, at, node) {
      if (namespace !== '')
        at.child('namespace').report('policy-target-invalid', {
          reason: 'a policy and its target share their namespace',
        });
      if (isWritten(node, 'name') && name === '')
        at.child('name').report('policy-target-invalid', { reason: 'it has no name' });
      if (name.length > 253)
        at.child('name').report('policy-target-invalid', { reason: 'its name has more than 253 characters' });
      if (!isWritten(node, 'kind')) return;
      const expected = ownValue(targetKinds, kind);
      if (expected === undefined)
        at.child('kind').report('policy-target-invalid', {
          reason: `${kind || 'nothing'} is none of Gateway, GatewayClass, Service and ServiceEntry`,
        });
      else if ((group === 'core' ? '' : group) !== expected)
        at.child('group').report('policy-target-invalid', {
          reason: `the group of ${kind} is \`${expected || '""'}\``,
        });
    },
  },
);

/** The target of a policy. */
export const policyTarget: Fields<istio.PolicyTarget> = {
  selector: object<NonNullable<istio.PolicyTarget['selector']>>({
    matchLabels: checked(record(string), checkLabels),
  }),
  targetRef,
  targetRefs: checked(list(targetRef), (refs, at) => {
    if (refs.length > 16)
      at.report('policy-target-invalid', { reason: `a policy has 16 targets at most, not ${refs.length}` });
  }),
};

function checkLabels(labels: Readonly<Record<string, string>>, at: Cursor): void {
  for (const [key, value] of Object.entries(labels)) {
    const reason =
      key === ''
        ? 'a label has no key'
        : key.includes('*') || value.includes('*')
          ? `\`${key}: ${value}\` has a wildcard, which labels cannot have`
          : value.length > 63
            ? `the value of \`${key}\` has more than 63 characters`
            : undefined;
    if (reason !== undefined && !hasPlaceholder(value)) at.child(key).report('policy-invalid', { reason });
  }
}

/** The CRD admits one of them (x-kubernetes-validations). */
export const exclusiveTargets = ['selector', 'targetRef', 'targetRefs'] as const;
