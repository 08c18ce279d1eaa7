import { MAX_FILE_SIZE } from '../../1-read/read-file.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { explainError, type Problem } from '../problem.ts';
import { noProgress, type Progress } from '../progress.ts';
import type { SecondThread } from '../second-thread/second-thread.ts';
import type { World } from '../world.ts';
import { isTemplateFile, readBeside } from './beside.ts';
import { type FindOptions, type FoundFile, findFiles } from './files.ts';
import { trackedIn } from './git.ts';
import { type RelevantText, relevantReader } from './relevant-text.ts';

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

/** So many files are found before a second thread is ready. */
const MANY = 3_000;

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
  let helper: SecondThread | undefined;
  let knowsNothingIn: ReturnType<SecondThread['readAhead']> | undefined;
  const {
    files,
    beside: others,
    problems,
  } = findFiles(paths, world.cwd, {
    ...options,
    base: world.baseSettings,
    tracked: folder => trackedIn(folder, world),
    share: {
      from: MANY,
      ask(...task) {
        helper ??= world.startSecondThread?.();
        return helper?.walk(...task);
      },
    },
    onFound: names => {
      knowsNothingIn = helper?.readAhead(names);
    },
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
      if (knowsNothingIn?.(index) === true) {
        passed.push(file);
        continue;
      }
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
  helper?.end();
  beside.push(...others.flatMap(({ absolute, path }) => readBeside(absolute, path) ?? []));
  const sources = others.filter(({ path }) => isSource(path));
  return { read, passed, unread, beside, sources, problems: [...problems, ...more] };
}

/** Whether a path leads to a template or a source of a generator, and through no hidden folder. */
function isSource(path: string): boolean {
  return isTemplateFile(path) && !path.split('/').some(part => /^\.[^.]/.test(part));
}

function tooLarge(path: string): Problem {
  return {
    path,
    message: `is larger than ${MAX_FILE_SIZE / 1_000_000} MB and was not read`,
    remedy:
      'A file of this size is a dump. Pass the manifests themselves, or split the file at its `---` lines.',
  };
}

async function readStream(stream: AsyncIterable<Uint8Array | string>): Promise<RelevantText> {
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
