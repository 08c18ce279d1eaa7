import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import ignore, { type Ignore, type Options } from 'ignore';
import { type BaseSettings, settingText } from './base-settings.ts';

/** The rules of one file of patterns for everything below its folder. */
interface Rules {
  readonly folder: string;
  readonly forFiles: Pick<Ignore, 'test'>;
  readonly forFolders: Pick<Ignore, 'test'>;
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

/**
 * The `ignore` package takes what lies in an ignored folder for ignored. But a file of patterns further in may
 * have let that folder in again, which these patterns cannot know, so the last one here lets in all folders.
 * A folder itself is asked for as a file, without the slash that ends a pattern for folders alone, as git strips it.
 */
function rulesOf(folder: string, lines: readonly string[]): Rules {
  const patterns = lines.map(inBytes);
  return {
    folder,
    forFiles: ignore(likeGit).add([...patterns, '!*/']),
    forFolders: ignore(likeGit).add([...patterns.map(line => line.replace(/\/(?=\s*$)/, '')), '!*/']),
  };
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
  return text === undefined ? chain : [...chain, rulesOf(folder, text.split(/\r?\n/))];
}

/** @returns what the folders above a folder say, from the top of its repository on; nothing outside of one */
export function rulesAbove(folder: string, base?: BaseSettings): RuleChain {
  const top = repositoryOf(folder);
  if (top === undefined || top === folder) return top === undefined ? [] : infoOf(top);
  const folders: string[] = [];
  for (let below = folder; below !== top; below = dirname(below)) folders.unshift(below);
  let chain = infoOf(top);
  for (const below of folders) {
    chain = withRulesOf(dirname(below), chain, base);
    // A folder that somebody names is read, whoever ignores it or a folder around it.
    if (saysIgnored(chain, below, true)) return [];
  }
  return chain;
}

function infoOf(top: string): RuleChain {
  return withRulesOf(join(top, '.git', 'info'), [], undefined, 'exclude').map(rules => ({
    ...rules,
    folder: top,
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

function test(
  { folder, forFiles, forFolders }: Rules,
  absolute: string,
  isFolder: boolean,
): boolean | undefined {
  const start = folder.endsWith(sep) ? folder.length : folder.length + 1;
  const path = inBytes(absolute.slice(start).split(sep).join('/'));
  const { ignored, unignored } = (isFolder ? forFolders : forFiles).test(path);
  return ignored ? true : unignored ? false : undefined;
}

/** @returns rules from patterns of a command line, for paths below a folder and for all that lies in what they ignore */
export function rulesFrom(patterns: readonly string[], folder: string): RuleChain {
  if (patterns.length === 0) return [];
  const rules = ignore(likeGit).add(patterns.map(inBytes));
  return [{ folder, forFiles: rules, forFolders: { test: path => rules.test(`${path}/`) } }];
}
