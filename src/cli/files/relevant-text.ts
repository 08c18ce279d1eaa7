import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isKustomizationFile } from '../../1-read/manifests.ts';
import { MAX_FILE_SIZE } from '../../1-read/read-file.ts';
import { mayMatter } from '../../1-read/relevance.ts';
import { mayName } from '../../1-read/unread-text.ts';

/** A text in which something may matter; that of a file beside the manifests may name objects, and is no input. */
export type RelevantText = { readonly text: string; readonly isBeside?: boolean } | 'too large';

/** How much of a file is read at once, which for manifests is all of it. */
const CHUNK_SIZE = 1 << 20;

/** @returns a reader, with a buffer of its own, that says undefined of a file in which nothing matters */
export function relevantReader(): (absolute: string) => RelevantText | undefined {
  const buffer = Buffer.allocUnsafe(CHUNK_SIZE);
  return absolute => {
    const descriptor = openSync(absolute, 'r');
    try {
      let length = 0;
      // A pipe, as in `vs2route convert <(kubectl get vs -o yaml)`, comes in pieces.
      for (let more = -1; more !== 0 && length < CHUNK_SIZE; length += more)
        more = readSync(descriptor, buffer, length, CHUNK_SIZE - length, null);
      return length < CHUNK_SIZE ? relevant(buffer, length, absolute) : readOn(descriptor, buffer);
    } finally {
      closeSync(descriptor);
    }
  };
}

/** @param length of the file at the start of the buffer */
function relevant(buffer: Buffer, length: number, path: string): RelevantText | undefined {
  const text = buffer.toString('latin1', 0, length);
  const decoded = (): string => buffer.toString('utf8', 0, length);
  if (isKustomizationFile(path) || mayMatter(text)) return { text: decoded() };
  return mayName({ path, text }) ? { text: decoded(), isBeside: true } : undefined;
}

/** The size of a pipe shows only at its end. */
function readOn(descriptor: number, start: Buffer): RelevantText {
  if (fstatSync(descriptor).size > MAX_FILE_SIZE) return 'too large';
  const chunks = [Buffer.from(start)];
  for (let size = start.length; size <= MAX_FILE_SIZE; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_SIZE);
    const length = readSync(descriptor, chunk);
    if (length === 0) return { text: Buffer.concat(chunks).toString('utf8') };
    chunks.push(chunk.subarray(0, length));
    size += length;
  }
  return 'too large';
}
