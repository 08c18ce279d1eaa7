import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differingAspects } from '../../src/semantics/outcome.ts';
import { caseFolders } from '../case-folders.ts';
import { toOutcome } from '../envoy/to-outcome.ts';
import { type Cluster, withoutObjects } from './cluster.ts';
import { expand } from './compact-verdict.ts';
import { asRequest, connectionOutcome, ourConnections } from './connections.ts';
import type { Comparison } from './disagreement.ts';
import { oursAt } from './ours.ts';
import { withKnownNames } from './placeholders.ts';
import { ourTable } from './places.ts';
import { describeDisagreement } from './print.ts';
import {
  digestOf,
  expandClusters,
  lengthen,
  proxyOf,
  type RecordedSide,
  type Recording,
  readRecording,
  recordedFolder,
  recordingFile,
} from './record.ts';
import { convertScenario, worldOf } from './scenario.ts';

const folder = join(import.meta.dirname, '../..', recordedFolder);

/** A side of a case that was recorded, and what we make of it now. */
interface ComparedSide {
  readonly comparison: Extract<Comparison, 'input' | 'output'>;
  readonly cluster: Cluster;
  readonly side: RecordedSide;
}

const compared = caseFolders().map(({ name, input, facts, options }) => {
  const recording = readRecording(recordingFile(folder, name));
  const scenario = { name, files: [withKnownNames(input)], facts: facts.map(withKnownNames), options };
  const { before, after } = convertScenario(scenario);
  const sides: readonly ComparedSide[] =
    recording === undefined
      ? []
      : [
          { comparison: 'input', cluster: before, side: recording.before },
          // Where nothing is converted there is one side only.
          ...(recording.after === recording.before && digestOf(after) === recording.after.manifests
            ? []
            : [{ comparison: 'output', cluster: after, side: recording.after } as const]),
        ];
  return { name, recording, sides: sides.filter(hasRoutes) };
});

/** Without any route istiod says nothing of a case. */
function hasRoutes({ cluster, side }: ComparedSide): boolean {
  return side.spots.length + side.connections.length > 0 || digestOf(cluster) !== side.manifests;
}

/** What istiod said of the cases, as `npm run conformance -- --record` wrote it down, holds for our reading of them. */
describe.each(compared.filter(({ recording, sides }) => recording === undefined || sides.length > 0))(
  '$name',
  ({ recording, sides }) => {
    if (recording === undefined) {
      // A new case breaks nothing where there is no Go; `npm run conformance` fails until it is recorded.
      test.todo('is not recorded yet: npm run conformance -- --record');
      return;
    }
    for (const side of sides) testSide(side, recording);
  },
);

function testSide({ comparison, cluster, side }: ComparedSide, { verdicts }: Recording): void {
  const title = `istiod reads the ${comparison} as we do`;
  if (digestOf(cluster) !== side.manifests) {
    test.todo(`${title}: it has changed since it was recorded: npm run conformance -- --record`);
    return;
  }
  test(title, () => {
    const world = worldOf(withoutObjects(cluster, side.refused));
    const differences = side.spots.flatMap(spot =>
      spot.proxies.map(proxyOf).flatMap(proxy => {
        const ours = ourTable(world, { ...spot, proxy });
        return spot.requests.flatMap(([recorded, index]) => {
          const verdict = verdicts[index];
          if (verdict === undefined) throw new Error(`no verdict ${index}`);
          const request = lengthen(recorded, spot);
          const left = oursAt(ours, request);
          const right = toOutcome(expand(verdict, request.path), world, proxy.request.namespace);
          const aspects = differingAspects(left, right);
          if (aspects.length === 0) return [];
          return [
            describeDisagreement({
              scenario: '',
              comparison,
              place: proxy.label,
              request,
              aspects,
              left,
              right,
            }),
          ];
        });
      }),
    );
    const ofConnections = side.connections.flatMap(({ host, port, proxies, names }) =>
      proxies.map(proxyOf).flatMap(proxy => {
        const { decide } = ourConnections(world, proxy, host, port);
        return names.flatMap(([sni, clusters]) => {
          const left = decide(sni ?? undefined);
          const right = connectionOutcome(world, proxy.request.namespace, expandClusters(clusters));
          const aspects = differingAspects(left, right);
          if (aspects.length === 0) return [];
          const request = asRequest({ host, port }, sni ?? undefined);
          return [
            describeDisagreement({
              scenario: '',
              comparison,
              place: proxy.label,
              request,
              aspects,
              left,
              right,
            }),
          ];
        });
      }),
    );
    expect([...differences, ...ofConnections]).toEqual([]);
  });
}
