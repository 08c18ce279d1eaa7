import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { verify } from '../../dist/index.js';
import { vs2route } from './program.mjs';
import { standIn } from './stand-ins.mjs';
import { table } from './table.mjs';
import { checkOut, inFolder, treeOf } from './trees.mjs';

const choices = [
  ['--default-port', '8080'],
  ['--default-port', '8080', '--rename', '--patches', 'drop'],
];

/** The kinds that a conversion takes away, changes or makes. */
const concerned = /istio\.io|gateway\.networking\.k8s\.io/;

/**
 * Builds every kustomization before and after: what could be built can be built, everything that is no business of a
 * conversion is in it as it was, and `verify` finds no request or connection that ends differently, but for those that the
 * conversion says.
 *
 * @returns promises that are broken
 */
export async function builds(repositories, print) {
  if (repositories.length === 0) return [];
  if (spawnSync('kustomize', ['version']).status !== 0) {
    print('## Kustomizations\n\nSkipped: there is no `kustomize`.\n');
    return [];
  }
  const rows = [];
  const broken = [];
  for (const flags of choices) {
    const found = [];
    const counts = { built: 0, changed: 0, requests: 0, declared: 0 };
    for (const { name, path } of repositories) {
      const result = await inFolder(folder => examine(path, join(folder, 'tree'), flags));
      for (const key of Object.keys(counts)) counts[key] += result[key];
      found.push(...result.broken.map(line => `${name}: ${line} (${flags.join(' ')})`));
    }
    const { built, changed, requests, declared } = counts;
    rows.push([`\`${flags.join(' ')}\``, built, changed, requests, declared, found.length]);
    broken.push(...found);
  }
  print('## Kustomizations\n');
  print(
    'Those that mention Istio and can be built, built again after `convert --write`, and compared by `verify`.\n',
  );
  const columns = [
    'flags',
    'built',
    'changed',
    'requests compared',
    'differ as the conversion says',
    'broken',
  ];
  for (const line of table(columns, rows)) print(line);
  print('');
  return broken;
}

async function examine(repository, folder, flags) {
  checkOut(repository, folder);
  standIn([...treeOf(folder).keys()].map(path => join(folder, path)));
  const folders = [...treeOf(folder).keys()]
    .filter(path => /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path))
    .map(path => join(folder, dirname(path)));
  const before = new Map(
    folders.map(one => [one, build(one)]).filter(([, { text }]) => concerned.test(text)),
  );
  const report = join(folder, '../report.json');
  await vs2route(['convert', '--write', '--report', report, ...flags, '.'], folder);
  const { resources } = JSON.parse(readFileSync(report, 'utf8'));
  const counts = { changed: 0, requests: 0, declared: 0 };
  const broken = [...before].flatMap(([one, { text }]) => {
    const after = build(one);
    const shown = one.slice(folder.length + 1);
    if (after.status !== 0) return [`${shown} cannot be built any more: ${after.error}`];
    const [old, now] = [othersIn(text), othersIn(after.text)];
    const lost = old
      .filter(object => !now.includes(object))
      .map(object => `${shown} lost ${object.slice(0, 120)}`);
    if (after.text === text) return lost;
    counts.changed += 1;
    return [...lost, ...undeclared(text, after.text, resources, counts).map(line => `${shown}: ${line}`)];
  });
  return { built: before.size, ...counts, broken };
}

/** What ends differently in what was built, and is said of no object that the difference comes from. */
function undeclared(before, after, resources, counts) {
  const verification = verify([{ path: 'before.yaml', text: before }], [{ path: 'after.yaml', text: after }]);
  const { causes, connectionCauses, faults } = verification;
  counts.requests += verification.requests + verification.connections;
  const isSaid = ({ example }) =>
    [example.before.rule, example.after.rule].some(rule =>
      resources.some(
        ({ name, diagnostics }) =>
          name === rule?.resource.name &&
          diagnostics.some(({ fate, severity }) => fate === 'approximate' || severity === 'warning'),
      ),
    );
  const all = [...causes, ...connectionCauses];
  counts.declared += all.filter(isSaid).length;
  return [
    ...all
      .filter(cause => !isSaid(cause))
      .map(({ summary, example }) => `${summary}: ${example.description ?? example.host}`),
    ...faults.map(({ code, message }) => `${code}: ${message}`),
  ];
}

function build(folder) {
  const { status, stdout, stderr } = spawnSync(
    'kustomize',
    ['build', '--load-restrictor=LoadRestrictionsNone', folder],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
      timeout: 20_000,
    },
  );
  return { status, text: status === 0 ? stdout : '', error: stderr.trim().split('\n').at(-1) };
}

/** Services may get a label or company; all others are to be there as they were. */
function othersIn(text) {
  return loadAll(text)
    .filter(object => object !== null && !concerned.test(object.apiVersion) && object.kind !== 'Service')
    .map(object => JSON.stringify(object));
}
