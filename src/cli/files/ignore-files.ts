import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import ignore, { type Ignore, type Options } from 'ignore';
import { type BaseSettings, settingText } from './base-settings.ts';
import { isInside } from './paths.ts';

/** The rules of one file of patterns for everything below its folder. */
interface Rules {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** As git is set up where file names have no case. */
const likeGit: Options = {
  allowRelativePaths: true,
  ignorecase: process.platform === 'darwin' || process.platform === 'win32',
};

/** To git a `?` is one byte, however many of them make a character. */
function inBytes(text: string): string {
  return /[^\0-\x7F]/.test(text) ? Buffer.from(text).toString('latin1') : text;
}

/** Files of patterns, the outermost first: those further in have the last word. */
export type RuleChain = readonly Rules[];

/** @returns the chain, and what the `.gitignore` of a folder says, if it has one */
export function withRulesOf(
  folder: string,
  chain: RuleChain,
  base: BaseSettings | undefined,
  file = '.gitignore',
): RuleChain {
  const text = settingText(join(folder, file), base);
  return text === undefined ? chain : [...chain, { folder, patterns: ignore(likeGit).add(inBytes(text)) }];
}

/** @returns what the folders above a folder say, from the top of its repository on; nothing outside of one */
export function rulesAbove(folder: string, base?: BaseSettings): RuleChain {
  const top = repositoryOf(folder);
  if (top === undefined || top === folder) return top === undefined ? [] : infoOf(top);
  const folders: string[] = [];
  for (let above = dirname(folder); isInside(above, top); above = dirname(above)) folders.unshift(above);
  const chain = folders.reduce<RuleChain>((rules, above) => withRulesOf(above, rules, base), infoOf(top));
  // A folder that somebody names is read, whoever ignores it.
  return saysIgnored(chain, folder, true) ? [] : chain;
}

function infoOf(top: string): RuleChain {
  return withRulesOf(join(top, '.git', 'info'), [], undefined, 'exclude').map(({ patterns }) => ({
    folder: top,
    patterns,
  }));
}

/** @returns the folder that the repository around a folder is checked out in */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}

/** Whether git would ignore a path whose parent it does not ignore. */
export function saysIgnored(chain: RuleChain, absolute: string, isFolder: boolean): boolean {
  for (let index = chain.length - 1; index >= 0; index -= 1) {
    const rules = chain[index];
    if (rules === undefined) continue;
    const verdict = test(rules, absolute, isFolder);
    if (verdict !== undefined) return verdict;
  }
  return false;
}

function test({ folder, patterns }: Rules, absolute: string, isFolder: boolean): boolean | undefined {
  const start = folder.endsWith(sep) ? folder.length : folder.length + 1;
  const path = inBytes(absolute.slice(start).split(sep).join('/'));
  const { ignored, unignored } = patterns.test(isFolder ? `${path}/` : path);
  return ignored ? true : unignored ? false : undefined;
}

/** @returns rules from patterns of a command line, for paths below a folder */
export function rulesFrom(patterns: readonly string[], folder: string): RuleChain {
  if (patterns.length === 0) return [];
  return [{ folder, patterns: ignore(likeGit).add(patterns.map(inBytes)) }];
}
