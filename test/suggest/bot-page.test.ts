import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { reviewFailLevels } from '../../src/review/review.ts';
import { checkLevels } from '../../src/suggest/check.ts';
import { filters } from '../../src/suggest/items.ts';
import { MAX_LINE_COMMENTS } from '../../src/suggest/place.ts';
import { suggest } from '../forge/run.ts';
import { shownCommand, withOutputs } from '../shown-commands.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/pull-request-bot.md');
const example = 'examples/pull-request';

/** A comment as the page shows it: quoted, without the mark that nobody sees. */
function quoted(body: string): string {
  const lines = body.replace(/\n\n<!-- vs2route:.* -->$/, '').split('\n');
  return lines.map(line => (line === '' ? '>\n' : `> ${line}\n`)).join('');
}

/** What is written on the example, by file: each has one comment. */
async function comments(): Promise<ReadonlyMap<string, string>> {
  const github = await suggest(root, [example, '--diff', `${example}/pull.diff`, '--format', 'github']);
  const review = JSON.parse(github.stdout) as {
    readonly body: string;
    readonly comments: readonly { readonly path: string; readonly body: string }[];
  };
  const onFiles = review.body.replace(/^vs2route: .*\n\n/, '');
  return new Map([
    ...review.comments.map(({ path, body }) => [path, body] as const),
    [`${example}/details.yaml`, onFiles],
  ]);
}

test('the page on the bot shows what the bot writes', async () => {
  const text = readFileSync(page, 'utf8');
  const written = await comments();
  const shown = [...text.matchAll(/^<!-- on (\S+) -->$/gm)].map(([, path]) => path);
  expect(shown.toSorted()).toEqual([...written.keys()].toSorted());
  const baseline = readFileSync(join(root, example, 'baseline.json'), 'utf8');
  const expected = withOutputs(text)
    .replace(
      /^(<!-- on (\S+) -->\n)(?:>.*\n)*/gm,
      (_, mark: string, path: string) => mark + quoted(written.get(path) ?? ''),
    )
    .replace(/^```json\n(?:.*\n)*?```$/m, `\`\`\`json\n${baseline}\`\`\``);
  expect(text.match(shownCommand)).toHaveLength(3);
  if (process.env['UPDATE'] !== undefined) writeFileSync(page, expected);
  expect(readFileSync(page, 'utf8')).toBe(expected);
});

interface Input {
  readonly description: string;
  readonly default?: string;
}

test('its table of inputs has those of the action, in its order, with their defaults', () => {
  const text = readFileSync(page, 'utf8');
  const rows = [...text.matchAll(/^\| `([\w-]+)` \| (.*) \| (.*) \|$/gm)];
  const { inputs } = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, Input>>;
  };
  // An empty default is what the description says, since the command decides then.
  const expected = Object.entries(inputs).map(([name, { description, default: given = '' }]) => {
    if (name === 'token') return [name, 'that of the job'];
    return [name, given === '' ? (/Default: (.*)$/.exec(description)?.[1] ?? '') : given];
  });
  const plain = (cell = ''): string => cell.replaceAll('`', '').replaceAll(';', ',');
  const shown = rows.map(([, name, , cell]) => [name, plain(cell)]);
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(expected));
  expect(shown).toHaveLength(23);
  const rowOf = (wanted: string): string => rows.find(([, name]) => name === wanted)?.[2] ?? '';
  const choices = (name: string): readonly string[] =>
    [...rowOf(name).matchAll(/`([\w-]+)`/g)].map(([, word = '']) => word);
  expect(choices('filter').filter(word => word !== 'suggest' && word !== 'check')).toEqual(filters);
  expect(choices('fail-on')).toEqual(expect.arrayContaining([...reviewFailLevels, ...checkLevels]));
  expect(inputs['max-comments']?.description).toContain(`Default: ${MAX_LINE_COMMENTS}`);
});

test.each(['suggest', 'check'])(
  '%s --help says the default of --filter that the page says',
  async command => {
    const out = { stdout: '' };
    const world = { cwd: root, env: {}, stdout: { write: (text: string) => (out.stdout += text) } };
    const { run } = await import('../../src/cli/main.ts');
    await run([command, '--help'], { ...world, stderr: { write: () => undefined } } as never);
    expect(out.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /--filter <[^>]*> which documents [^(]*\(default: new\)/,
    );
  },
);

test('its links lead to files that exist', () => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
    ([, path = '']) => path,
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter(path => !existsSync(join(dirname(page), path)))).toEqual([]);
});
