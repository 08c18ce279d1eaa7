// Puts the program into a few files, which start in half the time that its modules and those of its libraries take. They
// take the place of `dist/cli/main.js`, so that whoever compiles anew runs what was compiled. The engine for browsers takes
// the place of `dist/browser/index.js` in the same way. What other programs import from Node.js stays in modules.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

await write('cli', 'main', { platform: 'node' });
await write('browser', 'index', { platform: 'browser', plugins: [lateAutomata()] }, { minify: true });

async function write(folder, entry, input, output = {}) {
  const dir = join(dist, folder);
  const bundle = await rolldown({ input: join(dir, `${entry}.js`), ...input });
  const written = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: `${entry}.js`,
    chunkFileNames: `${entry}.[name].js`,
    ...output,
  });
  writeFileSync(
    join(dir, 'LICENSES.txt'),
    licences(written.output.flatMap(({ moduleIds }) => moduleIds ?? [])),
  );
}

/** The library of automata is a file of its own, which is loaded when a regular expression first needs it. */
function lateAutomata() {
  const late = join(dist, 'browser/automata.js');
  return {
    name: 'late-automata',
    resolveId: (source, importer) => (source === 'refa' && importer !== late ? late : null),
  };
}

/** What the bundled libraries ask for: that their licences come along. */
function licences(modules) {
  const packages = new Set(
    modules.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []),
  );
  const texts = [...packages].toSorted().map(path => {
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find(one => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence that could come along.`);
    return `${name} ${version}\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
  });
  return `The program contains these libraries.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
