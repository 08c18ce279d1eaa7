import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatuses, Failure, failureOf } from '../drill/failure.ts';
import { readArguments } from './arguments.ts';
import { loadCompany } from './company.ts';
import { differenceOf, tableOf } from './print.ts';
import { kustomizeOf, prepare } from './programs.ts';
import { linesOf } from './rows.ts';

const root = process.cwd();
const say = (line: string) => process.stdout.write(`${line}\n`);

/** @returns the exit status */
function main(): number {
  const { only, update } = readArguments(process.argv.slice(2));
  const kustomize = prepare(root, kustomizeOf(), say);
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-neighbours-'));
  const expectedFolder = join(root, 'testdata/company/neighbours');
  const unexpected: string[] = [];
  try {
    const company = loadCompany(root, folder, kustomize);
    for (const neighbour of only) {
      const program = prepare(root, neighbour, say);
      const table = tableOf(neighbour, program.version, linesOf(neighbour, program, company));
      const path = join(expectedFolder, `${neighbour.name}.md`);
      const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
      say(table);
      if (table === expected) continue;
      if (update) {
        mkdirSync(expectedFolder, { recursive: true });
        writeFileSync(path, table);
        say(`written: ${path}`);
      } else unexpected.push(`${path} expects something else:\n${differenceOf(expected, table)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (unexpected.length > 0) throw new Failure('neighbour-failed', unexpected.join('\n'));
  say(`${only.length} neighbours do what is expected`);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  const { reason, message } = failureOf(error);
  say(reason === 'skipped' ? `SKIPPED: ${message}` : message);
  process.exitCode = exitStatuses[reason];
}
