import { expect, test } from 'vitest';
import { readResources } from '../../src/read-resources.ts';
import { parseCodeOwners } from '../../src/suggest/code-owners.ts';
import { removedUses } from '../../src/suggest/removed-uses.ts';
import { diffOf, type Files, folderWith, service, suggest, virtualService } from '../forge/run.ts';
import { istioGateway } from '../shop-objects.ts';

const subsets = (...names: readonly string[]): string => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
${names.map(name => `  - name: ${name}\n    labels:\n      version: ${name}\n`).join('')}`;
const toSubset = (subset: string): string =>
  virtualService('reviews').replaceAll('host: reviews\n', `host: reviews\n        subset: ${subset}\n`);
const services = { 'services.yaml': service('reviews') };

/** What `suggest` prints of a change between two trees. */
async function told(
  before: Files,
  after: Files,
  args: readonly string[] = ['--filter', 'new'],
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: unknown }> {
  const folder = folderWith({ ...after, 'pull.diff': diffOf(before, after) });
  return suggest(folder, ['--diff', 'pull.diff', ...args]);
}

test('a subset that a VirtualService uses is removed: restore it; the conversion is not offered', async () => {
  const before = { ...services, 'rule.yaml': subsets('v1', 'v2'), 'vs.yaml': toSubset('v1') };
  const after = { ...before, 'rule.yaml': subsets('v2') };
  const { stdout, code } = await told(before, after);
  expect(code).toBe(1);
  expect(stdout).toBe(`## vs2route: 1 removal of what is used

### Fails

| Where | What | Action |
| --- | --- | --- |
| \`rule.yaml:9\` | removes subset v1 of DestinationRule shop/reviews, which VirtualService shop/reviews uses: restore it |  |
`);
  // The same by every filter, and never a conversion that would make the failure permanent.
  for (const filter of ['added', 'file', 'nofilter'])
    expect((await told(before, after, ['--filter', filter])).stdout).not.toMatch(/### Converts|all the same/);
});

test('near misses: a subset that nothing uses, one that moves to another file, one that gets other labels', async () => {
  const before = { ...services, 'rule.yaml': subsets('v1', 'v2'), 'vs.yaml': toSubset('v1') };
  for (const after of [
    { ...before, 'rule.yaml': subsets('v1') },
    { ...services, 'vs.yaml': toSubset('v1'), 'other.yaml': subsets('v1', 'v2') },
    { ...before, 'rule.yaml': subsets('v1', 'v2').replace('version: v1', 'version: one') },
  ]) {
    const { code, stdout } = await told(before, after);
    expect(stdout).toBe('## vs2route: nothing to convert\n');
    expect(code).toBe(0);
  }
});

test('a Service and an Istio Gateway that a VirtualService uses are removed', () => {
  const gateway = (name: string): string => istioGateway(name, 'edge', "'*.example.com'");
  const bound = virtualService('reviews').replace('  hosts:\n', '  gateways:\n  - edge/one\n  hosts:\n');
  const objects = (...texts: readonly string[]) =>
    readResources([{ path: 'a.yaml', text: texts.join('---\n') }], 'default', () => undefined);
  const uses = removedUses(
    objects(service('reviews'), gateway('one'), gateway('two'), bound),
    objects(gateway('two'), bound),
  );
  expect(
    uses.map(({ owner: { kind, namespace, name }, part, users }) => [
      kind,
      namespace,
      name,
      part,
      users.length,
    ]),
  ).toEqual([
    ['Service', 'shop', 'reviews', '', 1],
    ['Gateway', 'edge', 'one', '', 1],
  ]);
});

test('a new VirtualService whose requests fail is no offer, and nothing is praised', async () => {
  const before = { ...services, 'rule.yaml': subsets('v2') };
  const after = { ...before, 'vs.yaml': toSubset('v1') };
  const { stdout, code } = await told(before, after);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^## vs2route: 1 whose requests fail today\n/);
  expect(stdout).toContain('VirtualService shop/reviews: requests fail today');
  expect(stdout).not.toMatch(/Converts|all the same|Proven/);
});

test('a subset that a pull request adds is never proposed to go', async () => {
  const before = { ...services, 'rule.yaml': subsets('v1'), 'vs.yaml': toSubset('v1') };
  const after = { ...before, 'rule.yaml': subsets('v1', 'v2') };
  expect((await told(before, after)).stdout).toBe('## vs2route: nothing to convert\n');
  const { stdout } = await told(before, after, ['--filter', 'added', '--format', 'github']);
  expect(stdout).toContain('vs2route convert --write vs.yaml --with=.');
  expect(stdout).not.toContain('b/rule.yaml');
});

