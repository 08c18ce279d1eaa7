import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';

/** Loads CommonJS files of one folder, each once. */
export interface Loader {
  /** @returns the exports of a file by its name in the folder */
  load(name: string): unknown;
  /**
   * Writes the code that V8 has compiled by now beside each file that was loaded.
   *
   * @param others files that are compiled for it, and do not run
   */
  keep(others: readonly string[]): void;
}

interface Loaded {
  readonly module: { exports: unknown };
  readonly script: vm.Script;
}

/**
 * V8 takes 50 ms to compile this program before any of it runs, and more for each function that is called for the
 * first time. The build keeps the compiled code of a file beside the file, and a run reads that instead. Another version of
 * Node.js does not find it, and V8 refuses code that other flags made; then the file is compiled, as if nothing lay there.
 * V8 compares nothing of the text but its length, so the names of the files hold a hash of their text.
 *
 * @param folder absolute
 * @param name of a CommonJS file in it, which requires others there by `./NAME`
 * @returns the exports of the file
 */
export function loadKept(folder: string, name: string): unknown {
  const file = resolve(folder, name);
  return existsSync(keptFor(file)) ? loaderOf(folder).load(name) : createRequire(file)(file);
}

/** @returns a loader that compiles by itself, for {@link loadKept} and for the build */
export function loaderOf(folder: string): Loader {
  const loaded = new Map<string, Loaded>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.module.exports;
    const made = { module: { exports: {} }, script: compile(file) };
    loaded.set(file, made);
    const outside = lateOf(createRequire(file));
    const requireFrom = (id: string): unknown =>
      id.startsWith('./') ? load(resolve(folder, id)) : outside(id);
    const run: (...inside: readonly unknown[]) => void = made.script.runInThisContext();
    run(made.module.exports, requireFrom, made.module, file, dirname(file));
    return made.module.exports;
  };
  return {
    load: name => load(resolve(folder, name)),
    keep: others => {
      const scripts = new Map([...loaded].map(([file, { script }]) => [file, script]));
      for (const name of others) scripts.set(resolve(folder, name), compile(resolve(folder, name)));
      for (const [file, script] of scripts) writeFileSync(keptFor(file), script.createCachedData());
    },
  };
}

/**
 * Modules of Node.js that take a while, and that few runs use.
 *
 * @param require whatever finds them
 * @returns the same, with these loaded when a part of them is first used
 */
function lateOf(require: (id: string) => unknown): (id: string) => unknown {
  const late = new Set(['node:child_process', 'node:crypto', 'node:worker_threads']);
  return id => {
    if (!late.has(id)) return require(id);
    const loaded = (): object => Object(require(id));
    return new Proxy(
      {},
      {
        get: (_, name) => Reflect.get(loaded(), name),
        has: (_, name) => Reflect.has(loaded(), name),
        ownKeys: () => Reflect.ownKeys(loaded()),
        getOwnPropertyDescriptor: (_, name) => {
          const found = Reflect.getOwnPropertyDescriptor(loaded(), name);
          return found && { ...found, configurable: true };
        },
      },
    );
  };
}

/** The build writes files in ASCII alone, which V8 reads faster and keeps in half the space. */
function compile(file: string): vm.Script {
  const text = readFileSync(file, 'latin1');
  return new vm.Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: file,
    ...(existsSync(keptFor(file)) ? { cachedData: readFileSync(keptFor(file)) } : {}),
  });
}

function keptFor(file: string): string {
  return `${file}.${process.version}-${process.arch}.cache`;
}
