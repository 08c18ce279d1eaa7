import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { SarifLog } from '../../src/reporters/sarif.ts';
import { diffOf, faulty, folderWith, service, suggest, virtualService } from '../forge/run.ts';
import { written } from '../forge/written.ts';
import { istioGateway } from '../shop-objects.ts';

const files = {
  'services.yaml': ['reviews', 'ratings'].map(service).join('---\n'),
  'reviews.yaml': `# Ours.\n${virtualService('reviews')}`,
  'ratings.yaml': faulty('ratings'),
  'broken.yaml': 'kind: VirtualService\napiVersion: networking.istio.io/v1\nspec: [\n',
};

function schema(name: string): object {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../testdata/suggest/schemas', name), 'utf8'));
}

async function printed(format: string, more: readonly string[] = []): Promise<string> {
  const folder = folderWith({
    ...files,
    'all.diff': diffOf({ 'services.yaml': files['services.yaml'] }, files),
  });
  const { stdout } = await suggest(folder, ['--diff', 'all.diff', '--format', format, ...more]);
  return stdout;
}

/** Puts the fixes of a log into the files, as its columns and lines say. */
function fixed(log: SarifLog, texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const result: Record<string, string> = { ...texts };
  const changes = log.runs.flatMap(({ results }) =>
    results.flatMap(({ fixes = [] }) => fixes.flatMap(({ artifactChanges }) => artifactChanges)),
  );
  for (const { artifactLocation, replacements } of changes) {
    const path = decodeURIComponent(artifactLocation.uri);
    const text = result[path] ?? '';
    const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const offset = (line: number, column: number): number => (starts[line - 1] ?? text.length) + column - 1;
    const [only] = replacements;
    if (only === undefined || replacements.length > 1) throw new Error('one replacement is expected');
    const { startLine, startColumn, endLine, endColumn } = only.deletedRegion;
    result[path] =
      text.slice(0, offset(startLine, startColumn)) +
      only.insertedContent.text +
      text.slice(offset(endLine, endColumn));
  }
  return result;
}

test('sarif is valid, has rules with help, and its fixes are what --write does', async () => {
  const log = JSON.parse(await printed('sarif')) as SarifLog;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  const validate = ajv.compile(schema('sarif-2.1.0.json'));
  expect(validate(log), ajv.errorsText(validate.errors)).toBe(true);
  const [run] = log.runs;
  expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual([
    'convertible',
    'fault-injection',
    'no-waypoint',
    'yaml-invalid',
  ]);
  for (const { help } of run?.tool.driver.rules ?? []) expect(help.markdown).toContain('**Action.**');
  expect(fixed(log, files)['reviews.yaml']).toBe(written(files)['reviews.yaml']);
  const hashes = run?.results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
  expect(new Set(hashes).size).toBe(run?.results.length);

  const empty = JSON.parse(await printed('sarif', ['services.yaml'])) as SarifLog;
  expect(validate(empty)).toBe(true);
  expect(empty.runs[0]?.results).toEqual([]);
});

test('sarif: fingerprints stay when lines move; the last line without a line break', async () => {
  const hashesOf = async (text: string): Promise<readonly string[]> => {
    const folder = folderWith({ 'services.yaml': files['services.yaml'], 'reviews.yaml': text });
    const log = JSON.parse((await suggest(folder, ['--format', 'sarif'])).stdout) as SarifLog;
    const after = { 'services.yaml': files['services.yaml'], 'reviews.yaml': text };
    expect(fixed(log, after)['reviews.yaml']).toBe(written(after)['reviews.yaml']);
    return log.runs.flatMap(({ results }) =>
      results.map(result => result.partialFingerprints.primaryLocationLineHash),
    );
  };
  const text = virtualService('reviews');
  const plain = await hashesOf(text);
  expect(await hashesOf(`# More.\n\n${text}`)).toEqual(plain);
  expect(await hashesOf(text.trimEnd())).toEqual(plain);
  expect(await hashesOf(text.replaceAll('\n', '\r\n'))).toEqual(plain);
});

test('rdjson and rdjsonl are what reviewdog reads', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const definitions = schema('rdjson.json') as { readonly definitions: object };
  const validate = ajv.compile(definitions);
  const result = JSON.parse(await printed('rdjson'));
  expect(validate(result), ajv.errorsText(validate.errors)).toBe(true);
  const lines = (await printed('rdjsonl'))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(lines).toEqual(result.diagnostics);
  const suggestion = lines.find(({ code }) => code.value === 'convertible').suggestions[0];
  const text = files['reviews.yaml'].split('\n');
  const { start, end } = suggestion.range;
  text.splice(start.line - 1, end.line - start.line + 1, ...suggestion.text.split('\n'));
  expect(text.join('\n')).toBe(written(files)['reviews.yaml']);
});

