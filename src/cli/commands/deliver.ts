import { isKustomizationFile } from '../../1-read/manifests.ts';
import { printResources } from '../../6-emit/print.ts';
import type { Conversion } from '../../conversion.ts';
import { count, formatNumber } from '../../print/summary.ts';
import { visible } from '../../print/visible.ts';
import type { Change } from '../files/changes.ts';
import { beginJournal } from '../files/journal.ts';
import type { JournalPlace } from '../files/journal-place.ts';
import { writeTree } from '../files/output-tree.ts';
import type { Inputs } from '../files/read.ts';
import { makeChange, refusalOf } from '../files/write.ts';
import { explainError, type Problem } from '../problem.ts';
import type { Progress } from '../progress.ts';

/** The fate of the result of a conversion. */
export interface Delivery {
  readonly problems: readonly Problem[];
  /** Lines for people. */
  readonly notes: readonly string[];
}

/** So many objects are printed at a time: the text of all of them can be as large as everything that was read. */
const AT_A_TIME = 100;

/** @returns the objects that a conversion produces as a YAML stream, in pieces; none when there are none */
export function* printOutputs({ outputs }: Conversion): Generator<string, void, undefined> {
  for (let from = 0; from < outputs.length; from += AT_A_TIME) {
    const resources = outputs.slice(from, from + AT_A_TIME).map(({ resource }) => resource);
    yield `${from === 0 ? '' : '---\n'}${printResources(resources)}`;
  }
}

/**
 * Edits the files in place: all of them or, when something speaks against one, none.
 *
 * @param journal where it is written down what is going to happen
 * @throws Refusal when another run is at work
 */
export function writeInPlace(
  unsorted: readonly Change[],
  journal: JournalPlace,
  progress: Progress,
): Delivery {
  const changes = unsorted.toSorted((a, b) => turnOf(a) - turnOf(b));
  const { warning, end } = beginJournal(journal, changes);
  // Asked once the journal is there, so that no other run can come between.
  const refusals = changes.flatMap(change => refusalOf(change) ?? []);
  if (refusals.length > 0) {
    end();
    return { problems: refusals, notes: ['No file was written.'] };
  }
  const problems: Problem[] = [];
  const done: Change[] = [];
  for (const change of changes) {
    try {
      makeChange(change);
      done.push(change);
      progress.at('Writing', done.length, changes.length);
    } catch (error) {
      const message = `cannot be written: ${explainError(error)}`;
      const remedy = 'The file is as it was. Mend this and run the command again: it will do the rest.';
      problems.push({ path: change.file.path, message, remedy });
      break;
    }
  }
  if (done.length === 0 || problems.length === 0) end();
  const left = changes.length - done.length;
  const counts = [
    `${count(done.filter(({ text }) => text !== undefined).length, 'file')} edited`,
    ...(done.some(isRenaming) ? [`${formatNumber(done.filter(isRenaming).length)} of them renamed`] : []),
    `${formatNumber(done.filter(isDeletion).length)} deleted`,
    ...(left > 0 ? [`${formatNumber(left)} left to do`] : []),
  ];
  const warnings = warning === undefined ? [] : [warning];
  return { problems, notes: [...warnings, ...lostComments(unsorted), `${counts.join(', ')}.`] };
}

/**
 * When a change is made. Should something interrupt us, no traffic is lost, and no kustomization lists a file that is
 * not there: what goes is listed no longer before it goes, and it goes when what takes its place is there.
 */
function turnOf(change: Change): number {
  if (isDeletion(change)) return 3;
  if (isKustomizationFile(change.file.path)) return 2;
  return isRenaming(change) ? 1 : 0;
}

/** Writes the edited tree to another folder. */
export function writeElsewhere(
  changes: readonly Change[],
  inputs: Inputs,
  folder: { readonly absolute: string; readonly shown: string; readonly base: string },
): Delivery {
  const files = [...inputs.read, ...inputs.passed, ...inputs.unread];
  const { problems, leftovers } = writeTree(folder.absolute, folder.base, files, changes);
  const deleted = changes.filter(isDeletion).length;
  const written = files.length - deleted - problems.length;
  return {
    problems,
    notes: [
      ...lostComments(changes),
      ...leftovers.map(path => `${visible(path)} was there before and stays; no input stands behind it.`),
      `${count(written, 'file')} written to ${visible(folder.shown)}: ${formatNumber(changes.length - deleted)} edited, ${formatNumber(deleted)} left out.`,
    ],
  };
}

/** @returns lines about comments that have no place in the result; those of subsets go to other files with their Services */
export function lostComments(changes: readonly Change[]): readonly string[] {
  const isSomewhere = (comment: string): boolean =>
    changes.some(({ text }) => text?.includes(`${comment}\n`) ?? false);
  return changes.flatMap(({ file, lostComments: all }) => {
    const lost = all.filter(comment => !isSomewhere(comment));
    if (lost.length === 0) return [];
    return [
      `${visible(file.path)}: these comments went with the fields they stood at:`,
      ...lost.map(comment => `  ${visible(comment)}`),
    ];
  });
}

function isDeletion({ text }: Change): boolean {
  return text === undefined;
}

function isRenaming({ file, target, text }: Change): boolean {
  return text !== undefined && target !== file.absolute;
}
