// Puts the program into a few files, which start in half the time that its modules and those of its libraries take. They
// take the place of `dist/cli/main.js`, so that whoever compiles anew runs what was compiled. The engine for browsers takes
// the place of `dist/browser/index.js` in the same way. What other programs import from Node.js stays in modules.
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundled, inScript, licences, packed } from './bundled.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

await write(
  'cli',
  'main',
  { platform: 'node', plugins: [lateAutomata('cli')] },
  { minify: { compress: false, mangle: false, codegen: true } },
  // The program of the threads of `--jobs` shares files with it.
  { 'lot-worker': join(dist, 'cli/jobs/lot-worker.js') },
);
await write(
  'browser',
  'index',
  { platform: 'browser', plugins: [lateAutomata('browser')] },
  { minify: true },
);

await page();

/** The parts of a page that `src/cli/page-assets.ts` puts together: its style, its program, and the program that traces. */
async function page() {
  const source = fileURLToPath(new URL('../src/page/', import.meta.url));
  const dir = join(dist, 'page');
  mkdirSync(dir, { recursive: true });
  const program = await bundled(join(source, 'report.tsx'), 'esm');
  const engine = await bundled(join(source, 'trace-worker.ts'), 'iife', [withoutAutomata()]);
  writeFileSync(join(dir, 'report.js'), inScript(program.code));
  writeFileSync(join(dir, 'engine.txt'), packed(engine.code));
  copyFileSync(join(source, 'report.css'), join(dir, 'report.css'));
}

async function write(folder, entry, input, output = {}, beside = {}) {
  const dir = join(dist, folder);
  for (const name of readdirSync(dir))
    if (name.startsWith(`${entry}.`) && name.endsWith('.js') && name !== `${entry}.js`)
      rmSync(join(dir, name));
  const bundle = await rolldown({ input: { [entry]: join(dir, `${entry}.js`), ...beside }, ...input });
  const written = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${entry}.[name].js`,
    ...output,
  });
  writeFileSync(
    join(dir, 'LICENSES.txt'),
    licences(written.output.flatMap(({ moduleIds }) => moduleIds ?? [])),
  );
}

/** The library of automata is loaded when a regular expression first needs it: `automata.js` of the folder takes its place. */
function lateAutomata(folder) {
  const late = join(dist, folder, 'automata.js');
  return {
    name: 'late-automata',
    resolveId: (source, importer) => (source === 'refa' && importer !== late ? late : null),
  };
}

/** A request is followed without automata: it either matches an expression or does not. */
function withoutAutomata() {
  return {
    name: 'without-automata',
    resolveId: source => (source === 'refa' ? '\0no-automata' : null),
    load: id => (id === '\0no-automata' ? 'export const DFA = {}, JS = {}, NFA = {}, Words = {};' : null),
  };
}
