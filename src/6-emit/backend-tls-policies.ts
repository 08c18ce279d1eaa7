import { buildBackendTLSPolicy } from '../2-decode/build-resource.ts';
import { isType } from '../2-decode/resource.ts';
import { makeName } from '../2-decode/valid-name.ts';
import type { Facts } from '../3-link/facts.ts';
import type { MeshService } from '../3-link/registry.ts';
import { backendTLS, type DestinationTLS, destinationTLS } from '../3-link/subsets/backend-tls.ts';
import { isKnownVersion, versionServiceName } from '../3-link/subsets/version-policy.ts';
import { versionOf } from '../3-link/subsets/versions.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { portName, usedServices } from '../4-translate/traffic-policy.ts';
import type { Output } from './edit.ts';

/**
 * Writes the BackendTLSPolicies that say to other implementations what DestinationRules say to Istio: one for each
 * Service and name that a certificate has to be for, behind the first VirtualService that needs it. The DestinationRule
 * stays, for to istiod it goes before the policy.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/backend_policies.go
 */
export function backendTLSPolicies(
  facts: Facts,
  virtualServices: readonly ResolvedVirtualService[],
): readonly Output[] {
  if (facts.options.profile === 'istio') return [];
  const written = new Set<string>();
  return virtualServices.flatMap(vs =>
    usedServices(facts, vs).flatMap(({ service, subset }) => {
      const home = vs.resource.source;
      const target = targetOf(facts, vs, service, subset);
      const key = `${service.namespace}/${target ?? ''}`;
      if (
        home === undefined ||
        target === undefined ||
        written.has(key) ||
        isTargeted(facts, service.namespace, target)
      )
        return [];
      written.add(key);
      return policiesFor(facts, service, target, destinationTLS(facts, service, subset, vs.namespace)).map(
        (resource): Output => ({ resource, home, origins: [] }),
      );
    }),
  );
}

/** The Service that stands for a destination after the conversion; undefined where nobody is behind it. */
function targetOf(
  facts: Facts,
  vs: ResolvedVirtualService,
  service: MeshService,
  subset: string | undefined,
): string | undefined {
  const version = subset === undefined ? undefined : versionOf(facts, service.host, subset, vs.namespace);
  if (version?.kind === 'empty') return undefined;
  return isKnownVersion(version) ? versionServiceName(version) : service.name;
}

/** Whether somebody has written a policy for a Service already. */
function isTargeted({ resources }: Facts, namespace: string, service: string): boolean {
  return resources
    .filter(isType('gateway.BackendTLSPolicy'))
    .some(
      policy =>
        policy.namespace === namespace &&
        policy.spec.targetRefs.some(
          ({ group, kind, name }) => group === '' && kind === 'Service' && name === service,
        ),
    );
}

function policiesFor(
  facts: Facts,
  service: MeshService,
  target: string,
  settings: readonly DestinationTLS[],
): readonly Output['resource'][] {
  const taken = new Set(
    facts.resources
      .filter(({ type, namespace }) => type === 'gateway.BackendTLSPolicy' && namespace === service.namespace)
      .map(({ name }) => name),
  );
  return settings.flatMap(({ rule, tls, port }) => {
    const found = backendTLS(tls);
    if (found.kind !== 'exact') return [];
    const sectionName = port === undefined ? undefined : portName(service, port);
    const metadata = {
      name: makeName(
        [target, ...(sectionName === undefined ? [] : [sectionName])],
        'rfc1123-subdomain',
        name => taken.has(name),
      ),
      ...(rule.metadata.namespace === undefined ? {} : { namespace: rule.metadata.namespace }),
    };
    return [
      buildBackendTLSPolicy(
        { namespace: service.namespace, metadata },
        {
          targetRefs: [
            {
              group: '',
              kind: 'Service',
              name: target,
              ...(sectionName === undefined ? {} : { sectionName }),
            },
          ],
          validation: { wellKnownCACertificates: 'System', hostname: found.hostname },
        },
      ),
    ];
  });
}
