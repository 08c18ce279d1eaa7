import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';
import { readResources } from '../../read-resources.ts';
import { baseFiles, mayRemoveUses } from '../../suggest/base-files.ts';
import { type CodeOwners, ownersFiles, parseCodeOwners } from '../../suggest/code-owners.ts';
import { baseTextOf, type DiffFile } from '../../suggest/diff.ts';
import { earlierObjects } from '../../suggest/earlier-objects.ts';
import { type LeftAlone, leftAlone } from '../../suggest/left-alone.ts';
import { missingDestinations } from '../../suggest/missing-destinations.ts';
import { removedUses } from '../../suggest/removed-uses.ts';
import type { SelectionContext } from '../../suggest/selection.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { toOptions } from '../flags/flags.ts';
import type { PullInputs } from './pull-inputs.ts';

/** The parts of a pull request's target that decide, besides the diff. */
export type PullContext = Pick<SelectionContext, 'owners' | 'leaves' | 'losses' | 'wasThere' | 'missing'>;

/**
 * Looks at what the target of a pull request says: whose files are whose, what is to stay, and what was there before.
 *
 * @param root where the paths of the diff start
 */
export function pullContext(
  { files, facts, flags }: PullInputs,
  diff: readonly DiffFile[] | undefined,
  root: string,
): PullContext {
  const context = { owners: codeOwners(diff ?? [], root), leaves: leavesOf(flags.keep) };
  const before = diff === undefined ? undefined : baseFiles(diff, files);
  if (diff === undefined || before === undefined)
    return { ...context, losses: [], wasThere: undefined, missing: new Map() };
  const { namespace } = toOptions(flags);
  const objectsOf = (some: readonly SourceFile[]) => readResources(some, namespace, () => undefined);
  const moved = new Map(diff.map(({ path, oldPath = path }) => [oldPath, path]));
  const changed = new Set(diff.flatMap(({ path, oldPath = path }) => [path, oldPath]));
  const isChanged = ({ path }: SourceFile): boolean => changed.has(path);
  const wasThere = earlierObjects(
    objectsOf(before.filter(isChanged)),
    objectsOf([...files.values()].filter(isChanged)),
    path => moved.get(path) ?? path,
  );
  const changesList = [...files.values()].some(
    file => isChanged(file) && /\bkind["']?\s*:\s*["']?VirtualService\b/.test(file.text),
  );
  const mayLose = mayRemoveUses(diff, before);
  if (!mayLose && !changesList) return { ...context, losses: [], wasThere, missing: new Map() };
  const [old, now] = [before, [...files.values()]].map(some => objectsOf([...some, ...facts]));
  const sides = [old ?? [], now ?? []] as const;
  return {
    ...context,
    losses: mayLose ? removedUses(...sides) : [],
    wasThere,
    missing: missingDestinations(...sides),
  };
}

/** Whether a file is one whose VirtualServices are to stay, as patterns say. */
export function leavesOf(patterns: readonly string[] | undefined): LeftAlone {
  if (patterns === undefined || patterns.length === 0) return leftAlone();
  const kept = ignore({ allowRelativePaths: true }).add([...patterns]);
  return leftAlone(path => kept.ignores(path));
}

/** The CODEOWNERS file as the target has it: a pull request does not say whose files are whose. */
export function codeOwners(diff: readonly DiffFile[], root: string): CodeOwners | undefined {
  for (const path of ownersFiles) {
    const text = textBefore(path, diff, root);
    if (text !== undefined) return parseCodeOwners(text);
  }
  return undefined;
}

function textBefore(path: string, diff: readonly DiffFile[], root: string): string | undefined {
  const file = diff.find(({ path: now, oldPath = now }) => oldPath === path || now === path);
  if (file === undefined) {
    const absolute = join(root, path);
    return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
  }
  if (file.status === 'added' || (file.oldPath ?? file.path) !== path) return undefined;
  const now = file.status === 'deleted' ? '' : readFileSync(join(root, file.path), 'utf8');
  return baseTextOf(file, now);
}
