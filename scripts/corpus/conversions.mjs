import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vs2route } from './program.mjs';
import { table } from './table.mjs';
import { inFolder } from './trees.mjs';

const statuses = ['converted', 'approximate', 'held-back', 'skipped'];

/** What the manifests do not hold, and people would say. */
const runs = [
  { title: 'as they are', flags: [] },
  { title: 'with `--default-port 80`', flags: ['--default-port', '80'] },
];

/**
 * Tells what becomes of the VirtualServices of each repository, and why.
 *
 * @returns what is not as it should be: a status of what is not converted needs a reason
 */
export async function conversions(repositories, print) {
  if (repositories.length === 0) return [];
  const broken = [];
  for (const { title, flags } of runs) {
    const reports = [];
    for (const { name, path } of repositories) reports.push({ name, report: await reportOf(path, flags) });
    print(`## VirtualServices, ${title}\n`);
    const rows = reports.map(({ name, report }) => [name, ...countsOf([report])]);
    const sum = ['all', ...countsOf(reports.map(({ report }) => report))];
    for (const line of table(
      ['repository', 'no difference', 'with differences', 'not converted', 'unchanged'],
      [...rows, sum],
    ))
      print(line);
    print('\nThe ten most frequent reasons:\n');
    for (const line of table(
      ['code', 'not converted', 'with differences', 'unchanged'],
      reasons(reports).slice(0, 10),
    ))
      print(line);
    print('');
    refusals(reports, print);
    for (const { name, report } of reports) {
      for (const { file, line, status, diagnostics } of virtualServicesIn(report)) {
        const isTold = diagnostics.some(({ severity }) => status !== 'held-back' || severity === 'error');
        if (status !== 'converted' && !isTold)
          broken.push(`${name}: ${file}:${line} is ${status} without a reason`);
        if (diagnostics.some(({ code }) => code === 'not-proven'))
          broken.push(`${name}: ${file}:${line} is not converted, because its conversion is not proven`);
      }
    }
  }
  return broken;
}

function reportOf(path, flags) {
  return inFolder(async folder => {
    const file = join(folder, 'report.json');
    await vs2route(['convert', '--quiet', '--report', file, ...flags, '.'], path);
    return JSON.parse(readFileSync(file, 'utf8'));
  });
}

function virtualServicesIn({ resources }) {
  return resources.filter(({ kind }) => kind === 'VirtualService');
}

function countsOf(reports) {
  const all = reports.flatMap(virtualServicesIn);
  return statuses.map(wanted => all.filter(({ status }) => status === wanted).length);
}

/** Of what is held back errors are the reason, of what is approximate what makes traffic differ, of what is skipped notes. */
function reasons(reports) {
  const counts = new Map();
  for (const { status, diagnostics } of reports.flatMap(({ report }) => virtualServicesIn(report))) {
    const own = diagnostics.filter(
      ({ severity, fate }) =>
        (status === 'held-back' && severity === 'error') ||
        (status === 'approximate' && fate === 'approximate') ||
        (status === 'skipped' && fate === 'note'),
    );
    for (const code of new Set(own.map(({ code }) => code))) {
      const known = counts.get(code) ?? { 'held-back': 0, approximate: 0, skipped: 0 };
      counts.set(code, { ...known, [status]: known[status] + 1 });
    }
  }
  const rows = [...counts].map(([code, count]) => [
    code,
    count['held-back'],
    count.approximate,
    count.skipped,
  ]);
  return rows.toSorted((a, b) => sumOf(b) - sumOf(a) || (a[0] < b[0] ? -1 : 1));
}

/** Codes of what the Gateway API has no form for. */
const withoutForm = /^(?:fault-|retries-unsupported|source-labels|tls-any-name|order-|without-headers-)/;

/** Codes of what is text only until somebody renders or builds it. */
const unrendered = /placeholder|^template|^kustomize-|^named-in-unread-text/;

/**
 * Why each VirtualService is not converted: by what it is, and not by how often it is said.
 *
 * @returns `no form`, `refused` (by the API server or istiod), `not rendered` or `needless`
 */
function kindOf({ diagnostics }) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ code }) => withoutForm.test(code))) return 'no form';
  if (errors.some(({ code, fate }) => fate === 'input' || code === 'invalid-object-used')) return 'refused';
  if (errors.some(({ code }) => unrendered.test(code))) return 'not rendered';
  return 'needless';
}

/** Counts refusals by kind, and lists those that neither a missing form nor the input explains. */
function refusals(reports, print) {
  const all = reports.flatMap(({ name, report }) =>
    virtualServicesIn(report).map(resource => ({ ...resource, repository: name })),
  );
  const held = all.filter(({ status }) => status === 'held-back');
  const converted = all.filter(({ status }) => status === 'converted' || status === 'approximate').length;
  const needless = held.filter(resource => kindOf(resource) === 'needless');
  const share = converted / Math.max(1, converted + needless.length);
  print('Refusals by kind:\n');
  const kinds = ['no form', 'refused', 'not rendered', 'needless'];
  const rows = kinds.map(kind => [kind, held.filter(resource => kindOf(resource) === kind).length]);
  for (const line of table(['kind', 'VirtualServices'], rows)) print(line);
  print(`\n${(share * 100).toFixed(1)} % of those that istiod accepts and that have a form convert.\n`);
  for (const { repository, file, line, diagnostics } of needless) {
    const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    print(`- ${repository}/${file}:${line}: ${[...new Set(codes)].join(', ')}`);
  }
  if (needless.length > 0) print('');
}

function sumOf([, ...numbers]) {
  return numbers.reduce((sum, number) => sum + number, 0);
}
