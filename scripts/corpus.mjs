// `npm run corpus -- FOLDER`: what becomes of real repositories, and whether the promises about files hold on them.
// FOLDER has `manifests`, with a repository in each folder, and `pairs`, with `vs.yaml` and `gateway-api.yaml` in each.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { agreements } from './corpus/agreements.mjs';
import { builds } from './corpus/builds.mjs';
import { conversions } from './corpus/conversions.mjs';
import { lines } from './corpus/lines.mjs';
import { promises } from './corpus/promises.mjs';
import { sameInEveryWay } from './corpus/ways.mjs';

const folder = resolve(process.argv[2] ?? '../shared/corpus');
if (!existsSync(folder)) {
  process.stdout.write(`Skipped: there is no folder ${folder}.\n`);
  process.exit(0);
}
const print = line => process.stdout.write(`${line}\n`);
const repositories = foldersIn('manifests');
const broken = [
  ...(await conversions(repositories, print)),
  ...(await lines(repositories, print)),
  ...sameInEveryWay(repositories, print),
  ...(await promises(repositories, print)),
  ...(await builds(repositories, print)),
  ...(await agreements(foldersIn('pairs'), print)),
];
for (const line of broken) print(`broken: ${line}`);
print(broken.length === 0 ? 'Every promise holds.' : `${broken.length} promises are broken.`);
process.exitCode = broken.length === 0 ? 0 : 1;

function foldersIn(name) {
  const parent = join(folder, name);
  if (!existsSync(parent)) {
    print(`Skipped: there is no folder ${parent}.`);
    return [];
  }
  const names = readdirSync(parent, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return names.map(entry => ({ name: entry.name, path: join(parent, entry.name) }));
}
