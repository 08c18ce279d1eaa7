import { groupBy } from '../3-link/group-by.ts';
import type { Conversion } from '../conversion.ts';
import { type Code, entryOf } from '../diagnostics/catalog.ts';
import type { CatalogEntry, Fate, Severity } from '../diagnostics/catalog-entry.ts';
import type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
import { plainLine } from '../suggest/bodies.ts';
import type { Change, Part } from '../suggest/changes.ts';
import type { Finding } from '../suggest/check.ts';
import { CONVERTIBLE, convertible } from '../suggest/convertible.ts';
import { hasCredentials, redact } from '../suggest/credentials.ts';
import { countingFingerprints } from '../suggest/fingerprint.ts';
import { type ChangeItem, type Item, itemsOf, namesOf } from '../suggest/items.ts';
import { NOT_READ, notRead } from '../suggest/moved.ts';
import { touchesSecret } from '../suggest/patch.ts';
import { type Diff, fixedParts, lossesIn, lossRegion, lossRule } from './sarif-loss.ts';

/**
 * The part of SARIF 2.1.0 that is written here.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

interface SarifRun {
  readonly tool: { readonly driver: SarifDriver };
  readonly automationDetails: { readonly id: string };
  readonly columnKind: 'utf16CodeUnits';
  readonly results: readonly SarifResult[];
}

interface SarifDriver {
  readonly name: string;
  readonly semanticVersion: string;
  readonly rules: readonly SarifRule[];
}

interface SarifText {
  readonly text: string;
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifText;
  readonly fullDescription: SarifText;
  readonly help: SarifText & { readonly markdown: string };
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: {
    readonly tags: readonly string[];
    readonly precision: string;
    readonly 'problem.severity': string;
  };
}

type SarifLevel = 'error' | 'warning' | 'note';

interface SarifRegion {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface SarifLocation {
  readonly message?: SarifText;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: SarifRegion;
  };
}

interface SarifFix {
  readonly description: SarifText;
  readonly artifactChanges: readonly {
    readonly artifactLocation: { readonly uri: string };
    readonly replacements: readonly {
      readonly deletedRegion: SarifRegion;
      readonly insertedContent: SarifText;
    }[];
  }[];
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: SarifText;
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly fixes?: readonly SarifFix[];
  readonly suppressions?: readonly {
    readonly kind: 'external' | 'inSource';
    readonly justification: string;
  }[];
}

/** The parts of a log besides the conversion. */
export interface SarifOptions {
  /** A fix that needs an edit of what a pull request does not change is not given. */
  readonly diff?: Diff;
  readonly version: string;
  /** Why a result does not count, as for one that a baseline knows; undefined for one that does. */
  readonly suppression?: (code: string, path: string) => string | undefined;
  /** Findings in files that no conversion knows, as they are not read. */
  readonly moved?: readonly Finding[];
}

type Raw = Omit<SarifResult, 'ruleIndex'>;

/** @returns the log of a whole conversion, for code scanning; also when there is nothing, so that old alerts close */
export function sarifOfConversion(conversion: Conversion, options: SarifOptions): string {
  const changes = itemsOf(conversion, () => true).filter(item => item.kind === 'change');
  return log(resultsOf(changes, conversion.diagnostics, options), options);
}

/** @returns the log of what a pull request is told */
export function sarifOfItems(items: readonly Item[], options: SarifOptions): string {
  const changes = items.filter(item => item.kind === 'change');
  const losses = lossesIn(items).map(
    (item): Raw => ({
      ruleId: lossRule.id,
      level: 'error',
      message: { text: plainLine(item) },
      locations: [location(item.path, lossRegion(item))],
      partialFingerprints: { primaryLocationLineHash: `${item.id}:1` },
    }),
  );
  const results = resultsOf(
    changes,
    items.flatMap(({ diagnostics }) => diagnostics),
    options,
  );
  return log([...losses, ...results], options);
}

function resultsOf(
  changes: readonly ChangeItem[],
  diagnostics: readonly Diagnostic[],
  options: SarifOptions,
): readonly Raw[] {
  const hash = countingFingerprints();
  const hashOf = (...parts: readonly string[]): Raw['partialFingerprints'] => {
    const found = hash(...parts);
    return { primaryLocationLineHash: `${found.hash}:${found.count}` };
  };
  const suppress = (code: string, path: string): Pick<Raw, 'suppressions'> => {
    const justification = options.suppression?.(code, path);
    return justification === undefined ? {} : { suppressions: [{ kind: 'external', justification }] };
  };
  return [
    ...changes.map(item => ({
      ...changeResult(item, options.diff),
      partialFingerprints: hashOf(CONVERTIBLE, item.path, ...namesOf(item.change.resources)),
      ...suppress(CONVERTIBLE, item.path),
    })),
    ...[...new Set(diagnostics)].map(diagnostic => ({
      ...diagnosticResult(diagnostic),
      partialFingerprints: hashOf(
        diagnostic.code,
        diagnostic.location.file,
        JSON.stringify(diagnostic.resource ?? {}),
        diagnostic.path,
      ),
      ...suppress(diagnostic.code, diagnostic.location.file),
    })),
    ...(options.moved ?? []).map(({ code, path, line, message }) => ({
      ruleId: code,
      level: levels[notRead.severity],
      message: { text: redact(message) },
      locations: [location(path, { startLine: line, startColumn: 1, endLine: line + 1, endColumn: 1 })],
      partialFingerprints: hashOf(code, path, message),
      ...suppress(code, path),
    })),
  ];
}

