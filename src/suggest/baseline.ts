import { resolveCode } from '../diagnostics/aliases.ts';
import { isRecord } from '../yaml/yaml-node.ts';
import type { Finding } from './check.ts';

/**
 * How many findings of each code each file may have: what was there when somebody began to forbid more of it. Counts
 * outlive lines that move.
 */
export interface Baseline {
  readonly version: 1;
  readonly files: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const emptyBaseline: Baseline = { version: 1, files: {} };

/** A file that has fewer findings of a code than it may have. */
export interface StaleEntry {
  readonly path: string;
  readonly code: string;
  readonly allowed: number;
  readonly found: number;
}

/** Whether a run can tell how many findings of a code a file has: it looked into the file, and counts the code. */
export type Judge = (path: string, code: string) => boolean;

/** Findings held against a baseline. */
export interface Comparison {
  /** Findings that the baseline does not allow. */
  readonly fresh: readonly Finding[];
  /** How many findings it allows. */
  readonly known: number;
  /** Entries of the baseline without a finding. */
  readonly stale: readonly StaleEntry[];
}

/**
 * Takes out what a baseline allows. Where a file has more findings of a code than it may have, nobody can tell which of
 * them are new: those that the pull request touches are named, or all of them where it is not known what it touches.
 */
export function compareToBaseline(
  findings: readonly Finding[],
  { files }: Baseline,
  canJudge: Judge,
): Comparison {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.path, finding.code]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  const fresh = [...groups.values()].flatMap(group => {
    const [first] = group;
    const allowed = first === undefined ? 0 : allowedIn(files, first.path, first.code);
    return group.length > allowed ? group.filter(({ isTouched }) => isTouched) : [];
  });
  const stale = Object.entries(files).flatMap(([path, codes]) =>
    Object.entries(codes).flatMap(([code, allowed]): readonly StaleEntry[] => {
      const found = groups.get(JSON.stringify([path, code]))?.length ?? 0;
      return found < allowed && canJudge(path, code) ? [{ path, code, allowed, found }] : [];
    }),
  );
  return { fresh, known: findings.length - fresh.length, stale };
}

/** Paths come from outside, so that `__proto__` may be among them. */
function allowedIn(files: Baseline['files'], path: string, code: string): number {
  const codes = Object.hasOwn(files, path) ? files[path] : undefined;
  return codes !== undefined && Object.hasOwn(codes, code) ? (codes[code] ?? 0) : 0;
}

/**
 * @param before what it allowed until now; stays for what the run cannot judge
 * @returns the text of a baseline that else allows just these findings, in the order of paths and codes
 */
export function printBaseline(findings: readonly Finding[], before: Baseline, canJudge: Judge): string {
  const counts = new Map<string, Map<string, number>>();
  const add = (path: string, code: string, count: number): void => {
    const codes = counts.get(path) ?? new Map<string, number>();
    codes.set(code, (codes.get(code) ?? 0) + count);
    counts.set(path, codes);
  };
  for (const { path, code } of findings) add(path, code, 1);
  for (const [path, codes] of Object.entries(before.files))
    for (const [code, count] of Object.entries(codes)) if (!canJudge(path, code)) add(path, code, count);
  const sorted = <Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] =>
    [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const files = sorted(counts).map(([path, codes]) => [path, Object.fromEntries(sorted(codes))]);
  return `${JSON.stringify({ version: 1, files: Object.fromEntries(files) }, null, 2)}\n`;
}

/** Codes of earlier versions count as those that they became. */
function withTodaysCodes(files: Baseline['files']): Baseline['files'] {
  return Object.fromEntries(
    Object.entries(files).map(([path, codes]) => {
      const counts = new Map<string, number>();
      for (const [text, count] of Object.entries(codes)) {
        const code = resolveCode(text) ?? text;
        counts.set(code, (counts.get(code) ?? 0) + count);
      }
      return [path, Object.fromEntries(counts)];
    }),
  );
}

/**
 * Reads a baseline.
 *
 * @throws Error that says what is wrong with it
 */
export function parseBaseline(text: string): Baseline {
  const found: unknown = JSON.parse(text);
  const { version, files } = isRecord(found) ? found : { version: undefined, files: undefined };
  if (version !== 1 || !isRecord(files))
    throw new Error('a baseline has the fields `version`, which is 1, and `files`');
  for (const [path, codes] of Object.entries(files)) {
    const isSound =
      isRecord(codes) && Object.values(codes).every(count => Number.isInteger(count) && Number(count) > 0);
    if (!isSound) throw new Error(`${path} is to have codes with numbers from 1 on`);
  }
  return { version, files: withTodaysCodes(files as Baseline['files']) };
}