test('rdjson and rdjsonl have related locations, which reviewdog reads, and no other format has them', async () => {
  const twice = virtualService('reviews').replace('  http:\n', '  http: []\n  http:\n');
  const folder = folderWith({ 'services.yaml': files['services.yaml'], 'twice.yaml': twice });
  const said = async (format: string): Promise<string> =>
    (await suggest(folder, ['--format', format])).stdout;
  const ajv = new Ajv({ strict: false, allErrors: true });
  const validate = ajv.compile(schema('rdjson.json'));
  const result = JSON.parse(await said('rdjson'));
  expect(validate(result), ajv.errorsText(validate.errors)).toBe(true);
  const [first] = result.diagnostics;
  expect(first.related_locations).toEqual([
    {
      message: 'also set here',
      location: { path: 'twice.yaml', range: { start: { line: 9 }, end: { line: 9 } } },
    },
  ]);
  expect(first.location.range.start).toEqual({ line: 10 });
  expect((await said('rdjsonl')).split('\n')[0]).toBe(JSON.stringify(first));
  for (const format of ['sarif', 'code-quality', 'annotations', 'markdown'])
    expect(await said(format), format).not.toContain('related_locations');
  // A related location without a location is none to reviewdog.
  const { location: _location, ...without } = first.related_locations[0];
  expect(validate({ diagnostics: [{ ...first, related_locations: [without] }] })).toBe(false);
});

test('rdjson: what tidies a DestinationRule is not suggested, and the reasons are said once', async () => {
  const subsetted = virtualService('reviews').replaceAll(
    'host: reviews\n',
    'host: reviews\n        subset: v1\n',
  );
  const rule = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      http:
        http2MaxRequests: 7
  subsets:
  - name: v1
    labels:
      version: v1
`;
  const folder = folderWith({
    'services.yaml': files['services.yaml'],
    'a.yaml': rule,
    'b.yaml': subsetted.replace('exact: /api\n', 'prefix: /api\n    timeout: 2s\n'),
  });
  const { stdout } = await suggest(folder, ['--format', 'rdjson']);
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly {
      readonly message: string;
      readonly location: { readonly path: string };
    }[];
  };
  const line =
    'VirtualService shop/reviews converts to HTTPRoute reviews, Service reviews-v1 and DestinationRule reviews-v1';
  const together = 'This takes 2 edits, which belong together.';
  const difference = expect.stringMatching(/^prefix \/api .* \[prefix-by-segment\]$/);
  expect(diagnostics.map(({ location: { path }, message }) => [path, ...message.split('\n')])).toEqual([
    [
      'b.yaml',
      expect.stringMatching(/ becomes HTTPRoute shop\/reviews, Service shop\/reviews-v1 and /),
      difference,
    ],
  ]);
  // Each part alone would be a button that breaks the routes.
  for (const old of [line, together]) expect(stdout).not.toContain(old);
});

test('a code quality report has each fingerprint once', async () => {
  const issues = JSON.parse(await printed('code-quality')) as readonly Readonly<Record<string, unknown>>[];
  expect(issues).toHaveLength(3);
  const { codeQuality } = schema('gitlab.json') as { readonly codeQuality: object };
  const ajv = new Ajv({ strict: false, allErrors: true });
  const validate = ajv.compile(codeQuality);
  expect(validate(issues), ajv.errorsText(validate.errors)).toBe(true);
  // Code quality pages show the description alone.
  for (const { description, check_name } of issues) expect(description).toMatch(`${check_name}: `);
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

test('github: a review that its API takes', async () => {
  const { operations } = schema('github-requests.json') as { operations: Record<string, object> };
  const review = operations['POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews'] ?? {};
  const validate = new Ajv({ strict: false }).compile(review);
  const payload = JSON.parse(await printed('github'));
  expect(validate(payload)).toBe(true);
  expect(payload.comments).toHaveLength(3);
});

test('markdown: the whole picture', async () => {
  expect(await printed('markdown')).toBe(`## vs2route: 1 conversion to make, 2 that cannot be made yet

### Converts

| Where | What | Checked |
| --- | --- | --- |
| \`reviews.yaml:2\` | \`VirtualService shop/reviews\` becomes \`HTTPRoute shop/reviews\` | 4 requests checked, all the same |

This makes the edit:

\`\`\`sh
vs2route convert --write reviews.yaml --with=.
\`\`\`

### Cannot be converted yet

| Where | Why | Action |
| --- | --- | --- |
| \`broken.yaml:4\` | the document is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a \\] \\[yaml-invalid\\] | Correct the document; \`kubectl apply --dry-run=client -f FILE\` shows the same error. The other documents of the file are converted. |
| \`ratings.yaml:12\` | VirtualService shop/ratings cannot be converted: fault injection \\(abort\\) cannot be expressed in a route \\[fault-injection\\] | Remove the fault if the test is over, or leave it out with --partial. To keep it, use an EnvoyFilter, or keep the VirtualService. |
`);
});

