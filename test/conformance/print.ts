import { describeOutcome, describeRequest } from '../../src/semantics/describe.ts';
import type { Aspect, Outcome } from '../../src/semantics/outcome.ts';
import { manifestsOf } from './cluster.ts';
import type { Comparison, Disagreement } from './disagreement.ts';
import type { Converted } from './scenario.ts';

const sides: Readonly<Record<Comparison, readonly [string, string]>> = {
  input: ['we read the input as ', 'istiod reads it as   '],
  output: ['we read the output as', 'istiod reads it as   '],
  conversion: ['before, istiod says   ', 'after, istiod says    '],
};

/** Writes a disagreement in a few lines. */
export function describeDisagreement({
  comparison,
  place,
  request,
  aspects,
  left,
  right,
}: Disagreement): string {
  const [one, other] = sides[comparison];
  const details = aspects.flatMap(aspect => {
    const [a, b] = [aspectOf(left, aspect), aspectOf(right, aspect)];
    if (a === undefined && b === undefined) return [];
    const [x, y] = fromDifference(a ?? 'nothing', b ?? 'nothing');
    return [`    ${aspect}: ${x}`, `    ${' '.repeat(aspect.length)}  ${y}`];
  });
  return [
    `${place}: ${describeRequest(request)} (${aspects.join(', ')})`,
    `  ${one} ${describeOutcome(left)}`,
    `  ${other} ${describeOutcome(right)}`,
    ...details,
  ].join('\n');
}

function aspectOf(outcome: Outcome, aspect: Aspect): string | undefined {
  if (outcome.kind === 'redirect') return JSON.stringify(outcome);
  if (outcome.kind !== 'forward') return undefined;
  switch (aspect) {
    case 'path':
    case 'mirrors':
    case 'timeout':
    case 'retries':
    case 'cors':
    case 'fault':
      return JSON.stringify(outcome[aspect]);
    case 'destinations':
    case 'kind':
      return JSON.stringify(
        outcome.destinations.map(({ backend, weight, total }) => [backend, `${weight}/${total}`]),
      );
    case 'authority':
    case 'requestHeaders':
    case 'responseHeaders':
    case 'trafficPolicy':
      return JSON.stringify(outcome.destinations.map(destination => destination[aspect]));
    default:
      return undefined;
  }
}

/** Long texts from where they begin to differ. */
function fromDifference(a: string, b: string): readonly [string, string] {
  if (a.length < 400 && b.length < 400) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const start = Math.max(0, same - 60);
  return [`…${a.slice(start, start + 300)}`, `…${b.slice(start, start + 300)}`];
}

/** Everything there is to know about what went wrong in a scenario, for a file. */
export function dossier(converted: Converted, texts: readonly string[]): string {
  const { scenario, conversion, before, after } = converted;
  const diagnostics = conversion.diagnostics.map(
    ({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`,
  );
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
