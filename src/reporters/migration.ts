import { type CatalogEntry, type Code, catalog, entryOf } from '../diagnostics/catalog.ts';

/** What each severity means for the VirtualService, in the words of MIGRATION.md. */
const severities = {
  error: 'holds the VirtualService back',
  warning: 'converted, with a difference or a condition',
  info: 'converted, for your information',
} as const;

/** The section of MIGRATION.md for every code, in alphabetical order. */
export function codeSections(): string {
  const codes = (Object.keys(catalog) as Code[]).sort();
  return codes.map(code => section(code, entryOf(code))).join('\n');
}

function section(code: Code, { severity, message, why, remedy, example }: CatalogEntry): string {
  const lines = [
    `### ${code}`,
    '',
    `*${severity}: ${severities[severity]}.*`,
    '',
    `${escapeMarkdown(capitalize(message))}.`,
    '',
    `**Why.** ${escapeMarkdown(why)}`,
    '',
    `**What to do.** ${escapeMarkdown(remedy)}`,
    ...(example === undefined ? [] : ['', '```yaml', example, '```']),
    '',
  ];
  return lines.join('\n');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Stars and angle brackets are meant as they stand. */
function escapeMarkdown(text: string): string {
  return text.replace(/(?<!`)[*<>](?!`)/g, '\\$&');
}
