import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { vs2route } from './program.mjs';
import { table } from './table.mjs';
import { checkOut, differences, git, inFolder, treeOf } from './trees.mjs';

/** Every way of editing files, once. */
const choices = [
  [],
  ['--default-port', '8080'],
  ['--default-port', '8080', '--rename'],
  ['--default-port', '8080', '--from', 'ambient', '--create-waypoints', '--waypoint', 'waypoint'],
  ['--default-port', '8080', '--keep-virtual-services'],
  ['--default-port', '8080', '--partial', '--prefix', 'string', '--channel', 'experimental'],
  ['--default-port', '8080', '--profile', 'portable', '--attach', 'waypoint'],
  ['--default-port', '8080', '--gateways', 'keep', '--gateway-api', '1.4'],
  ['--default-port', '8080', '--policies', 'convert', '--patches', 'drop', '--rename'],
];

/**
 * Converts every repository in every way, and looks at the files.
 *
 * @returns promises that are broken
 */
export async function promises(repositories, print) {
  if (repositories.length === 0) return [];
  const rows = [];
  const broken = [];
  for (const flags of choices) {
    const found = [];
    let edited = 0;
    for (const { name, path } of repositories) {
      const result = await inFolder(folder => examine(path, folder, flags));
      edited += result.edited;
      found.push(...result.broken.map(line => `${name}: ${line} (${flags.join(' ') || 'without flags'})`));
    }
    rows.push([flags.map(flag => `\`${flag}\``).join(' ') || 'none', edited, found.length]);
    broken.push(...found);
  }
  print('## Files\n');
  print(
    '`git apply` of `diff` gives the bytes of `convert --write`; a second run edits nothing; documents without',
  );
  print('Istio keep every byte and their order; what could be parsed can be parsed.\n');
  for (const line of table(['flags', 'files edited', 'broken'], rows)) print(line);
  print('');
  return broken;
}

async function examine(repository, folder, flags) {
  const [applied, written] = ['applied', 'written'].map(name => join(folder, name));
  for (const copy of [applied, written]) checkOut(repository, copy);
  const before = treeOf(written);
  const broken = [];
  const diff = await vs2route(['diff', ...flags, '.'], applied);
  if (differences(before, treeOf(applied)).length > 0) broken.push('diff wrote something');
  try {
    if (diff.stdout !== '') git(applied, ['apply', '--whitespace=nowarn', '-'], diff.stdout);
  } catch (error) {
    broken.push(`git apply refuses the diff: ${String(error.stderr).trim()}`);
  }
  const first = await vs2route(['convert', '--write', ...flags, '.'], written);
  const after = treeOf(written);
  for (const path of differences(after, treeOf(applied)))
    broken.push(`${path} is not the same after git apply and convert --write`);
  const changed = differences(before, after);
  const expected = changed.length > 0 ? 1 : 0;
  if (diff.code !== expected && diff.code !== 2)
    broken.push(`diff exits with ${diff.code} instead of ${expected}`);
  if (diff.code === 2 && first.code !== 2) broken.push('diff has trouble that convert has not');
  await vs2route(['convert', '--write', ...flags, '.'], written);
  for (const path of differences(after, treeOf(written))) broken.push(`a second run edits ${path}`);
  const again = await vs2route(['diff', ...flags, '.'], written);
  if (again.stdout !== '') broken.push('a second diff is not empty');
  broken.push(...lossesIn(before, after), ...unparsed(before, after));
  return { edited: changed.length, broken };
}

/** Documents that do not speak of Istio, in files that hold such as do, and in files beside them. */
function lossesIn(before, after) {
  return [...before].flatMap(([path, old]) => {
    const now = after.get(path);
    if (old === now || /kustomization\.ya?ml$/i.test(path) || now === undefined) return [];
    let from = 0;
    const lost = foreign(old).filter(document => {
      const at = now.indexOf(document, from);
      if (at >= 0) from = at + document.length;
      return at < 0;
    });
    return lost.map(document => `${path} lost or changed ${JSON.stringify(document.slice(0, 80))}`);
  });
}

/** Services and Namespaces may get a label, and patches go over to other objects. */
function foreign(text) {
  const documents = text.split(/^---[ \t]*\r?$/m).filter(document => document.trim() !== '');
  return documents.filter(
    document =>
      !/istio\.io|gateway\.networking\.k8s\.io/.test(document) &&
      !/^kind: (?:Service|Namespace)\b/m.test(document),
  );
}

function unparsed(before, after) {
  return [...after].flatMap(([path, now]) => {
    const old = before.get(path);
    if (old === now || !/\.(?:ya?ml|json)$/.test(path) || (old !== undefined && !parses(old))) return [];
    return parses(now) ? [] : [`${path} cannot be parsed any more`];
  });
}

function parses(text) {
  try {
    loadAll(Buffer.from(text.slice(text.indexOf(' ') + 1), 'latin1').toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
