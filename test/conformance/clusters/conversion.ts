import { applyEdits } from '../../../src/6-emit/apply-edits.ts';
import type { Settlement } from '../../../src/7-settle/settlement.ts';
import type { Conversion } from '../../../src/conversion.ts';
import { convert } from '../../../src/convert.ts';
import type { Options } from '../../../src/options.ts';
import type { Bundle } from '../judge.ts';
import { settledOf } from '../settlements.ts';
import { type Change, changesOf } from './plan.ts';
import {
  fileOf,
  keyOf,
  madeNow,
  readManifests,
  type State,
  stateOf,
  type WholeCluster,
  withAgeOf,
} from './whole-cluster.ts';

/** A cluster, what `convert` makes of it, and the way there. */
export interface ConvertedCluster {
  readonly cluster: WholeCluster;
  readonly conversion: Conversion;
  /** Worked out when somebody asks: it takes as long as the conversion. */
  readonly settlements: () => readonly Settlement[];
  readonly bundle: Bundle;
  readonly before: State;
  /** When all that the plan says is done. */
  readonly after: State;
  /** In the order of the plan. */
  readonly changes: readonly Change[];
  /** Changes that the conversion makes and the plan does not name. */
  readonly unplanned: readonly string[];
}

/** Converts the manifests of a cluster, and reads the plan as somebody would who carries it out. */
export function convertCluster(cluster: WholeCluster): ConvertedCluster {
  const file = fileOf(cluster);
  const options: Options = cluster.options;
  const conversion = convert([file], [], options);
  const edits = conversion.edits.filter(({ source }) => source.document.file === file);
  const { text } = applyEdits(file, edits);
  const before = stateOf(cluster.manifests, cluster.hiddenAges);
  const left = edits.length === 0 ? cluster.manifests : readManifests({ path: file.path, text: text ?? '' });
  let known: readonly Settlement[] | undefined;
  const settlements = () => {
    known ??= settledOf([file], [], options).settlements;
    return known;
  };
  const target = new Map(left.map(manifest => [keyOf(manifest), manifest]));
  const { changes, unplanned } = changesOf(conversion, before, target);
  const order = new Map(changes.map(({ key }, index) => [key, index]));
  const after = new Map(
    [...target].map(([key, manifest]) => [
      key,
      before.has(key)
        ? withAgeOf(manifest, before.get(key))
        : madeNow(manifest, order.get(key) ?? changes.length),
    ]),
  );
  const bundle = { gatewayApi: options.gatewayApi, channel: options.channel };
  return { cluster, conversion, settlements, bundle, before, after, changes, unplanned };
}
