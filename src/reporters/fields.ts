import { entryOf } from '../diagnostics/catalog.ts';
import { destinationRuleFields } from '../diagnostics/fields/destination-rule.ts';
import { type FateOfField, type FieldFate, fatesIn } from '../diagnostics/fields/fate.ts';
import { gatewayFields } from '../diagnostics/fields/gateway.ts';
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

Four kinds of fields convert only with an option:

| field | option |
| --- | --- |
| \`retries\` | \`--gateway-api 1.7\` or \`--channel experimental\` |
| \`corsPolicy\`, redirect codes other than 301 and 302, client certificates of Gateways | \`--gateway-api 1.5\` or later |
| \`tcp\` | \`--gateway-api 1.6\` or later |
| \`fault\`, and retries and CORS policies that a route cannot express | \`--partial\` leaves them out |

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
  const rows = fatesIn(table).map(row);
  return [`## ${kind}`, '', '| field | result | diagnostics |', '|---|---|---|', ...rows, ''].join('\n');
}

function row({ path, fate: { fate, codes } }: FateOfField): string {
  const links = codes.map(code => `[${code}](codes/${entryOf(code).family}.md#${code})`).join(', ');
  return `| \`${path}\` | ${fates[fate]} | ${links} |`;
}