test('the commonest new pair gets one button, beside a kustomization and without one', async () => {
  for (const kustomization of [undefined, 'resources:\n- services.yaml\n- rule.yaml\n- vs.yaml\n']) {
    const before = {
      ...services,
      ...(kustomization !== undefined && { 'kustomization.yaml': 'resources:\n- services.yaml\n' }),
    };
    const after = {
      ...services,
      ...(kustomization !== undefined && { 'kustomization.yaml': kustomization }),
      'rule.yaml': subsets('v1', 'v2'),
      'vs.yaml': toSubset('v1'),
    };
    const { stdout } = await told(before, after, ['--filter', 'new', '--format', 'github']);
    const { body, comments } = JSON.parse(stdout) as {
      readonly body: string;
      readonly comments: readonly { readonly path: string; readonly body: string }[];
    };
    expect(body).toBe('');
    expect(comments.map(({ path }) => path)).toEqual(['vs.yaml']);
    expect(comments[0]?.body).toContain('Press **Commit suggestion** to take it.\n\n```suggestion\n');
    expect(comments[0]?.body).toContain('kind: Service\nmetadata:\n  name: reviews-v1');
  }
});

const gateway = istioGateway('public', 'shop', 'shop.example.com');
const atEdge = virtualService('web').replace(
  '  hosts:\n  - web\n',
  '  gateways:\n  - public\n  hosts:\n  - shop.example.com\n',
);
const edge = { 'services.yaml': service('web'), 'edge/gateway.yaml': gateway };

test('a VirtualService that needs the Gateway of another folder waits, and does not count', async () => {
  const after = { ...edge, 'apps/web.yaml': atEdge };
  const { stdout } = await told(edge, after);
  expect(stdout).toBe(`## vs2route: nothing to convert

- \`VirtualService shop/web\` is not counted: the platform's part comes first, \`Gateway shop/public\` in \`edge/gateway.yaml\`.
`);
  // In the same folder, or changed by the pull request itself, it is offered.
  const beside = { 'services.yaml': service('web'), 'apps/gateway.yaml': gateway };
  expect((await told(beside, { ...beside, 'apps/web.yaml': atEdge })).stdout).toContain(
    '1 conversion to make',
  );
  const both = { ...after, 'edge/gateway.yaml': gateway.replace('    hosts:', '    hosts: # ours') };
  expect((await told(edge, both)).stdout).toContain('1 conversion to make');
});

test('CODEOWNERS of the target decide, not those of the pull request', async () => {
  const owners = '/apps/ @shop/web\n/edge/ @shop/web @shop/platform\n';
  const before = { ...edge, '.github/CODEOWNERS': owners };
  const after = { ...before, 'apps/web.yaml': atEdge };
  expect((await told(before, after)).stdout).toContain('1 conversion to make');
  const strict = { ...edge, CODEOWNERS: '/apps/ @shop/web\n/edge/ @shop/platform # all of it\n' };
  const waits =
    "`VirtualService shop/web` is not counted: the platform's part comes first, `Gateway shop/public` in `edge/gateway.yaml` (`@shop/platform`).";
  expect((await told(strict, { ...strict, 'apps/web.yaml': atEdge })).stdout).toContain(waits);
  const taken = { ...strict, 'apps/web.yaml': atEdge, CODEOWNERS: '* @shop/web\n' };
  expect((await told(strict, taken)).stdout).toContain(waits);
});

test('CODEOWNERS as GitHub and GitLab read them', () => {
  const { ownersOf } = parseCodeOwners(
    [
      '# all',
      '* @all',
      'docs/* @writers',
      '/apps/ @apps @more # with a remark',
      '/apps/free/',
      'a\\ b.yaml @space',
      '!none @never',
      '[Platform][2] @platform',
      '/edge/',
      '/edge/own.yaml @own',
      '^[Docs] @docs',
      '*.md',
    ].join('\n'),
  );
  expect(
    Object.fromEntries(
      [
        'x.yaml',
        'docs/a',
        'docs/b/c',
        'apps/x',
        'apps/free/x',
        'a b.yaml',
        'edge/x',
        'edge/own.yaml',
        'r.md',
      ].map(path => [path, ownersOf(path).join(' ')]),
    ),
  ).toEqual({
    'x.yaml': '@all',
    'docs/a': '@writers',
    'docs/b/c': '@all',
    'apps/x': '@apps @more',
    'apps/free/x': '',
    'a b.yaml': '@space',
    'edge/x': '@all @platform',
    'edge/own.yaml': '@all @own',
    'r.md': '@all @docs',
  });
});