function changeResult(item: ChangeItem, diff: Diff): Omit<Raw, 'partialFingerprints'> {
  const fix = fixOf(fixedParts(item, diff));
  return {
    ruleId: CONVERTIBLE,
    level: item.level === 'warning' ? 'warning' : 'note',
    message: { text: plainLine(item) },
    locations: [
      location(item.path, {
        startLine: item.range.start,
        startColumn: 1,
        endLine: item.range.end + 1,
        endColumn: 1,
      }),
    ],
    ...(fix && { fixes: [fix] }),
  };
}

function fixOf(parts: Change['parts'] | undefined): SarifFix | undefined {
  if (parts === undefined || touchesSecret(parts) || parts.some(({ region }) => region === undefined))
    return undefined;
  if (parts.some(({ region }) => hasCredentials(region?.lines.join('\n') ?? ''))) return undefined;
  return {
    description: { text: 'Convert it' },
    artifactChanges: [...groupBy(parts, ({ file }) => file.path)].map(([path, own]) => ({
      artifactLocation: { uri: uriOf(path) },
      replacements: own.flatMap(replacementOf),
    })),
  };
}

function replacementOf({ file, region }: Part): SarifFix['artifactChanges'][number]['replacements'] {
  if (region === undefined) return [];
  const { start, end } = region.range;
  const all = file.text.split('\n');
  const text = region.lines.join('\n');
  // The last line has no line break that could be part of the region, so that the one before it has to be.
  if (end >= all.length) {
    const from = start === 1 ? { startLine: 1, startColumn: 1 } : before(all, start);
    const to = { endLine: all.length, endColumn: (all.at(-1)?.length ?? 0) + 1 };
    return [
      {
        deletedRegion: { ...from, ...to },
        insertedContent: { text: start === 1 || region.lines.length === 0 ? text : `\n${text}` },
      },
    ];
  }
  return [
    {
      deletedRegion: { startLine: start, startColumn: 1, endLine: end + 1, endColumn: 1 },
      insertedContent: { text: region.lines.length === 0 ? '' : `${text}\n` },
    },
  ];
}

function before(
  lines: readonly string[],
  line: number,
): { readonly startLine: number; readonly startColumn: number } {
  return { startLine: line - 1, startColumn: (lines[line - 2]?.length ?? 0) + 1 };
}

function diagnosticResult(diagnostic: Diagnostic): Omit<Raw, 'partialFingerprints'> {
  const { code, severity, message, related } = diagnostic;
  return {
    ruleId: code,
    level: levels[severity],
    message: { text: redact(message) },
    locations: [locationOf(diagnostic.location)],
    ...(related.length > 0 && {
      relatedLocations: related.map(({ message, location }) => ({
        ...locationOf(location),
        message: { text: redact(message) },
      })),
    }),
  };
}

const levels: Readonly<Record<Severity, SarifLevel>> = { error: 'error', warning: 'warning', info: 'note' };

function locationOf({ file, start, end }: Location): SarifLocation {
  return location(file, {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  });
}

function location(path: string, region: SarifRegion): SarifLocation {
  return { physicalLocation: { artifactLocation: { uri: uriOf(path) }, region } };
}

/** Relative to the root of the repository, as code scanning wants it. */
function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function log(raw: readonly Raw[], { version }: SarifOptions): string {
  const ids = [...new Set(raw.map(({ ruleId }) => ruleId))].toSorted();
  const results = raw.map(({ ruleId, ...rest }) => ({ ruleId, ruleIndex: ids.indexOf(ruleId), ...rest }));
  const sarif: SarifLog = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vs2route',
            semanticVersion: version,
            rules: ids.map(id => (id === lossRule.id ? lossRule : ruleOf(id))),
          },
        },
        automationDetails: { id: 'vs2route/' },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(sarif, null, 2)}\n`;
}

const precisions: Readonly<Record<Fate, string>> = {
  approximate: 'high',
  unsupported: 'very-high',
  'needs-input': 'high',
  irrelevant: 'high',
  input: 'very-high',
  note: 'very-high',
};

function ruleOf(id: string): SarifRule {
  const entry: CatalogEntry =
    id === CONVERTIBLE ? convertible : id === NOT_READ ? notRead : entryOf(id as Code);
  const { severity, fate, message, why, remedy, example } = entry;
  const words = (text: string): string => text.replaceAll(/\{(\w+)\}/g, '<$1>');
  const short = words(message);
  const markdown = [
    `**Why.** ${words(why).replaceAll('<', '&lt;')}`,
    `**Action.** ${words(remedy).replaceAll('<', '&lt;')}`,
    ...(example === undefined ? [] : ['```yaml', example, '```']),
  ];
  return {
    id,
    shortDescription: { text: cut(short) },
    fullDescription: { text: cut(words(why)) },
    help: { text: `${words(why)}\n${words(remedy)}`, markdown: markdown.join('\n\n') },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ['istio', 'gateway-api', fate],
      precision: precisions[fate],
      'problem.severity': severity === 'info' ? 'recommendation' : severity,
    },
  };
}

/** Code scanning takes 1,024 characters. */
function cut(text: string): string {
  return text.length <= 1024 ? text : `${text.slice(0, 1023)}…`;
}
