import type { UnreadText } from './1-read/unread-text.ts';
import type { AnyResource } from './2-decode/resource.ts';
import { groupByEach } from './3-link/group-by.ts';
import { unreadTexts } from './3-link/unread-texts.ts';
import type { Finding } from './diagnostics/diagnostic.ts';
import { collect } from './diagnostics/locate.ts';
import { type ReadFile, readResources } from './read-resources.ts';
import type { SourceFile } from './yaml/source.ts';

/** The objects of texts of which there is nothing to say but by converting them. */
export interface PlainFiles {
  /** @returns the objects of a text; undefined where something was said of it, or some of it was not read */
  readonly of: (file: SourceFile) => readonly AnyResource[] | undefined;
  readonly set: (before: SourceFile, after: SourceFile, resources: readonly AnyResource[]) => void;
}

/** Puts objects by their texts, when somebody first asks. */
export function plainFiles(
  resources: readonly AnyResource[],
  findings: readonly Finding[],
  unread: readonly UnreadText[],
): PlainFiles {
  let known: Map<SourceFile, readonly AnyResource[]> | undefined;
  const work = (): Map<SourceFile, readonly AnyResource[]> => {
    const told = new Set([
      ...findings.flatMap(({ place, related }) => [place, ...related.map(one => one.place)]).map(pathOf),
      ...unread.map(({ path }) => path),
    ]);
    return new Map(
      groupByEach(resources, ({ source }) => {
        const file = source?.document.file;
        return file === undefined || told.has(file.path) ? [] : [file];
      }),
    );
  };
  return {
    of: file => {
      known ??= work();
      return known.get(file);
    },
    set: (before, after, read) => {
      known ??= work();
      known.delete(before);
      known.set(after, read);
    },
  };
}

function pathOf({ file }: Finding['place']): string {
  return file.path;
}

/** @returns the objects of a text by itself; undefined where there is something to say of it, or some of it is not read */
export function readPlain(
  file: SourceFile,
  namespace: string,
  read: (file: SourceFile) => ReadFile,
): readonly AnyResource[] | undefined {
  const { report, findings } = collect();
  const resources = readResources([file], namespace, report, read);
  return findings.length > 0 || unreadTexts([file], resources, findings).length > 0 ? undefined : resources;
}
