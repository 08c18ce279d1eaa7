import type { SourceFile } from '../../yaml/source.ts';
import type { Chosen } from './choices.ts';
import type { Document } from './editor.tsx';
import { fragmentOf, sharedIn } from './share.ts';

/** The state that somebody works on. */
export interface Work {
  readonly documents: readonly Document[];
  /** The document in the editor. */
  readonly active: number;
  readonly chosen: Chosen;
}

const STORAGE = 'vs2route playground';

let lastId = 0;

/** @returns files as documents of the editor; one empty document where there is none */
export function workOn(files: readonly SourceFile[], chosen: Chosen): Work {
  const documents = (files.length === 0 ? [{ path: 'manifests.yaml', text: '' }] : files).map(documentOf);
  return { documents, active: documents[0]?.id ?? 0, chosen };
}

/** Adds files; one of the same name takes the place of the other. */
export function withFiles(work: Work, files: readonly SourceFile[]): Work {
  const added = files.map(documentOf);
  const [first] = added;
  if (first === undefined) return work;
  const taken = new Set(added.map(({ path }) => path));
  const kept = work.documents.filter(({ path, text }) => !taken.has(path) && text !== '');
  return { ...work, documents: [...kept, ...added], active: first.id };
}

export function withText(work: Work, id: number, text: string): Work {
  return { ...work, documents: work.documents.map(one => (one.id === id ? { ...one, text } : one)) };
}

/** Takes a document away; the last one leaves an empty one. */
export function without(work: Work, id: number): Work {
  const at = work.documents.findIndex(one => one.id === id);
  const documents = work.documents.filter(one => one.id !== id);
  if (documents.length === 0) return workOn([], work.chosen);
  const next = documents[Math.min(at, documents.length - 1)]?.id ?? 0;
  return { ...work, documents, active: work.active === id ? next : work.active };
}

/** @returns a name that no document has */
export function freePath({ documents }: Work): string {
  const taken = new Set(documents.map(({ path }) => path));
  for (let number = documents.length + 1; ; number += 1)
    if (!taken.has(`manifests-${number}.yaml`)) return `manifests-${number}.yaml`;
}

function documentOf({ path, text }: SourceFile): Document {
  lastId += 1;
  return { id: lastId, path, text };
}

/** Keeps the work for as long as the tab is open. */
export function keep({ documents, chosen }: Work): void {
  try {
    sessionStorage.setItem(STORAGE, fragmentOf({ files: documents, chosen }));
  } catch {
    // A browser may keep nothing for pages from the disk, or may have no room left.
  }
}

/** @returns the work of this tab before it was loaded anew */
export function keptWork(): Work | undefined {
  try {
    const shared = sharedIn(sessionStorage.getItem(STORAGE) ?? '');
    return shared === undefined || shared === 'damaged' ? undefined : workOn(shared.files, shared.chosen);
  } catch {
    return undefined;
  }
}
