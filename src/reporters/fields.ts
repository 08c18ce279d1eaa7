import { destinationRuleFields } from '../diagnostics/fields/destination-rule.ts';
import { type FateOfField, type FieldFate, fatesIn } from '../diagnostics/fields/fate.ts';
import { gatewayFields } from '../diagnostics/fields/gateway.ts';
import { virtualServiceFields } from '../diagnostics/fields/virtual-service.ts';

/** What each fate means, in the words of docs/fields.md. */
const fates: Readonly<Record<FieldFate['fate'], string>> = {
  converted: 'converted',
  kept: 'stays',
  declared: 'goes, and is said',
  refused: 'holds back',
};

/** The tables of docs/fields.md: every field of the three kinds, and what becomes of it. */
export function fieldTables(): string {
  return [
    section('VirtualService', virtualServiceFields),
    section('DestinationRule', destinationRuleFields),
    section('Gateway', gatewayFields),
  ].join('\n');
}

function section(kind: string, table: object): string {
  const rows = fatesIn(table).map(row);
  return [
    `## ${kind}`,
    '',
    '| field | what becomes of it | what may be said |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row({ path, fate: { fate, codes } }: FateOfField): string {
  const links = codes.map(code => `[${code}](../MIGRATION.md#${code})`).join(', ');
  return `| \`${path}\` | ${fates[fate]} | ${links} |`;
}
