import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findService } from '../../src/3-link/registry.ts';
import type { SourceFile } from '../../src/index.ts';
import { readResources } from '../../src/read-resources.ts';
import type { Table } from '../../src/semantics/decide.ts';
import type { MeshProxy } from '../../src/semantics/mesh.ts';
import { meshTable } from '../../src/semantics/mesh-table.ts';
import { isSameAtWaypoint } from '../../src/semantics/same-at-waypoint.ts';
import { buildWorld, type World } from '../../src/semantics/world.ts';
import { caseFolders, casesFolder } from '../case-folders.ts';

function textOf({ rules, ...rest }: Table): string {
  const parts = rules.map(({ match, action, origin: { path } }) => [match, action, path]);
  return JSON.stringify([parts, rest]);
}

/** The tables of a host at every port that may matter, where they are said to be the same. */
function tablesIn(world: World): {
  readonly same: number;
  readonly all: number;
  readonly wrong: readonly string[];
} {
  const ports = [...new Set([80, 8080, 9080, ...world.httpPorts.keys()])];
  const wrong: string[] = [];
  let [same, all] = [0, 0];
  for (const host of world.mesh.byHost.keys()) {
    const service = findService(world.registry, host);
    if (service === undefined) continue;
    const namespaces = [...new Set([service.namespace, world.destinationRules.rootNamespace, 'elsewhere'])];
    for (const port of ports)
      for (const namespace of namespaces) {
        const sidecar = { kind: 'sidecar', namespace, labels: {} } as const;
        const waypoint: MeshProxy = { kind: 'waypoint', namespace };
        all += 1;
        if (!isSameAtWaypoint(world, sidecar, service, port)) continue;
        same += 1;
        const [one, other] = [sidecar, waypoint].map(proxy => textOf(meshTable(world, proxy, service, port)));
        if (one !== other) wrong.push(`${host}:${port} in ${namespace}`);
      }
  }
  return { same, all, wrong };
}

test('a waypoint that is said to have the table of a sidecar has it, in every case before and after', () => {
  let [same, all] = [0, 0];
  for (const { name, input, facts, options } of caseFolders()) {
    const read = (file: SourceFile) => readResources([file], options.namespace, () => undefined);
    const before = [...read(input), ...facts.flatMap(read)];
    const outputPath = join(casesFolder, name, 'expected.yaml');
    const routes = existsSync(outputPath)
      ? read({ path: 'expected.yaml', text: readFileSync(outputPath, 'utf8') })
      : [];
    const after = [...before.filter(({ type }) => type !== 'istio.VirtualService'), ...routes];
    for (const resources of [before, after]) {
      const found = tablesIn(buildWorld(resources, { defaultPort: 8080 }));
      expect([name, ...found.wrong]).toEqual([name]);
      same += found.same;
      all += found.all;
    }
  }
  // It is so for many, and not for all.
  expect(same).toBeGreaterThan(1000);
  expect(all - same).toBeGreaterThan(1000);
});
