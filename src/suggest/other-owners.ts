import type { Part } from './changes.ts';
import type { CodeOwners } from './code-owners.ts';
import type { DiffFile } from './diff.ts';
import type { ChangeItem } from './items.ts';
import { offeredParts } from './offered.ts';

/** A file that a change needs an edit of, and that is somebody else's. */
export interface OtherFile {
  readonly path: string;
  /** Empty where no CODEOWNERS file says whose it is: then it is a Gateway of another folder. */
  readonly owners: readonly string[];
  /** `Gateway edge/public`; empty where no Istio Gateway is edited. */
  readonly gateway: string;
}

/**
 * The files of others that a change has to edit: those with other owners than the VirtualService, and Istio Gateways of another
 * folder. A file that the pull request edits itself is no obstacle: its owners are asked anyway.
 */
export function filesOfOthers(
  item: Pick<ChangeItem, 'main' | 'change'>,
  owners: CodeOwners | undefined,
  diff: readonly DiffFile[] | undefined,
): readonly OtherFile[] {
  const parts = offeredParts(item);
  const own = parts.find(part => hasType(part, 'istio.VirtualService')) ?? item.main;
  const edited = new Set(diff?.map(({ path }) => path));
  const ownersOf = (path: string): readonly string[] => owners?.ownersOf(path) ?? [];
  const mine = ownersOf(own.file.path);
  return parts.flatMap((part): readonly OtherFile[] => {
    const { path } = part.file;
    if (path === own.file.path || edited.has(path)) return [];
    const theirs = ownersOf(path);
    const isOthers =
      theirs.length > 0
        ? !theirs.some(owner => mine.includes(owner))
        : hasType(part, 'istio.Gateway') && isAnotherFolder(path, own.file.path);
    if (!isOthers) return [];
    const gateway = part.resources.find(({ resource }) => resource.type === 'istio.Gateway')?.resource;
    return [
      {
        path,
        owners: theirs,
        gateway: gateway === undefined ? '' : `Gateway ${gateway.namespace}/${gateway.name}`,
      },
    ];
  });
}

function hasType({ resources }: Part, type: string): boolean {
  return resources.some(({ resource }) => resource.type === type);
}

/** Whether neither of two files lies in the folder of the other, or below it. */
function isAnotherFolder(path: string, other: string): boolean {
  const [a, b] = [folderOf(path), folderOf(other)];
  return a !== b && !a.startsWith(b) && !b.startsWith(a);
}

/** With a slash at its end; empty for the top. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
