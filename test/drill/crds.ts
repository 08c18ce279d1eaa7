import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './programs.ts';

/** The files with the CRDs of Istio, and of a release and channel of the Gateway API. */
export function crdFiles(
  { istio, gatewayApi }: Programs,
  version: string,
  channel: string,
): readonly string[] {
  const folder = join(gatewayApi[version] ?? '', 'config/crd', channel);
  const files = readdirSync(folder)
    // Some releases have a kustomization among them, which is no object.
    .filter(name => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .map(name => join(folder, name));
  return [join(istio, 'manifests/charts/base/files/crd-all.gen.yaml'), ...files];
}

/** The kinds of the neighbours that the sample company has; nobody acts on them here. */
const neighbours = [
  { group: 'cert-manager.io', version: 'v1', kind: 'Certificate', plural: 'certificates' },
  { group: 'flagger.app', version: 'v1beta1', kind: 'Canary', plural: 'canaries' },
  { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout', plural: 'rollouts' },
  { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', plural: 'applications' },
];

export const neighbourCrds = neighbours
  .map(({ group, version, kind, plural }) =>
    JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    }),
  )
  .join('\n---\n');
