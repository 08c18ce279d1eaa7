import { entryOf } from '../diagnostics/catalog.ts';
import { destinationRuleFields } from '../diagnostics/fields/destination-rule.ts';
import { type FateOfField, type FieldFate, fatesIn } from '../diagnostics/fields/fate.ts';
import { gatewayFields } from '../diagnostics/fields/gateway.ts';
import { optionOf } from '../diagnostics/fields/options.ts';
import { virtualServiceFields } from '../diagnostics/fields/virtual-service.ts';

/** Each fate in the words of docs/fields.md. */
const fates: Readonly<Record<FieldFate['fate'], string>> = {
  converted: 'converted',
  kept: 'stays',
  declared: 'left out, with a diagnostic',
  refused: 'not converted',
};

const notice = '<!-- Written by `npm run update` from src/diagnostics/fields. -->';

const legend = `# Fields and their results

- **converted**: the field has a form in the Gateway API. The codes name values that have none, and differences.
- **stays**: the object that has the field stays, or the field moves to the DestinationRule of a new Service.
- **left out, with a diagnostic**: a route cannot express it, or no request changes without it.
- **not converted**: the object stays as it is, and a diagnostic gives the reason.

The column \`options\` has the flags that a field needs, or that change its result. Without a flag, the CRDs in the input decide
the version; without CRDs it is 1.6, standard channel.

A path includes everything below it. \`vs2route explain CODE\` explains a code.
`;

/** @returns docs/fields.md: the legend, then the tables */
export function fieldsPage(): string {
  return `${legend}\n${notice}\n\n${fieldTables()}`;
}

/** The tables of docs/fields.md: every field of the three kinds, its result and its diagnostics. */
function fieldTables(): string {
  return [
    section('VirtualService', virtualServiceFields),
    section('DestinationRule', destinationRuleFields),
    section('Gateway', gatewayFields),
  ].join('\n');
}

function section(kind: string, table: object): string {
  const rows = fatesIn(table).map(fate => row(kind, fate));
  return [
    `## ${kind}`,
    '',
    '| field | result | options | diagnostics |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row(kind: string, { path, fate: { fate, codes } }: FateOfField): string {
  const links = codes.map(code => `[${code}](codes/${entryOf(code).family}.md#${code})`).join(', ');
  return `| \`${path}\` | ${fates[fate]} | ${optionOf(kind, path)} | ${links} |`;
}
