// Puts the program into a few files, which start in half the time that its modules and those of its libraries take. They
// take the place of `dist/cli/main.js`, so that whoever compiles anew runs what was compiled. What other programs import
// stays in modules.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = fileURLToPath(new URL('../dist/cli/', import.meta.url));
const bundle = await rolldown({ input: join(folder, 'main.js'), platform: 'node' });
const { output } = await bundle.write({
  dir: folder,
  format: 'esm',
  entryFileNames: 'main.js',
  chunkFileNames: 'main.[name].js',
});
writeFileSync(join(folder, 'LICENSES.txt'), licences(output.flatMap(({ moduleIds }) => moduleIds ?? [])));

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
