import type { Neighbour } from './neighbours.ts';
import type { Line } from './rows.ts';

/** The table of a neighbour, in Markdown. */
export function tableOf({ title, question }: Neighbour, version: string, lines: readonly Line[]): string {
  const rows = lines.map(({ subject, before, after }) => [
    subject,
    before || 'nothing',
    after === before ? 'the same' : after || 'nothing',
  ]);
  return [
    `# ${title} ${version}`,
    '',
    question,
    '',
    '| | before the conversion | after |',
    '| --- | --- | --- |',
    ...rows.map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`),
    '',
  ].join('\n');
}

/** The lines that two tables have not in common, as in a diff. */
export function differenceOf(expected: string, actual: string): string {
  const [wanted, got] = [expected.split('\n'), actual.split('\n')];
  return [
    ...wanted.filter(line => !got.includes(line)).map(line => `- ${line}`),
    ...got.filter(line => !wanted.includes(line)).map(line => `+ ${line}`),
  ].join('\n');
}
