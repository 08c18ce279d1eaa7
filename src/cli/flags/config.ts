import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { loadAll } from 'js-yaml';
import { type BaseSettings, settingText } from '../files/base-settings.ts';
import { repositoryOf } from '../files/ignore-files.ts';
import { isInside, realPath, shownPath } from '../files/paths.ts';
import { explainError, type Problem, Refusal } from '../problem.ts';
import type { World } from '../world.ts';
import type { ConversionFlags } from './flags.ts';
import { allSettings } from './keep-setting.ts';
import type { Setting } from './settings.ts';

/** The name that a configuration file has where no flag says another. */
export const CONFIG_NAME = 'vs2route.config.yaml';

/**
 * Puts the configuration file behind the flags: what a flag says counts, also where the file says something else.
 *
 * @throws Refusal when the file cannot be read, or says what no flag could
 */
export function withConfig<Flags extends Omit<ConversionFlags, 'from'>>(flags: Flags, world: World): Flags {
  const path = configFile(flags, world);
  if (path === undefined) return flags;
  const settled = readConfig(path, world);
  if (flags.config === undefined) confine(settled['with'], path, world.cwd);
  // The flag `--no-ignore` is there as `ignore: true` when nobody gave it.
  const given = Object.entries(flags).filter(
    ([key, value]) => value !== undefined && !(key === 'ignore' && value === true),
  );
  return { ...flags, ...settled, ...Object.fromEntries(given) };
}

function configFile({ config }: ConversionFlags, { cwd, baseSettings }: World): string | undefined {
  if (config === false) return undefined;
  if (config !== undefined) return resolve(cwd, config);
  const top = repositoryOf(cwd) ?? cwd;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, CONFIG_NAME);
    if (settingText(path, baseSettings) !== undefined) return path;
    if (folder === top) return undefined;
  }
}

/** @param path absolute */
function readConfig(path: string, { cwd, baseSettings }: World): Readonly<Record<string, unknown>> {
  const shown = shownPath(path, cwd, path);
  const content = parseConfig(path, shown, baseSettings);
  const { values, faults } = parseSettings(content, dirname(path), cwd);
  if (faults.length > 0) throw new Refusal(...faults.map(fault => ({ path: shown, ...fault })));
  return values;
}

function parseConfig(path: string, shown: string, base: BaseSettings | undefined): unknown {
  try {
    // A file of comments holds no document, which `load` would not take.
    return loadAll(base?.get(path) ?? readFileSync(path, 'utf8'))[0];
  } catch (error) {
    const [message = ''] = explainError(error).split('\n');
    const remedy = 'Mend the configuration file, or run without it: `--no-config`.';
    throw new Refusal({ path: shown, message: `cannot be read: ${message}`, remedy });
  }
}

/**
 * Refuses paths of a configuration file that nobody named when they lead out of its repository, or through a link: whoever
 * writes such a file would have others read, and quoted, what is theirs.
 *
 * @throws Refusal
 */
function confine(paths: unknown, config: string, cwd: string): void {
  if (!Array.isArray(paths)) return;
  const top = repositoryOf(cwd) ?? dirname(config);
  const faults = paths.flatMap((path: string): readonly Problem[] => {
    // The part of a glob before its first sign is a path.
    const [plain = ''] = /^[^*?[\]{}()!+@]*/.exec(path) ?? [];
    const fixed = resolve(cwd, plain === path ? path : plain.slice(0, plain.lastIndexOf('/') + 1));
    const leaves = !isInside(fixed, top) || path.split(/[\\/]/).slice(plain.split('/').length).includes('..');
    const real = join(realPath(top), relative(top, fixed));
    if (!leaves && (!existsSync(fixed) || realPath(fixed) === real)) return [];
    const message = `with: ${path} ${leaves ? 'leads out of the repository' : 'leads through a symbolic link'}`;
    const remedy =
      'Name the path on the command line, with --with, or the configuration file, with --config.';
    return [{ path: shownPath(config, cwd, config), message, remedy }];
  });
  if (faults.length > 0) throw new Refusal(...faults);
}

type Fault = Omit<Problem, 'path'>;

/** The settings of a mapping, and its faults. */
export interface ParsedSettings {
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
}

/**
 * Reads settings as flags are read.
 *
 * @param folder that paths are relative to
 * @param cwd that the paths of the result are relative to
 */
export function parseSettings(content: unknown, folder: string, cwd: string): ParsedSettings {
  if (content === null || content === undefined) return { values: {}, faults: [] };
  if (typeof content !== 'object' || Array.isArray(content)) {
    const message = 'holds no mapping of settings';
    return { values: {}, faults: [{ message, remedy: 'Write for example `profile: portable`.' }] };
  }
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [key, value] of Object.entries(content)) {
    const setting = allSettings.find(one => one.key === key);
    try {
      if (key === '$schema') continue;
      if (setting === undefined) throw new InvalidArgumentError('There is no such setting.');
      const parsed = parseSetting(setting, value);
      values[key] = key === 'with' ? (parsed as string[]).map(path => moved(path, folder, cwd)) : parsed;
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const remedy =
        setting === undefined ? `Settings are ${allSettings.map(one => one.key).join(', ')}.` : '';
      faults.push({ message: `${key}: ${error.message}`, remedy });
    }
  }
  return { values, faults };
}

function parseSetting({ type, parse = (text: string) => text }: Setting, value: unknown): unknown {
  switch (type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw new InvalidArgumentError('Write true or false.');
      return value;
    case 'number':
      if (typeof value !== 'number') throw new InvalidArgumentError('Write a number.');
      return parse(String(value), undefined as never);
    case 'string':
      // 1.4 is a number to YAML.
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new InvalidArgumentError('Write a text.');
      return parse(String(value), undefined as never);
    case 'list': {
      if (!Array.isArray(value) || !value.every(item => typeof item === 'string'))
        throw new InvalidArgumentError('Write a list of texts.');
      const items: readonly string[] = value;
      return items.reduce<unknown>((before, item) => parse(item, before as never), undefined) ?? [];
    }
  }
}

function moved(path: string, folder: string, cwd: string): string {
  return shownPath(resolve(folder, path), cwd, path) || '.';
}
