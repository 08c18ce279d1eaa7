import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { printResources } from '../../6-emit/print.ts';
import { count } from '../../print/summary.ts';
import { visible } from '../../print/visible.ts';
import { textReport } from '../../reporters/text.ts';
import { createSession, type Role } from '../../session.ts';
import { clusterOf } from '../cluster/flags.ts';
import { asInputs } from '../cluster/read.ts';
import { type ExitCode, exitCodeOf } from '../exit-code.ts';
import { findFiles } from '../files/files.ts';
import { trackedIn } from '../files/git.ts';
import { type Inputs, readInputs } from '../files/read.ts';
import { withConfig } from '../flags/config.ts';
import { colorFlag, toOptions } from '../flags/flags.ts';
import { type Problem, Refusal } from '../problem.ts';
import { paletteFor, type World } from '../world.ts';
import type { ConvertFlags } from './convert.ts';
import { tell } from './converting.ts';
import { nothingFound } from './run-convert.ts';
import { type News, nothingShown, whatIsNew } from './what-is-new.ts';

/**
 * Converts, and converts again whenever a file of the paths or of the configuration changes: of the objects and the
 * diagnostics those are printed that are new. A file that is gone or does not parse any more is told of, and nothing of
 * it is kept. With `--with-cluster` the cluster is read once, at the start.
 *
 * @returns what the last conversion came to, once nobody looks any more
 * @throws Refusal when flags and paths do not go together at the start; later it is told, and the choices stay
 */
export async function runWatch(
  paths: readonly string[],
  given: ConvertFlags,
  world: World,
): Promise<ExitCode> {
  refuseStandardInput(paths);
  let flags = withConfig(given, world);
  const cluster = flags.withCluster === true ? asInputs(await clusterOf(flags, world)) : undefined;
  if (cluster !== undefined && flags.quiet !== true)
    world.stderr.write('Changes in the cluster are not watched: start again to read it anew.\n');
  let session = createSession(toOptions(flags));
  let texts: ReadonlyMap<string, Held> = new Map();
  let stamp = '';
  let shown = nothingShown;
  let told: readonly Problem[] = [];
  let misread: readonly Problem[] = [];
  let code: ExitCode = 0;
  let isFirst = true;
  for await (const _ of world.looks ?? nowAndThen()) {
    const settled = settle(given, flags, world);
    const isOther = JSON.stringify(toOptions(settled.flags)) !== JSON.stringify(toOptions(flags));
    flags = settled.flags;
    const now = stampOf(paths, flags, world);
    if (now === stamp && !isOther && isSame(settled.problems, misread)) continue;
    stamp = now;
    misread = settled.problems;
    const { held, inputs, problems } = await readAll(paths, flags, world, cluster);
    if (isOther) session = createSession(toOptions(flags));
    const changed = changedPaths(isOther ? new Map() : texts, held);
    for (const path of changed) {
      const file = held.get(path);
      session.update(path, file?.text, file?.role);
    }
    texts = held;
    const unread = [...settled.problems, ...problems];
    const isToldAlready = isSame(unread, told);
    tell(isToldAlready ? [] : unread, world, flags);
    told = unread;
    // Files were touched, and hold what they held.
    if (!isFirst && !isOther && changed.length === 0 && isToldAlready) continue;
    const conversion = session.conversion();
    const news = whatIsNew(conversion, shown);
    shown = news.shown;
    code = unread.length > 0 ? 2 : exitCodeOf(conversion);
    const palette = paletteFor(world.stderr, colorFlag(flags), world.env);
    const quiet = flags.quiet === true;
    const textOf = (path: string) => held.get(path)?.text;
    if (news.changed.length > 0)
      world.stdout.write(`${isFirst ? '' : '---\n'}${printResources(news.changed)}`);
    // The summary of everything is for the first look alone.
    const said = isFirst ? conversion : { ...conversion, resources: [], diagnostics: news.said };
    world.stderr.write(textReport(said, textOf, { palette, quiet }));
    const notes = isFirst ? nothingFound(conversion, inputs) : linesOf(changed.length, news);
    if (!quiet) for (const line of notes) world.stderr.write(`${line}\n`);
    isFirst = false;
  }
  return code;
}

