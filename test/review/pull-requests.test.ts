import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { convert } from '../../src/index.ts';
import { makeRepository } from './repository.ts';
import { base, pullRequests } from './shop-repository.ts';

const recorded = join(import.meta.dirname, '../../testdata/review');
const update = process.env['UPDATE'] !== undefined;

/** git alone, so that overlays are read by ourselves, wherever the test runs. */
const tools = realpathSync(mkdtempSync(join(tmpdir(), 'vs2route-tools-')));
for (const folder of (process.env['PATH'] ?? '').split(':'))
  if (existsSync(join(folder, 'git')) && !existsSync(join(tools, 'git')))
    symlinkSync(join(folder, 'git'), join(tools, 'git'));
afterAll(() => rmSync(tools, { recursive: true, force: true }));

async function vs2route(folder: string, args: readonly string[]) {
  const out = { stdout: '', stderr: '' };
  const code = await run(args, {
    cwd: folder,
    env: { PATH: tools, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    stdin: (async function* () {})(),
    stdout: { write: (text: string) => (out.stdout += text) },
    stderr: { write: (text: string) => (out.stderr += text) },
    loadConvert: async () => convert,
  });
  return { ...out, code };
}

const schemas = ['report', 'verification', 'review'].map(
  file =>
    JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/${file}.schema.json`), 'utf8')) as {
      readonly $id: string;
    },
);
const validator = new Ajv({ strict: false, allErrors: true, schemas });

function section(
  title: string,
  { stdout, stderr, code }: Awaited<ReturnType<typeof vs2route>>,
  commit: string,
): string {
  const said = [stdout.trimEnd(), stderr.trimEnd()].filter(text => text !== '').join('\n\n');
  return `## ${title} (exit ${code})\n\n${said.replaceAll(commit.slice(0, 7), 'COMMIT')}\n`;
}

describe.each(pullRequests)('a pull request of the kind $name', ({ name, pushes, prepare }) => {
  test('is told what is expected, push by push', async () => {
    const repository = makeRepository();
    try {
      const start = prepare === undefined ? base : prepare(base);
      const commit = repository.commit(start, 'main');
      repository.git('checkout', '--quiet', '-b', 'work');
      const texts: string[] = [];
      let files = start;
      for (const [index, push] of pushes.entries()) {
        files = push(files);
        repository.commit(files, `push ${index + 1}`);
        const review = await vs2route(repository.folder, ['review', '--base', 'main', '.']);
        const check = await vs2route(repository.folder, ['check', '--base', 'main', '.']);
        const suggest = await vs2route(repository.folder, ['suggest', '--base', 'main', '--quiet', '.']);
        const title = pushes.length === 1 ? '' : `, push ${index + 1}`;
        texts.push(
          section(`review${title}`, review, commit),
          section(`check${title}`, check, commit),
          section(`suggest${title}`, suggest, commit),
        );
        const json = await vs2route(repository.folder, [
          'review',
          '--base',
          'main',
          '--format',
          'json',
          '--quiet',
          '.',
        ]);
        if (review.code !== 2) {
          const valid = validator.validate(schemas[2]?.$id ?? '', JSON.parse(json.stdout));
          expect(valid, validator.errorsText()).toBe(true);
        }
      }
      const path = join(recorded, `${name}.md`);
      const text = `# ${name}\n\n${texts.join('\n')}`;
      if (update) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
    } finally {
      repository.remove();
    }
  });
});
