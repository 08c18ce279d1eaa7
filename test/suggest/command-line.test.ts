import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convertCommand } from '../../src/cli/commands/command-line.ts';
import { run } from '../../src/cli/main.ts';
import { convert } from '../../src/index.ts';
import { diffOf, folderWith, service, suggest, virtualService } from '../forge/run.ts';
import { written } from '../forge/written.ts';

const same = (path: string): string => path;

test('flags as they were given, and nothing that a shell would read otherwise', () => {
  const command = convertCommand(
    ['apps', "it's here/**"],
    {
      profile: 'portable',
      partial: true,
      defaultPort: 80,
      ignore: false,
      with: ['cluster.yaml'],
      exclude: ['*.tmp'],
      gateway: [
        {
          from: { namespace: 'istio-ingress', name: 'gw' },
          to: { namespace: 'kube-system', name: 'edge', sectionName: 'https' },
        },
      ],
      config: 'ci/vs2route.yaml',
      quiet: true,
    },
    same,
  );
  const flags =
    "--profile=portable --partial --default-port=80 --no-ignore '--exclude=*.tmp' --gateway=istio-ingress/gw=kube-system/edge#https --config=ci/vs2route.yaml";
  expect(command(['-x.yaml', 'a b.yaml'])).toBe(
    `vs2route convert --write ${flags} ./-x.yaml 'a b.yaml' --with=apps '--with=it'\\''s here/**' --with=cluster.yaml`,
  );
  expect(convertCommand(['.'], { ignore: true, keep: ['old'] }, same)(['a.yaml'])).toBe(
    'vs2route convert --write a.yaml --with=.',
  );
  expect(convertCommand(['.'], { config: false }, same)(['a.yaml'])).toBe(
    'vs2route convert --write --no-config a.yaml --with=.',
  );
});

test('the command of a comment makes its edit, and no other', async () => {
  const files = {
    'services.yaml': ['reviews', 'cart'].map(service).join('---\n'),
    'k8s/re views.yaml': virtualService('reviews').trimEnd(),
    'k8s/cart.yaml': virtualService('cart'),
  };
  const diff = diffOf({}, { 'k8s/re views.yaml': files['k8s/re views.yaml'] });
  const folder = folderWith({ ...files, 'pull.diff': diff });
  const { stdout } = await suggest(folder, ['--diff', 'pull.diff', '--format', 'github']);
  const { body } = JSON.parse(stdout) as { readonly body: string };
  const [, command = ''] = /^```sh\nvs2route (.*)\n```$/m.exec(body) ?? [];
  expect(command).toBe("convert --write 'k8s/re views.yaml' --with=.");
  // The diff that it shows makes the same edit.
  const applied = folderWith(files);
  const [, patch = ''] = /^```diff\n([\s\S]*?)^```$/m.exec(body) ?? [];
  execFileSync('git', ['apply', '-'], { cwd: applied, input: patch });

  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
  const nowhere = { write: () => true };
  const code = await run(words.trimEnd().split('\n'), {
    cwd: folder,
    env: {},
    stdin: (async function* () {})(),
    stdout: nowhere,
    stderr: nowhere,
    loadConvert: async () => convert,
  });
  expect(code).toBe(0);
  const after = written(files);
  for (const place of [folder, applied])
    expect(readFileSync(join(place, 'k8s/re views.yaml'), 'utf8')).toBe(after['k8s/re views.yaml']);
  expect(readFileSync(join(folder, 'k8s/cart.yaml'), 'utf8')).toBe(files['k8s/cart.yaml']);
});
