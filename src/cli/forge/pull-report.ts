import { dirname, resolve } from 'node:path';
import { printJsonReport } from '../../reporters/json.ts';
import { removeLeftovers } from '../files/temporary-files.ts';
import { replaceFile } from '../files/write.ts';
import { explainError, type Problem } from '../problem.ts';
import type { World } from '../world.ts';
import type { PullInputs } from './pull-inputs.ts';

/** Writes the report that `--report` names. @returns why it could not */
export function writeReport(
  { conversion, problems }: PullInputs,
  { report }: { readonly report?: string },
  { cwd }: World,
): readonly Problem[] {
  if (report === undefined) return [];
  try {
    const unread = problems.map(({ path, message }) => ({ path, message }));
    removeLeftovers([dirname(resolve(cwd, report))]);
    replaceFile(resolve(cwd, report), printJsonReport(conversion, unread));
    return [];
  } catch (error) {
    const message = `the report cannot be written: ${explainError(error)}`;
    return [{ path: report, message, remedy: 'Name a file in a folder that exists and may be written to.' }];
  }
}
