import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
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

test('its table of inputs has those of the action', () => {
  const text = readFileSync(page, 'utf8');
  const rows = [...text.matchAll(/^\| (`[^|]*) +\| [^|]*\| [^|]*\|$/gm)].map(([, names = '']) => names);
  const named = rows.flatMap(row => [...row.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
  const action = readFileSync(join(root, 'action.yml'), 'utf8');
  const inputs = /^inputs:\n([\s\S]*?)^\w/m.exec(action)?.[1] ?? '';
  const names = [...inputs.matchAll(/^ {2}([\w-]+):/gm)].map(([, name]) => name);
  expect(names.filter(name => !named.includes(name))).toEqual([]);
  expect(names).toHaveLength(23);
});

test('its links lead to files that exist', () => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
    ([, path = '']) => path,
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter(path => !existsSync(join(dirname(page), path)))).toEqual([]);
});
