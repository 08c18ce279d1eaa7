import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeWith } from './cli/run.ts';
import { runHere } from './cli/shop.ts';
import { twiceWritten } from './twice-written.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'testdata/trees');
const update = process.env['UPDATE'] !== undefined;

interface Tree {
  readonly name: string;
  /** The files before the conversion. */
  readonly tree: string;
  /** The folder with what is expected. */
  readonly path: string;
}

const trees: readonly Tree[] = readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter(entry => entry.isDirectory() && entry.name === 'tree')
  .map(({ parentPath }) => ({
    name: relative(folder, parentPath),
    tree: join(parentPath, 'tree'),
    path: parentPath,
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The sample company, which the documents show and the drill runs. */
const company: Tree = {
  name: 'examples/company',
  tree: join(root, 'examples/company'),
  path: join(root, 'testdata/company'),
};

/** Holds a text against a file; with UPDATE set, writes it instead. An empty text is no file. */
function expectFile(path: string, text: string): void {
  if (update) {
    if (text === '') rmSync(path, { force: true });
    else writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
}

interface Said {
  readonly severity: string;
  readonly code: string;
  readonly location: { readonly file: string; readonly start: { readonly line: number } };
  readonly message: string;
}

interface Report {
  readonly resources: readonly {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly status: string;
    readonly file: string;
    readonly diagnostics: readonly Said[];
  }[];
  readonly diagnostics: readonly Said[];
}

function linesOf({ resources, diagnostics }: Report): string {
  const became = resources.map(
    ({ file, kind, namespace, name, status }) => `${file}: ${kind} ${namespace}/${name}: ${status}`,
  );
  const said = [...resources.flatMap(resource => resource.diagnostics), ...diagnostics].map(
    ({ severity, code, location: { file, start }, message }) =>
      `${severity} ${code} ${file}:${start.line}: ${message}`,
  );
  return [...became, ...said].join('\n');
}

function sourcesOf(tree: Readonly<Record<string, string>>) {
  return Object.entries(tree).flatMap(([path, text]) => (/\.ya?ml$/.test(path) ? [{ path, text }] : []));
}

/** Runs the scenarios of several files: `testdata/trees/TOPIC/WHAT-HAPPENS/`, with the files in `tree`. */
export function describeTrees(): void {
  describe.each([...trees, company].map(scenario => [scenario.name, scenario] as const))(
    '%s',
    (_name, scenario) => {
      const { tree, path } = scenario;
      const flags = existsSync(join(path, 'flags.json'))
        ? (JSON.parse(readFileSync(join(path, 'flags.json'), 'utf8')) as string[])
        : [];
      const checkedOut = () => {
        const place = placeWith({});
        cpSync(tree, place.path, { recursive: true });
        return place;
      };

      test('changes the files that are expected, and says what is expected', async () => {
        const place = checkedOut();
        const { stdout } = await runHere(place, ['diff', ...flags, '.']);
        expectFile(join(path, 'changes.diff'), stdout);
        const report = await runHere(place, ['report', '--format', 'json', ...flags, '.']);
        expectFile(join(path, 'diagnostics.txt'), `${linesOf(JSON.parse(report.stdout) as Report)}\n`);
      });

      test('defines nothing twice, and leaves nothing to do for a second run', async () => {
        const place = checkedOut();
        const before = place.tree();
        await runHere(place, ['convert', '--write', ...flags, '.']);
        const written = place.tree();
        expect(twiceWritten(sourcesOf(before), sourcesOf(written))).toEqual([]);
        await runHere(place, ['convert', '--write', ...flags, '.']);
        expect(place.tree()).toEqual(written);
        expect((await runHere(place, ['diff', ...flags, '.'])).stdout).toBe('');
      });
    },
  );
}