/** @throws Refusal for what cannot change */
function refuseStandardInput(paths: readonly string[]): void {
  if (!paths.includes('-')) return;
  throw new Refusal({
    path: '-',
    message: 'the standard input cannot be used with --watch',
    remedy: 'It is read once and does not change. Name files or folders.',
  });
}

/** A file is looked at so often at most, in milliseconds; where looking takes long, it is nine tenths waiting. */
const PAUSE = 300;

async function* nowAndThen(): AsyncGenerator<void, void, undefined> {
  for (;;) {
    const start = performance.now();
    yield;
    await sleep(Math.max(PAUSE, 9 * (performance.now() - start)));
  }
}

/** @returns the flags with what the configuration file says now; as before where it says what no flag could */
function settle(
  given: ConvertFlags,
  before: ConvertFlags,
  world: World,
): { readonly flags: ConvertFlags; readonly problems: readonly Problem[] } {
  try {
    return { flags: withConfig(given, world), problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { flags: before, problems: error.problems };
  }
}

/** @returns a text that changes with every file that is found */
function stampOf(paths: readonly string[], flags: ConvertFlags, world: World): string {
  const options = { ignoreFiles: flags.ignore, exclude: flags.exclude };
  const tracked = (folder: string) => trackedIn(folder, world);
  const found = [
    findFiles(paths, world.cwd, { ...options, tracked }),
    findFiles(flags.with ?? [], world.cwd),
  ];
  return found
    .flatMap(({ files, beside }) => [...files, ...beside].map(({ absolute }) => absolute))
    .map(absolute => {
      const { mtimeMs, ctimeMs, size, ino } = statSync(absolute, { throwIfNoEntry: false }) ?? {};
      return JSON.stringify([absolute, mtimeMs, ctimeMs, size, ino]);
    })
    .join('\n');
}

interface Held {
  readonly text: string;
  readonly role: Role;
}

async function readAll(
  paths: readonly string[],
  flags: ConvertFlags,
  world: World,
  cluster: Inputs | undefined,
): Promise<{
  readonly held: ReadonlyMap<string, Held>;
  readonly inputs: Inputs;
  readonly problems: readonly Problem[];
}> {
  const inputs = await readInputs(paths, world, { ignoreFiles: flags.ignore, exclude: flags.exclude });
  const facts = await readInputs(flags.with ?? [], world);
  // The later ones count: a file that is converted is no mere fact.
  const held = new Map<string, Held>([
    ...(cluster?.read ?? []).map(({ path, source: { text } }) => [path, { text, role: 'facts' }] as const),
    ...inputs.beside.map(({ path, text }) => [path, { text, role: 'beside' }] as const),
    ...facts.read.map(({ path, source: { text } }) => [path, { text, role: 'facts' }] as const),
    ...inputs.read.map(({ path, source: { text } }) => [path, { text, role: 'input' }] as const),
  ]);
  return { held, inputs, problems: [...inputs.problems, ...facts.problems] };
}

function changedPaths(before: ReadonlyMap<string, Held>, now: ReadonlyMap<string, Held>): readonly string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter(path => {
    const [then, file] = [before.get(path), now.get(path)];
    return then?.text !== file?.text || then?.role !== file?.role;
  });
}

function isSame(some: readonly Problem[], others: readonly Problem[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

function linesOf(files: number, { changed, gone, said, settled }: News): readonly string[] {
  return [
    ...gone.map(({ kind, namespace, name }) => visible(`${kind} ${namespace}/${name} is gone.`)),
    ...settled.map(({ severity, code, message }) => visible(`No longer: ${severity}[${code}] ${message}`)),
    `${count(files, 'file')} changed: ${count(changed.length, 'object')} new or changed, ${gone.length} gone; ${count(said.length, 'diagnostic')} new, ${settled.length} no longer.`,
  ];
}
