import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { printResources } from '../src/6-emit/print.ts';
import type { Conversion } from '../src/conversion.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import type { SourceFile } from '../src/index.ts';
import { convert } from '../src/index.ts';
import { defaultOptions, type Options } from '../src/options.ts';

/** Where the cases are: `testdata/cases/FIELD/WHAT-HAPPENS/`. */
export const casesFolder = join(import.meta.dirname, '../testdata/cases');

/** One scenario: what goes in, and what has to come out. */
export interface CaseFolder {
  /** For example `mirror/half-a-percent`. */
  readonly name: string;
  readonly path: string;
  readonly input: SourceFile;
  /** `facts.yaml`, read as `--with`. */
  readonly facts: readonly SourceFile[];
  readonly options: Options;
}

/** @returns every folder that has an `input.yaml`, by name */
export function caseFolders(folder: string = casesFolder): readonly CaseFolder[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name === 'input.yaml')
    .map(entry => readCase(entry.parentPath, folder))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readCase(path: string, folder: string): CaseFolder {
  const read = (name: string): readonly SourceFile[] =>
    existsSync(join(path, name)) ? [{ path: name, text: readFileSync(join(path, name), 'utf8') }] : [];
  const [input] = read('input.yaml');
  const [options] = read('options.json');
  if (input === undefined) throw new Error(`${path} has no input.yaml`);
  return {
    name: relative(folder, path),
    path,
    input,
    facts: read('facts.yaml'),
    options: {
      ...defaultOptions,
      ...(options === undefined ? {} : (JSON.parse(options.text) as Partial<Options>)),
    },
  };
}

export function convertCase({ input, facts, options }: CaseFolder): Conversion {
  return convert([input], facts, options);
}

/** The objects as `convert` prints them. */
export function outputOf({ outputs }: Conversion): string {
  return outputs.length === 0 ? '' : printResources(outputs.map(({ resource }) => resource));
}

/** What became of each resource, then every diagnostic, each on a line of its own. */
export function linesOf({ resources, diagnostics }: Conversion): string {
  const became = resources.map(({ resource: { kind, namespace, name }, status, proof }) => {
    const tried =
      proof === undefined
        ? ''
        : `, ${proof.requests} requests, ${proof.differences} differ${proof.sampled ? ', sampled' : ''}`;
    return `${kind} ${namespace}/${name}: ${status}${tried}`;
  });
  return `${[...became, ...diagnostics.map(lineOf)].join('\n')}\n`;
}

export function lineOf({ severity, code, location, path, message, related }: Diagnostic): string {
  const { file, start } = location;
  const also = related.map(
    other =>
      ` (${other.message}: ${other.location.file}:${other.location.start.line}:${other.location.start.column})`,
  );
  return `${severity} ${code} ${file}:${start.line}:${start.column} ${path}: ${message}${also.join('')}`;
}
