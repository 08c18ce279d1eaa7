import { groupBy } from '../3-link/group-by.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { countRequests } from '../print/count.ts';
import { countOutcomes, outcomes } from '../print/outcome-words.ts';
import { checkedRequests, formatNumber } from '../print/summary.ts';
import { cell, code, fenced, folded, prose } from '../suggest/markdown.ts';
import { asksForNothing } from './asks-for-nothing.ts';
import { cutOverSteps, stagesOfSteps } from './cut-over.ts';
import { headlineOf } from './headline.ts';

/** How many places of one code are listed; the report for programs has all. */
const MOST_PLACES = 50;

/** The report in Markdown, as for the summary of a CI run: the outcome of everything, then each code with its places. */
export function markdownReport(conversion: Conversion): string {
  const { resources, diagnostics } = conversion;
  const told = groupBy(diagnostics, ({ severity }) => severity);
  return [
    `# ${headlineOf(resources)}`,
    table(resources),
    proofLine(resources),
    ...section('Not converted', told.get('error') ?? []),
    ...section('Differences and conditions', told.get('warning') ?? []),
    ...section(
      'For your information',
      (told.get('info') ?? []).filter(one => !asksForNothing(one)),
    ),
    ...cutOver(conversion),
    diagnostics.length > 0 ? '`vs2route explain CODE` explains a code.' : '',
  ]
    .filter(block => block !== '')
    .map(block => `${block}\n`)
    .join('\n');
}

function table(resources: readonly ConvertedResource[]): string {
  if (resources.length === 0) return '';
  const kinds = groupBy(resources, ({ resource }) => resource.kind);
  const rows = [...kinds].map(([kind, own]) => {
    const counts = countOutcomes(own);
    return `| ${[kind, ...outcomes.map(outcome => formatNumber(counts[outcome]))].join(' | ')} |`;
  });
  const head =
    '| kind | converted, no difference | only prefixes differ | with differences | not converted | unchanged |';
  return [head, '|---|--:|--:|--:|--:|--:|', ...rows].join('\n');
}

function proofLine(resources: readonly ConvertedResource[]): string {
  return checkedRequests(countRequests(resources));
}

function cutOver(conversion: Conversion): readonly string[] {
  const steps = cutOverSteps(conversion);
  if (steps.length === 0) return [];
  const items = steps.map(
    ({ title, commands }, index) => `${index + 1}. ${title}:\n\n${fenced(commands, 'sh')}`,
  );
  return [
    '## Steps to apply it',
    folded(
      `${steps.length} steps; every request is answered at each of them`,
      [...items, stagesOfSteps(steps)].filter(block => block !== '').join('\n\n'),
    ),
  ];
}

function section(title: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  if (diagnostics.length === 0) return [];
  const byCode = [...groupBy(diagnostics, diagnostic => diagnostic.code)].toSorted(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  );
  return [`## ${title}`, ...byCode.map(([name, own]) => block(name, own))];
}

function block(name: string, diagnostics: readonly Diagnostic[]): string {
  const remedies = [...new Set(diagnostics.map(({ remedy }) => remedy))].filter(remedy => remedy !== '');
  const more = diagnostics.length - MOST_PLACES;
  const [why = ''] = diagnostics.map(diagnostic => diagnostic.why);
  return [
    `<details${diagnostics.length <= 5 ? ' open' : ''}><summary><b>${name}</b>: ${formatNumber(diagnostics.length)}</summary>`,
    '',
    ...(why === '' ? [] : [prose(why), '']),
    ...remedies.slice(0, 3).map(remedy => `**Action.** ${prose(remedy)}\n`),
    '| place | message |',
    '|---|---|',
    ...diagnostics.slice(0, MOST_PLACES).map(row),
    ...(more > 0 ? [`| | and ${formatNumber(more)} more |`] : []),
    '',
    '</details>',
  ].join('\n');
}

function row({ location, message, resource }: Diagnostic): string {
  const place = code(`${location.file}:${location.start.line}`);
  const name = resource === undefined ? '' : ` ${code(`${resource.namespace}/${resource.name}`)}`;
  return `| ${cell(place + name)} | ${cell(prose(message))} |`;
}
