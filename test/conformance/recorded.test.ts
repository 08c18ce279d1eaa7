import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differingAspects } from '../../src/semantics/outcome.ts';
import { caseFolders } from '../case-folders.ts';
import { toOutcome } from '../envoy/to-outcome.ts';
import { type Cluster, resourcesOf, withoutObjects } from './cluster.ts';
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

/** What istiod said of the cases, as `npm run conformance -- --record` wrote it down, holds for our reading of them. */
describe.each(caseFolders())('$name', ({ name, input, facts, options }) => {
  const recording = readRecording(recordingFile(folder, name));
  if (recording === undefined) {
    // A new case breaks nothing where there is no Go; `npm run conformance` fails until it is recorded.
    test.todo('is not recorded yet: npm run conformance -- --record');
    return;
  }
  const scenario = { name, files: [withKnownNames(input)], facts: facts.map(withKnownNames), options };
  const { before, after } = convertScenario(scenario);
  testSide('input', before, recording.before, recording);
  testSide('output', after, recording.after, recording);
});

function testSide(
  comparison: Extract<Comparison, 'input' | 'output'>,
  cluster: Cluster,
  side: RecordedSide,
  { verdicts }: Recording,
): void {
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
    expect(resourcesOf(cluster).length).toBeGreaterThan(0);
  });
}
