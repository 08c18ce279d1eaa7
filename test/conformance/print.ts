import { describeOutcome, describeRequest } from '../../src/semantics/describe.ts';
import type { Outcome } from '../../src/semantics/outcome.ts';
import { manifestsOf } from './cluster.ts';
import type { Comparison, Disagreement } from './disagreement.ts';
import type { Converted } from './scenario.ts';

const sides: Readonly<Record<Comparison, readonly [string, string]>> = {
  input: ['we read the input as ', 'istiod reads it as   '],
  output: ['we read the output as', 'istiod reads it as   '],
  conversion: ['before, istiod says   ', 'after, istiod says    '],
};

/** Writes a disagreement in a few lines. */
export function describeDisagreement({ comparison, place, request, aspects, left, right }: Disagreement): string {
  const [one, other] = sides[comparison];
  const details = aspects.flatMap(aspect => {
    const [a, b] = [aspectOf(left, aspect), aspectOf(right, aspect)];
    return a === undefined && b === undefined ? [] : [`    ${aspect}: ${a} / ${b}`];
  });
  return [
    `${place}: ${describeRequest(request)} (${aspects.join(', ')})`,
    `  ${one} ${describeOutcome(left)}`,
    `  ${other} ${describeOutcome(right)}`,
    ...details,
  ].join('\n');
}

function aspectOf(outcome: Outcome, aspect: string): string | undefined {
  if (outcome.kind === 'redirect') return JSON.stringify(outcome);
  if (outcome.kind !== 'forward') return undefined;
  if (aspect === 'path' || aspect === 'mirrors' || aspect === 'timeout' || aspect === 'retries' || aspect === 'cors' || aspect === 'fault')
    return JSON.stringify(outcome[aspect]);
  return JSON.stringify(outcome.destinations.map(({ label: _label, ...destination }) => destination));
}

/** Everything there is to know about what went wrong in a scenario, for a file. */
export function dossier(converted: Converted, texts: readonly string[]): string {
  const { scenario, conversion, before, after } = converted;
  const diagnostics = conversion.diagnostics.map(({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`);
  return [
    `# ${scenario.name}`,
    `options: ${JSON.stringify(scenario.options)}`,
    ...texts,
    '',
    '# Diagnostics',
    ...diagnostics,
    '',
    '# Input',
    ...[...scenario.files, ...scenario.facts].map(({ path, text }) => `# ${path}\n${text}`),
    '# After the edits, with everything supplied',
    manifestsOf(after),
    '# Before, with everything supplied',
    manifestsOf(before),
    '',
  ].join('\n');
}