test.each([
  ['weights or timeouts', (text: string) => text.replace('/api', '/v2')],
  ['a new form of the same', (text: string) => text.replace('hosts:\n  - reviews', 'hosts: ["reviews"]')],
  ['another name', (text: string) => text.replace('name: reviews\n', 'name: reviews-all\n')],
  ['JSON', () => JSON.stringify(JSON.parse(JSON.stringify(objectOf('reviews'))), null, 2)],
])('an edit is one line, and no suggestion: %s', async (_, change) => {
  const before = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { stdout, code } = await told(before, {
    ...services,
    'reviews.yaml': change(virtualService('reviews')),
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^## vs2route: nothing to convert\n\n- Only an edit, so nothing is suggested: `VirtualService shop\/reviews(-all)?` can be a route \(`vs2route convert --write reviews\.yaml --with=\.`\)\.\n$/,
  );
});

/** The VirtualService of `virtualService` as an object. */
function objectOf(name: string): object {
  const to = [{ destination: { host: name } }];
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop' },
    spec: { hosts: [name], http: [{ match: [{ uri: { exact: '/api' } }], route: to }, { route: to }] },
  };
}

test('a file that is moved is an edit; a copy beside it is new', async () => {
  const before = { ...services, 'a/reviews.yaml': virtualService('reviews') };
  const moved = { ...services, 'b/reviews.yaml': virtualService('reviews') };
  expect((await told(before, moved)).stdout).toContain('nothing to convert');
  const copied = {
    ...before,
    'c/ratings.yaml': virtualService('reviews').replaceAll('reviews', 'ratings'),
    'services.yaml': `${service('reviews')}---\n${service('ratings')}`,
  };
  expect((await told(before, copied)).stdout).toContain('1 conversion to make');
});

test('an annotation and the configuration of the target say no', async () => {
  const annotated = virtualService('reviews').replace(
    'spec:',
    '  annotations:\n    vs2route/ignore: "convertible: it goes next month"\nspec:',
  );
  const left = '`VirtualService shop/reviews` is left as asked (vs2route/ignore, --keep).';
  const { stdout, stderr } = await told(services, { ...services, 'a.yaml': annotated });
  expect(stdout).toBe(`## vs2route: nothing to convert\n\n- ${left}\n`);
  expect(stderr).not.toContain('ignore-unused');
  const kept = await told(services, { ...services, 'old/a.yaml': virtualService('reviews') }, [
    '--filter',
    'new',
    '--keep',
    'old/',
  ]);
  expect(kept.stdout).toContain(left);
  // A pull request does not say so of itself.
  const configured = {
    ...services,
    'old/a.yaml': virtualService('reviews'),
    'vs2route.config.yaml': 'keep: [old/]\n',
  };
  expect((await told(services, configured)).stdout).toContain('1 conversion to make');
  const known = { ...services, 'vs2route.config.yaml': 'keep: [old/]\n' };
  expect((await told(known, configured)).stdout).toContain(left);
});

test('rdjson and SARIF give no part of a change whose other parts are not in the diff', async () => {
  // A Gateway and what is bound to it are converted together, or not at all.
  const before = { 'services.yaml': service('web'), 'k8s/gateway.yaml': gateway };
  const after = { ...before, 'k8s/web.yaml': atEdge };
  const printed = async (from: Files, to: Files, format: string): Promise<string> =>
    (await told(from, to, ['--filter', 'new', '--format', format])).stdout;
  const rdjson = await printed(before, after, 'rdjson');
  expect(rdjson).toContain('It takes edits in 2 places');
  expect(rdjson).not.toContain('"suggestions"');
  const sarif = await printed(before, after, 'sarif');
  expect(sarif).toContain('"ruleId": "convertible"');
  expect(sarif).not.toContain('"fixes"');
  // Where all of it is in the diff, SARIF gives the whole; reviewdog would make a button of each part.
  const services = { 'services.yaml': service('web') };
  expect((await printed(services, after, 'sarif')).match(/"deletedRegion"/g)).toHaveLength(2);
  expect(await printed(services, after, 'rdjson')).not.toContain('"suggestions"');
  const alone = { ...services, 'web.yaml': virtualService('web') };
  expect(await printed(services, alone, 'rdjson')).toContain('"suggestions"');
  expect(await printed(services, alone, 'sarif')).toContain('"fixes"');
});
