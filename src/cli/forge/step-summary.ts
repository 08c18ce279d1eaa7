import { appendFileSync } from 'node:fs';
import { explainError } from '../problem.ts';
import type { World } from '../world.ts';

/**
 * Adds a text in Markdown to the summary of the step, where the job has one.
 *
 * @param tell told of a summary that cannot be written; nothing fails for it
 */
export function appendSummary(text: string, { env }: World, tell: (line: string) => void): void {
  const { GITHUB_STEP_SUMMARY: path } = env;
  if (!path) return;
  try {
    appendFileSync(path, `${text.trimEnd()}\n`);
  } catch (error) {
    tell(`warning: the summary of the step cannot be written: ${explainError(error)}`);
  }
}
