import type { SourceFile } from '../../yaml/source.ts';

/** More than this is too much for a page that converts at every key, in characters. */
const MOST_TEXT = 5_000_000;

/** Files that were opened or dropped, and what was left out. */
export interface Loaded {
  readonly files: readonly SourceFile[];
  readonly left: readonly string[];
}

/** Reads files that somebody chose. */
export async function filesIn(list: Iterable<File>): Promise<Loaded> {
  return load([...list].map(file => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Reads what somebody dropped: files, and the manifests of folders. */
export async function droppedIn(transfer: DataTransfer): Promise<Loaded> {
  // The list is only there until the event ends.
  const entries = [...transfer.items].flatMap(item => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesIn(transfer.files);
  const found: Found[] = [];
  for (const entry of entries) found.push(...(await filesBelow(entry, entry.isDirectory)));
  return load(found);
}

interface Found {
  readonly path: string;
  readonly file: File;
}

async function filesBelow(entry: FileSystemEntry, isInFolder: boolean): Promise<readonly Found[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    if (isInFolder && !/\.(?:ya?ml|json)$/i.test(path)) return [];
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Found[] = [];
  for (;;) {
    // A reader gives a hundred entries at a time.
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesBelow(one, true)));
  }
}

async function load(found: readonly Found[]): Promise<Loaded> {
  const files: SourceFile[] = [];
  const left: string[] = [];
  let room = MOST_TEXT;
  for (const { path, file } of found.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if (file.size > room) {
      left.push(`${path} is too large for this page`);
      continue;
    }
    const text = await file.text().catch(() => undefined);
    if (text === undefined) left.push(`${path} cannot be read`);
    else if (text.includes('\0')) left.push(`${path} is no text`);
    else {
      room -= text.length;
      files.push({ path, text });
    }
  }
  return { files, left };
}
