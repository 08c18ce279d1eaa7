import type { Admission } from './admission.ts';
import type { Told } from './scenarios.ts';
import type { Row } from './tally.ts';

/** @returns the numbers of a run, as a table in Markdown */
export function tableOf({ name, tally }: Told): string {
  const rows = tally.rows.map(row => cells(row, tally.moved.get(row.step) ?? 0));
  const total = tally.rows.reduce(
    (sum, { requests, fates }) => ({
      requests: sum.requests + requests,
      neither: sum.neither + fates.neither,
    }),
    { requests: 0, neither: 0 },
  );
  const strays = tally.strays
    .slice(0, 10)
    .map(({ step, place, request, got, count }) => `- ${step}: ${count} times ${place}: ${request}: ${got}`);
  return [
    `### ${name}`,
    '',
    '| step | requests | same before and after | as before | as after | neither | requests whose fate changed |',
    '| --- | --: | --: | --: | --: | --: | --: |',
    ...rows,
    '',
    `${total.requests} requests, ${tally.witnesses} different ones; ${total.neither} met neither fate${kindsOf(tally)}.`,
    ...(tally.isCutOff ? ['', 'The two minutes were over before the end.'] : []),
    ...(strays.length === 0 ? [] : ['', ...strays]),
    '',
  ].join('\n');
}

/** What was answered instead: by a proxy with a status, or by pods that should not have. */
export function kindsOf({ strays }: Told['tally']): string {
  const kinds = new Map<string, number>();
  for (const { got, count } of strays) {
    const [status = ''] = got.split(' ');
    const kind = / from /.test(got)
      ? 'answered by other pods or otherwise'
      : /^\d/.test(status)
        ? status
        : got;
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  const words = [...kinds].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function cells({ step, requests, fates: { same, before, after, neither } }: Row, moved: number): string {
  return `| ${[step, requests, same, before, after, neither, moved].join(' | ')} |`;
}

export function admissionTable(all: readonly Admission[]): string {
  return [
    '### kubectl apply --dry-run=server',
    '',
    '| of | conversions | objects | admitted | refused |',
    '| --- | --: | --: | --: | --: |',
    ...all.map(
      ({ of, conversions, objects, refused }) =>
        `| ${[of, conversions, objects, objects - refused.length, refused.length].join(' | ')} |`,
    ),
    '',
    ...all.flatMap(({ refused }) => refused.map(({ name, said }) => `- ${name}: ${said}`)),
    '',
  ].join('\n');
}
