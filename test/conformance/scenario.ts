import type { AnyResource } from '../../src/2-decode/resource.ts';
import { meshConfigs } from '../../src/3-link/mesh-config.ts';
import { buildRegistry } from '../../src/3-link/registry.ts';
import { installationNamespace, rootNamespaceOf } from '../../src/3-link/root-namespace.ts';
import { selectsNobody } from '../../src/3-link/subsets/versions.ts';
import { applyEdits } from '../../src/6-emit/apply-edits.ts';
import { usedVersions } from '../../src/6-emit/version-services.ts';
import type { Settlement } from '../../src/7-settle/settlement.ts';
import type { Conversion } from '../../src/conversion.ts';
import { convert } from '../../src/convert.ts';
import type { Options } from '../../src/options.ts';
import { buildWorld, type World } from '../../src/semantics/world.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
import { type Cluster, readCluster, resourcesOf, withObjects, youngerThan } from './cluster.ts';
import { type AssumedService, labelsOfUnknownSubset, missingObjects } from './complete.ts';
import type { Bundle } from './judge.ts';
import { settledOf } from './settlements.ts';

/** Manifests to convert, and how. */
export interface Scenario {
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly facts: readonly SourceFile[];
  readonly options: Options;
}

/** A scenario after its conversion. */
export interface Converted {
  readonly scenario: Scenario;
  readonly conversion: Conversion;
  readonly settlements: readonly Settlement[];
  /** The Gateway API that it was written for. */
  readonly bundle: Bundle;
  /** As the manifests have it, and as the edits leave it; both with what nobody wrote down. */
  readonly before: Cluster;
  readonly after: Cluster;
  /** Some object is written down twice, so that what is converted is more than one cluster. */
  readonly ambiguous: boolean;
}

export function convertScenario(scenario: Scenario): Converted {
  const { files, facts, options } = scenario;
  const conversion = convert(files, facts, options);
  const edited = files.flatMap(file => {
    const edits = conversion.edits.filter(({ source }) => source.document.file === file);
    const { text } = applyEdits(file, edits);
    return text === undefined ? [] : [{ path: file.path, text }];
  });
  const { settlements, options: settled } = settledOf(files, facts, options);
  const port = options.defaultPort ?? 80;
  const assumed = settlements.flatMap(assumedServices);
  const shown = [
    ...facts,
    ...meshConfigOf(options, resourcesOf(readCluster([...files, ...facts], options.namespace))),
  ];
  const written = readCluster([...files, ...shown], options.namespace);
  const supplied = missingObjects(resourcesOf(written), port, assumed);
  const before = withObjects(written, supplied);
  // What stood in for a missing object before does so afterwards.
  const kept = withObjects(
    readCluster([...edited, ...shown], options.namespace),
    supplied.filter(({ type }) => type !== 'istio.Gateway'),
  );
  return {
    scenario,
    conversion,
    settlements,
    bundle: { gatewayApi: settled.gatewayApi, channel: settled.channel },
    before,
    ambiguous: written.members.length < written.documents,
    after: youngerThan(written, withObjects(kept, missingObjects(resourcesOf(kept), port, assumed))),
  };
}

/** What a flag or values of Helm say of the mesh, as istiod reads it. */
function meshConfigOf(options: Options, resources: readonly AnyResource[]): readonly SourceFile[] {
  if (options.rootNamespace === undefined && resources.some(({ type }) => type === 'core.ConfigMap'))
    return [];
  const written = meshConfigs(resources).map(({ config }) => config);
  const rootNamespace = rootNamespaceOf(resources, options.rootNamespace);
  if (written.length === 0 && rootNamespace === installationNamespace) return [];
  const metadata = { name: 'istio', namespace: 'istio-system' };
  const data = { mesh: JSON.stringify({ ...written[0], rootNamespace }) };
  return [
    {
      path: 'mesh-config.json',
      text: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }),
    },
  ];
}

function assumedServices({ facts, units }: Settlement): readonly AssumedService[] {
  return units.flatMap(({ unit }) =>
    usedVersions(facts, unit.vs).flatMap(({ subset, version }) =>
      version.kind === 'assumed'
        ? [
            {
              namespace: version.root.namespace,
              name: version.name,
              root: { namespace: version.root.namespace, name: version.root.name },
              subset,
              labels: version.found?.subset.labels ?? labelsOfUnknownSubset(subset),
            },
          ]
        : [],
    ),
  );
}

/** All that is in a cluster is known: nobody stands behind a Service that selects nobody. */
export function worldOf(cluster: Cluster): World {
  const resources = resourcesOf(cluster);
  const services = [...buildRegistry(resources, undefined).byHost.values()];
  const empty = services.filter(selectsNobody).map(({ namespace, name }) => `${namespace}/${name}`);
  return buildWorld(resources, { empty: new Set(empty) });
}
