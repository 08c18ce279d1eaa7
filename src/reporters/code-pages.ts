import { aliasesOf } from '../diagnostics/aliases.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { CatalogEntry } from '../diagnostics/catalog-entry.ts';
import { type Family, families } from '../diagnostics/families.ts';
import { codesOf, familyNames } from '../print/codes.ts';

/** The consequence of each severity, in the words of the reference. */
const severities = {
  error: 'not converted',
  warning: 'traffic can change, or somebody has to act',
  info: 'for your information',
} as const;

/** The page of a family in docs/codes. */
export interface CodePage {
  /** Below docs/codes. */
  readonly name: string;
  readonly text: string;
}

const notice = '<!-- Written by `npm run update` from src/diagnostics/catalog. -->';

/** @returns the index of docs/codes, and a page for every family */
export function codePages(): readonly CodePage[] {
  return [{ name: 'README.md', text: index() }, ...familyNames.map(pageOf)];
}

function index(): string {
  const rows = familyNames.map(family => {
    const { title, about } = families[family];
    return `| [${title}](${family}.md) | ${codesOf(family).length} | ${about} |`;
  });
  return [
    '# Codes by family',
    '',
    notice,
    '',
    '`vs2route explain CODE` prints the section of a code, and `vs2route explain FAMILY` lists a family.',
    '',
    '| family | codes | about |',
    '| --- | --: | --- |',
    ...rows,
    '',
  ].join('\n');
}

function pageOf(family: Family): CodePage {
  const { title, about } = families[family];
  const sections = codesOf(family).map(([code, entry]) => section(code, entry));
  return { name: `${family}.md`, text: `# ${title}\n\n${notice}\n\n${about}\n\n${sections.join('\n')}` };
}

function section(code: Code, { severity, message, why, remedy, example }: CatalogEntry): string {
  const aliases = aliasesOf(code);
  const formerly =
    aliases.length === 0 ? '' : ` Formerly ${aliases.map(alias => `\`${alias}\``).join(', ')}.`;
  const lines = [
    `## ${code}`,
    '',
    `*${severity}: ${severities[severity]}.*${formerly}`,
    '',
    `${escapeMarkdown(capitalize(message))}.`,
    '',
    `**Why.** ${escapeMarkdown(why)}`,
    '',
    `**Action.** ${escapeMarkdown(remedy)}`,
    ...(example === undefined ? [] : ['', '```yaml', example, '```']),
    '',
  ];
  return lines.join('\n');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Stars and angle brackets are literal text. */
function escapeMarkdown(text: string): string {
  return text.replace(/(?<!`)[*<>](?!`)/g, '\\$&');
}
