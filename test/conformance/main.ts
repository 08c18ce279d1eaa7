import { join } from 'node:path';
import { caseFolders } from '../case-folders.ts';
import { describeOutcome, describeRequest } from '../../src/semantics/describe.ts';
import { examine } from './examine.ts';
import { Judge } from './judge.ts';
import { judgeBinary } from './judge-binary.ts';
import { convertScenario } from './scenario.ts';

const root = process.cwd();
const say = (line: string) => process.stdout.write(`${line}\n`);
const binary = judgeBinary(root, join(root, 'test/conformance/dist/judge'), say);
if (binary.kind !== 'ready') {
  say(JSON.stringify(binary));
  process.exit(0);
}
const judge = new Judge(binary.path);
for (const { name, input, facts, options } of caseFolders(join(root, 'testdata/cases'))) {
  const result = await examine(convertScenario({ name, files: [input], facts, options }), judge, { witnesses: 2000, random: 50, seed: 1 });
  say(`${name} ${JSON.stringify(result.counts)} ${JSON.stringify(result.refused)} ${JSON.stringify(result.missing)}`);
  for (const { comparison, place, request, aspects, left, right } of result.disagreements.slice(0, 3)) {
    say(`  ${comparison} ${place} ${describeRequest(request)} ${aspects}\n    ${describeOutcome(left)}\n    ${describeOutcome(right)}\n`);
    say(JSON.stringify(left)); say(JSON.stringify(right));
  }
}
judge.close();
