import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/pull-request-bot.md');

/** What `review` says of a kind of pull request, as the page quotes it; the sentence that frames each is left to the first. */
function quoted(kind: string): string {
  const text = readFileSync(join(root, `testdata/review/${kind}.md`), 'utf8');
  const said = /^### review \(exit \d; [^)]*\)\n\n([\s\S]*?)\n\nLog:/m.exec(text)?.[1] ?? '';
  return said
    .replaceAll('COMMIT', '3f2a1c9')
    .split('\n')
    .map(line => (line === '' ? '>\n' : `> ${line}\n`))
    .join('');
}

test('the page on the bot shows reviews as they look', () => {
  const text = readFileSync(page, 'utf8');
  const expected = text.replace(
    /^(<!-- review of (\S+) -->\n)(?:>.*\n)*/gm,
    (_, mark: string, kind: string) => mark + quoted(kind),
  );
  expect(text.match(/^<!-- review of /gm)).toHaveLength(5);
  if (process.env['UPDATE'] !== undefined) writeFileSync(page, expected);
  expect(readFileSync(page, 'utf8')).toBe(expected);
  expect(expected).toContain('lose their destination');
});
