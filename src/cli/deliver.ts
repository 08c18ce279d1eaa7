import { applyEdits } from '../6-emit/apply-edits.ts';
import { groupBy } from '../6-emit/group-by.ts';
import { printResources } from '../6-emit/print.ts';
import type { Conversion } from '../conversion.ts';
import { formatNumber } from '../reporters/summary.ts';
import { visible } from '../reporters/visible.ts';
import { writeTree } from './output-tree.ts';
import { explainError, type Problem } from './problem.ts';
import type { Inputs } from './read.ts';
import { type Change, makeChange, refusalOf } from './write.ts';

/** What happened to the result of a conversion. */
export interface Delivery {
  readonly problems: readonly Problem[];
  /** Lines for people. */
  readonly notes: readonly string[];
}

/** @returns the objects that a conversion produces as a YAML stream; empty when there are none */
export function printOutputs(conversion: Conversion): string {
  return printResources(conversion.outputs.map(({ resource }) => resource));
}

/** Edits the files in place: all of them or, when something speaks against one, none. */
export function writeInPlace(conversion: Conversion, inputs: Inputs): Delivery {
  const { changes, notes } = plan(conversion, inputs);
  const refusals = changes.flatMap(change => refusalOf(change) ?? []);
  if (refusals.length > 0) return { problems: refusals, notes: ['No file was written.'] };
  const problems: Problem[] = [];
  const done: Change[] = [];
  // What goes goes last: should something interrupt us, its traffic is not lost, and a second run deletes it.
  for (const change of changes.toSorted((a, b) => Number(isDeletion(a)) - Number(isDeletion(b)))) {
    try {
      makeChange(change);
      done.push(change);
    } catch (error) {
      const message = `cannot be written: ${explainError(error)}`;
      const remedy = 'The file is as it was. Mend this and run the command again: it will do the rest.';
      problems.push({ path: change.file.path, message, remedy });
      break;
    }
  }
  const deleted = done.filter(isDeletion).length;
  const left = changes.length - done.length;
  return {
    problems,
    notes: [
      ...notes,
      `${count(done.length - deleted, 'file')} edited, ${formatNumber(deleted)} deleted${left > 0 ? `, ${formatNumber(left)} left to do` : ''}.`,
    ],
  };
}

/** Writes the edited tree to another folder. */
export function writeElsewhere(
  conversion: Conversion,
  inputs: Inputs,
  folder: { readonly absolute: string; readonly shown: string; readonly base: string },
): Delivery {
  const { changes, notes } = plan(conversion, inputs);
  const files = [...inputs.read, ...inputs.unread];
  const { problems, leftovers } = writeTree(folder.absolute, folder.base, files, changes);
  const deleted = changes.filter(isDeletion).length;
  const written = files.length - deleted - problems.length;
  return {
    problems,
    notes: [
      ...notes,
      ...leftovers.map(path => `${visible(path)} was there before and stays; no input stands behind it.`),
      `${count(written, 'file')} written to ${visible(folder.shown)}: ${formatNumber(changes.length - deleted)} edited, ${formatNumber(deleted)} left out.`,
    ],
  };
}

function plan(
  conversion: Conversion,
  { read }: Inputs,
): { readonly changes: readonly Change[]; readonly notes: readonly string[] } {
  const edits = groupBy(conversion.edits, edit => edit.source.document.file.path);
  const edited = read.flatMap(file => {
    const { text, lostComments } = applyEdits(file.source, edits.get(file.path) ?? []);
    return text === file.source.text ? [] : [{ file, text, lostComments }];
  });
  return {
    changes: edited,
    notes: edited.flatMap(({ file, lostComments }) =>
      lostComments.length === 0
        ? []
        : [
            `${visible(file.path)}: these comments went with the fields they stood at:`,
            ...lostComments.map(comment => `  ${visible(comment)}`),
          ],
    ),
  };
}

function isDeletion({ text }: Change): boolean {
  return text === undefined;
}

function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