test('a format that needs a diff says so, and a text that is not a diff is refused', async () => {
  const folder = folderWith({
    ...files,
    'none.diff': 'this is no diff\n',
    'bad.diff': '--- a/x\n+++ b/x\n@@ -1 +1 @@\n',
  });
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await suggest(folder, args);
    expect(code).toBe('refused');
    return stderr;
  };
  expect(await refused('--format', 'github')).toContain('needs to know what the pull request changes');
  expect(await refused('--diff', 'none.diff')).toContain('is not a unified diff: there is no file in it');
  expect(await refused('--diff', 'bad.diff')).toContain('is not a unified diff');
  expect(await refused('--diff', 'nowhere.diff')).toContain('cannot be read: no such file or folder');
  expect(await refused('--base', 'main')).toContain('this folder is in no git repository');
  expect(await refused('--dry-run')).toContain('says what --post would send');
  expect(await refused('-')).toContain('the standard input is not a file of a pull request');
});

test('--filter: where a line changes, what the diff shows, the files, everything', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const [a = '', b = '', c = '', d = ''] = names.map(name => virtualService(name));
  const before = {
    'services.yaml': names.map(service).join('---\n'),
    'one.yaml': [a, b, c].join('---\n'),
    'd.yaml': d,
  };
  const after = {
    ...before,
    'one.yaml': [a, b.replace('apiVersion', '# New.\napiVersion'), c].join('---\n'),
  };
  const folder = folderWith({ ...after, 'pull.diff': diffOf(before, after) });
  const told = async (...args: readonly string[]): Promise<readonly (string | undefined)[]> => {
    const { stdout } = await suggest(folder, ['--diff', 'pull.diff', '--format', 'annotations', ...args]);
    return [...stdout.matchAll(/VirtualService shop\/(\w)/g)].map(([, name]) => name);
  };
  expect(await told()).toEqual(['b']);
  expect(await told('--filter', 'added')).toEqual(['b']);
  expect(await told('--filter', 'diff_context')).toEqual(['a', 'b']);
  expect(await told('--filter', 'file')).toEqual(['a', 'b', 'c']);
  expect(await told('--filter', 'nofilter')).toEqual(['d', 'a', 'b', 'c']);
});

test('--base asks git, also from a folder within', async () => {
  const folder = folderWith({
    'services.yaml': files['services.yaml'],
    'k8s/old.yaml': virtualService('ratings'),
  });
  const git = (...args: readonly string[]) =>
    promisify(execFile)('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], {
      cwd: folder,
    });
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-qm', 'one');
  await git('checkout', '-qb', 'two');
  writeFileSync(join(folder, 'k8s/new.yaml'), files['reviews.yaml']);
  await git('add', '.');
  await git('commit', '-qm', 'two');
  const { stdout } = await suggest(join(folder, 'k8s'), [
    '--base',
    'main',
    '--format',
    'annotations',
    '.',
    '--with',
    '..',
  ]);
  expect(stdout.match(/file=[^,]*/g)).toEqual(['file=k8s/new.yaml']);
  const missing = await suggest(folder, ['--base', '--output=x']);
  expect(missing.stderr).toContain('git knows no such branch or commit');
});

test('VirtualServices that convert together are counted together, and each difference is named', async () => {
  const gateway = istioGateway('edge', 'shop', "'*.example.com'");
  const bound = (name: string, match: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${name}.example.com
  gateways:
  - edge
  http:
  - match:
    - uri:
        ${match}
    route:
    - destination:
        host: reviews
`;
  const folder = folderWith({
    'services.yaml': files['services.yaml'],
    'all.yaml': [gateway, bound('exact', 'exact: /x'), bound('prefix', 'prefix: /y')].join('---\n'),
  });
  const { stdout } = await suggest(folder, ['--no-ignore']);
  expect(stdout).toBe(`## vs2route: 1 conversion to make

### Converts

| Where | What | Checked |
| --- | --- | --- |
| \`all.yaml:1\` | \`VirtualService shop/exact\` and \`VirtualService shop/prefix\` become \`HTTPRoute shop/exact\`, \`HTTPRoute shop/prefix\` and \`Gateway shop/edge\` | 5 requests checked, 1 differs: \`prefix-by-segment\` |

This makes the edit:

\`\`\`sh
vs2route convert --write --no-ignore all.yaml --with=.
\`\`\`
`);
});

test('a fault that occurs twice in a line is printed once', async () => {
  const twice = faulty('ratings').replace(/ {2}http:\n([\s\S]*)$/, '  http:\n$1$1');
  const folder = folderWith({ 'a.yaml': twice, 'all.diff': diffOf({}, { 'a.yaml': twice }) });
  const { stdout } = await suggest(folder, ['--diff', 'all.diff', '--format', 'annotations']);
  expect(stdout.split('fault injection (abort) cannot be expressed in a route')).toHaveLength(2);
});
