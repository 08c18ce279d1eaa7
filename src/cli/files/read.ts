import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isKustomizationFile } from '../../1-read/manifests.ts';
import { MAX_FILE_SIZE } from '../../1-read/read-file.ts';
import { mayMatter } from '../../1-read/relevance.ts';
import { mayName } from '../../1-read/unread-text.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { explainError, type Problem } from '../problem.ts';
import { noProgress, type Progress } from '../progress.ts';
import type { World } from '../world.ts';
import { isTemplateFile, readBeside } from './beside.ts';
import { type FindOptions, type FoundFile, findFiles } from './files.ts';
import { trackedIn } from './git.ts';

/** A file with its text. */
export interface ReadFile extends FoundFile {
  readonly source: SourceFile;
}

/** Everything that paths lead to. */
export interface Inputs {
  readonly read: readonly ReadFile[];
  /** Found, but without anything that matters here. */
  readonly passed: readonly FoundFile[];
  /** Found, but not read; `problems` says why. */
  readonly unread: readonly FoundFile[];
  /** Texts that are no manifests and may name objects; they are no input. */
  readonly beside: readonly SourceFile[];
  /** Templates and sources of generators outside of hidden folders; their texts are read by those who compare them. */
  readonly sources: readonly Pick<FoundFile, 'path' | 'absolute'>[];
  readonly problems: readonly Problem[];
}

/**
 * Reads what paths on a command line lead to. A file that cannot be read is a problem, and the rest is read. Bytes that are
 * not UTF-8 become U+FFFD, which the reading phase reports.
 *
 */
export async function readInputs(
  paths: readonly string[],
  world: World,
  options: FindOptions = {},
  progress: Progress = noProgress,
): Promise<Inputs> {
  const {
    files,
    beside: others,
    problems,
  } = findFiles(paths, world.cwd, {
    ...options,
    base: world.baseSettings,
    tracked: folder => trackedIn(folder, world),
  });
  const read: ReadFile[] = [];
  const passed: FoundFile[] = [];
  const unread: FoundFile[] = [];
  const more: Problem[] = [];
  const beside: SourceFile[] = [];
  const readIfRelevant = relevantReader();
  for (const [index, file] of files.entries()) {
    progress.at('Reading', index, files.length);
    try {
      const text = file.path === '-' ? await readStream(world.stdin) : readIfRelevant(file.absolute);
      if (text === 'too large') {
        unread.push(file);
        more.push(tooLarge(file.path));
      } else if (text === undefined) passed.push(file);
      else if (text.isBeside === true) {
        passed.push(file);
        beside.push({ path: file.path, text: text.text });
      } else read.push({ ...file, source: { path: file.path, text: text.text } });
    } catch (error) {
      unread.push(file);
      const remedy = 'Make the file readable, or leave it out.';
      more.push({ path: file.path, message: `cannot be read: ${explainError(error)}`, remedy });
    }
  }
  beside.push(...others.flatMap(({ absolute, path }) => readBeside(absolute, path) ?? []));
  const sources = others.filter(({ path }) => isSource(path));
  return { read, passed, unread, beside, sources, problems: [...problems, ...more] };
}

/** Whether a path leads to a template or a source of a generator, and through no hidden folder. */
function isSource(path: string): boolean {
  return isTemplateFile(path) && !path.split('/').some(part => /^\.[^.]/.test(part));
}

type Text = { readonly text: string; readonly isBeside?: boolean } | 'too large';

function tooLarge(path: string): Problem {
  return {
    path,
    message: `is larger than ${MAX_FILE_SIZE / 1_000_000} MB and was not read`,
    remedy:
      'A file of this size is a dump. Pass the manifests themselves, or split the file at its `---` lines.',
  };
}

/** How much of a file is read at once, which for manifests is all of it. */
const CHUNK_SIZE = 1 << 20;

/** @returns a reader, with a buffer of its own, that says undefined of a file in which nothing matters */
function relevantReader(): (absolute: string) => Text | undefined {
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
function relevant(buffer: Buffer, length: number, path: string): Text | undefined {
  const text = buffer.toString('latin1', 0, length);
  const decoded = (): string => buffer.toString('utf8', 0, length);
  if (isKustomizationFile(path) || mayMatter(text)) return { text: decoded() };
  return mayName({ path, text }) ? { text: decoded(), isBeside: true } : undefined;
}

/** The size of a pipe shows only at its end. */
function readOn(descriptor: number, start: Buffer): Text {
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

async function readStream(stream: AsyncIterable<Uint8Array | string>): Promise<Text> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_FILE_SIZE) return 'too large';
    chunks.push(bytes);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}
