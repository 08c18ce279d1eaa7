import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { MAX_FILE_SIZE } from '../1-read/read-file.ts';
import type { SourceFile } from '../1-read/source.ts';
import { type FoundFile, findFiles } from './files.ts';
import { explainError, type Problem } from './problem.ts';
import type { World } from './world.ts';

/** A file with its text. */
export interface ReadFile extends FoundFile {
  readonly source: SourceFile;
}

/** Everything that paths lead to. */
export interface Inputs {
  readonly read: readonly ReadFile[];
  /** Found, but not read; `problems` says why. */
  readonly unread: readonly FoundFile[];
  readonly problems: readonly Problem[];
}

/**
 * Reads what paths on a command line lead to. What cannot be read is a problem, and the rest is read. Bytes that are
 * not UTF-8 become U+FFFD, which the reading phase reports.
 *
 * @param excluded a folder that is passed over
 */
export async function readInputs(paths: readonly string[], world: World, excluded?: string): Promise<Inputs> {
  const { files, problems } = findFiles(paths, world.cwd, excluded);
  const read: ReadFile[] = [];
  const unread: FoundFile[] = [];
  const more: Problem[] = [];
  for (const file of files) {
    try {
      const text = file.path === '-' ? await readStream(world.stdin) : readText(file.absolute);
      if (text === undefined) {
        unread.push(file);
        more.push(tooLarge(file.path));
      } else read.push({ ...file, source: { path: file.path, text } });
    } catch (error) {
      unread.push(file);
      const remedy = 'Make the file readable, or leave it out.';
      more.push({ path: file.path, message: `cannot be read: ${explainError(error)}`, remedy });
    }
  }
  return { read, unread, problems: [...problems, ...more] };
}

function tooLarge(path: string): Problem {
  return {
    path,
    message: `is larger than ${MAX_FILE_SIZE / 1_000_000} MB and was not read`,
    remedy:
      'A file of this size is a dump. Pass the manifests themselves, or split the file at its `---` lines.',
  };
}

/** @returns undefined for more than anybody writes as a manifest */
function readText(absolute: string): string | undefined {
  const stats = statSync(absolute);
  // The size of a pipe, as in `vs2route convert <(kubectl get vs -o yaml)`, shows only at its end.
  if (!stats.isFile()) return readPipe(absolute);
  return stats.size > MAX_FILE_SIZE ? undefined : readFileSync(absolute, 'utf8');
}

function readPipe(absolute: string): string | undefined {
  const descriptor = openSync(absolute, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= MAX_FILE_SIZE; ) {
      const chunk = Buffer.alloc(65536);
      const length = readSync(descriptor, chunk);
      if (length === 0) return Buffer.concat(chunks).toString('utf8');
      chunks.push(chunk.subarray(0, length));
      size += length;
    }
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

async function readStream(stream: AsyncIterable<Uint8Array | string>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_FILE_SIZE) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
