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

/** The tables of docs/fields.md: every field of the three kinds, its result and its diagnostics. */
export function fieldTables(): string {
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
