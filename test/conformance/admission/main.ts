import { join } from 'node:path';
import { Judge } from '../judge.ts';
import { judgeBinary } from '../judge-binary.ts';
import { writeTable } from './generate.ts';

/** Writes the table of the CRDs anew: `npm run admission-table`, after a release was added to test/istiod/internal/crd. */
async function main(): Promise<void> {
  const root = process.cwd();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const binary = judgeBinary(root, join(root, 'test/conformance/dist/judge'), say);
  if (binary.kind !== 'ready') throw new Error(binary.kind === 'failed' ? binary.reason : 'this needs Go');
  const judge = new Judge(binary.path);
  try {
    say(await writeTable(root, judge));
  } finally {
    judge.close();
  }
}

await main();
