// Puts the program into a few files, which start in half the time that its modules and those of its libraries take. They
// take the place of `dist/cli/main.js`, so that whoever compiles anew runs what was compiled. The engine for browsers takes
// the place of `dist/browser/index.js` in the same way. What other programs import from Node.js stays in modules.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundled, inScript, licences, packed } from './bundled.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const { output: files } = await write(
  'cli',
  'main',
  {
    platform: 'node',
    // A command that starts late may share files with the start of another one.
    checks: { ineffectiveDynamicImport: false },
    plugins: [
      late('refa', join(dist, 'cli/automata.js')),
      late('re2js', join(dist, 'cli/regular-expressions.js')),
      lateCharacters(),
    ],
  },
  // The names hold a hash, since V8 does not see whether what it kept belongs to a text (src/cli/kept-code.ts).
  {
    format: 'cjs',
    entryFileNames: 'main.[name]-[hash].cjs',
    chunkFileNames: 'main.[name]-[hash].cjs',
    minify: { compress: false, mangle: false, codegen: true },
  },
  // The program of the threads of `--jobs` shares files with it.
  { 'lot-worker': join(dist, 'cli/jobs/lot-worker.js') },
  [
    join(dist, 'cli/commands/run-convert.js'),
    join(dist, 'cli/jobs/convert-in-jobs.js'),
    join(dist, 'convert.js'),
  ],
);
await secondThread();
inModules(files);
keepCode(files);
await write(
  'browser',
  'index',
  { platform: 'browser', plugins: [late('refa', join(dist, 'browser/automata.js'))] },
  { minify: true },
);

await page();

/** A file of its own, since a thread that has to load what the program needs would be ready too late. */
async function secondThread() {
  const bundle = await rolldown({
    input: join(dist, 'cli/second-thread/program.js'),
    platform: 'node',
    // The modules that it imports from hold more than it uses.
    treeshake: { moduleSideEffects: false },
  });
  await bundle.write({ file: join(dist, 'cli/second-thread.cjs'), format: 'cjs', minify: true });
}

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

async function write(folder, entry, input, output = {}, beside = {}, needed = []) {
  const dir = join(dist, folder);
  for (const name of readdirSync(dir))
    if (name.startsWith(`${entry}.`) && /\.(?:c?js|cache)$/.test(name) && name !== `${entry}.js`)
      rmSync(join(dir, name));
  const bundle = await rolldown({ input: { [entry]: join(dir, `${entry}.js`), ...beside }, ...input });
  const groups = needed.length === 0 ? undefined : await together(bundle, entry, needed);
  const written = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${entry}.[name].js`,
    ...(groups === undefined ? {} : { codeSplitting: { groups } }),
    ...output,
  });
  writeFileSync(
    join(dir, 'LICENSES.txt'),
    licences(written.output.flatMap(({ moduleIds }) => moduleIds ?? [])),
  );
  return written;
}

/** Programs stay modules, by the names that their modules have; the files behind them are CommonJS, in ASCII alone. */
function inModules(files) {
  const known = new Set(files.map(({ fileName }) => fileName));
  for (const { fileName, isEntry, name, exports, dynamicImports = [] } of files) {
    const foreign = dynamicImports.find(other => !known.has(other));
    // Code that was kept knows no `import()` of its own (node:vm).
    if (foreign !== undefined) throw new Error(`${fileName} imports ${foreign} late: load it by require.`);
    const file = join(dist, 'cli', fileName);
    writeFileSync(file, inAscii(readFileSync(file, 'utf8')));
    if (!isEntry) continue;
    const result = exports.length === 0 ? '' : `export const { ${exports.join(', ')} } = `;
    writeFileSync(
      join(dist, 'cli', `${name}.js`),
      `import { fileURLToPath } from 'node:url';
import { loadKept } from './kept-code.js';
${result}loadKept(fileURLToPath(new URL('.', import.meta.url)), '${fileName}');
`,
    );
  }
}

/** In strings, templates and regular expressions a character can be written by its number. */
function inAscii(code) {
  return code.replace(/[^\0-\x7F]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** In a process of its own, since what V8 makes of code depends on flags, and is kept after a run. */
function keepCode(files) {
  const entries = files.filter(({ isEntry }) => isEntry).map(({ name, fileName }) => [name, fileName]);
  const { main, ...threads } = Object.fromEntries(entries);
  const script = fileURLToPath(new URL('keep-code.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script, main, ...Object.values(threads)], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('What V8 makes of the code could not be kept.');
}

/** All that a program needs to start is one file, and all that some commands need besides is another: each takes a while to open. */
async function together(bundle, entry, files) {
  const { output } = await bundle.generate({ format: 'esm' });
  const chunks = new Map(output.map(chunk => [chunk.fileName, chunk]));
  const neededBy = chunk => {
    const found = new Set([chunk]);
    for (const one of found)
      for (const name of one.imports) if (chunks.has(name)) found.add(chunks.get(name));
    return new Set([...found].flatMap(({ moduleIds }) => moduleIds));
  };
  const start = neededBy(output.find(({ isEntry, name }) => isEntry && name === entry));
  const needed = new Set(
    output
      .filter(({ moduleIds = [] }) => files.some(file => moduleIds.includes(file)))
      .flatMap(chunk => [...neededBy(chunk)]),
  );
  return [
    { name: 'start', test: id => start.has(id), priority: 1 },
    { name: 'convert', test: id => needed.has(id) && !start.has(id) },
  ];
}

/** A library is loaded when it is first needed: a file of ours takes its place. */
function late(library, file) {
  return {
    name: `late-${library}`,
    resolveId: (source, importer) => (source === library && importer !== file ? file : null),
  };
}

/** The tables by which texts are taken apart into characters, and told what they are, are read when a text is first measured. */
function lateCharacters() {
  const library = fileURLToPath(import.meta.resolve('string-width'));
  const segmenter = 'const segmenter = new Intl.Segmenter();';
  const expression = /^const (\w+Regex) = (\/.*\\p\{.*\/[a-z]+);$/gm;
  const lateExpression = `
    const lateExpression = make => {
      let known;
      const expression = () => (known ??= make());
      return {
        test: text => expression().test(text),
        [Symbol.match]: text => expression()[Symbol.match](text),
        [Symbol.search]: text => expression()[Symbol.search](text),
      };
    };`;
  return {
    name: 'late-characters',
    transform(code, id) {
      if (id !== library) return null;
      if (!code.includes(segmenter) || code.match(expression)?.length !== 4)
        throw new Error('string-width begins in another way than it did.');
      return code
        .replace(
          segmenter,
          `let known; const segmenter = { segment: text => (known ??= new Intl.Segmenter()).segment(text) };${lateExpression}`,
        )
        .replace(expression, 'const $1 = lateExpression(() => $2);');
    },
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
