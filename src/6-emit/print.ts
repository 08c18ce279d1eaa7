import type { AnyResource } from '../2-decode/resource.ts';
import type { FieldPath } from '../yaml/source.ts';
import { toManifest } from './manifest.ts';
import { printKey, printString, type QuoteStyle } from './scalar.ts';

/** How a file likes its YAML. */
export interface YamlStyle {
  /** Whether `- ` stands further to the right than the key of its list. */
  readonly indentLists: boolean;
  readonly quote: QuoteStyle;
  /** By how much maps are indented, in spaces: two where nothing is said. */
  readonly indent?: number;
  /** Strings that have quotes, although they need none, since the object that they come from has them in quotes. */
  readonly quoted?: ReadonlyMap<string, QuoteStyle>;
}

/** As the Gateway API's and Istio's documentation and `kubectl get -o yaml` have it. */
export const kubectlStyle: YamlStyle = { indentLists: false, quote: 'double' };

/** A line of YAML, and the field whose name or dash is the last to start on it. */
export interface YamlLine {
  readonly text: string;
  readonly path: FieldPath;
}

/** Prints objects as one YAML stream: documents with `---` between them, none before the first. */
export function printResources(resources: readonly AnyResource[], style: YamlStyle = kubectlStyle): string {
  return resources.map(resource => printYaml(toManifest(resource), style)).join('---\n');
}

/** Prints a value as the text of a YAML document. */
export function printYaml(value: unknown, style: YamlStyle = kubectlStyle): string {
  return `${linesOf(value, style)
    .map(line => line.text)
    .join('\n')}\n`;
}

/**
 * Prints a value as lines of YAML, so that comments can be put between and behind them. A string of several lines is
 * one line here.
 */
export function printLines(value: unknown, style: YamlStyle): readonly YamlLine[] {
  return linesOf(value, style).map(({ text, trail }) => ({ text, path: pathOf(trail) }));
}

/** A path from its end, which costs less to extend than to copy. */
interface Trail {
  readonly key: string | number;
  readonly parent: Trail | undefined;
}

interface Line {
  readonly text: string;
  readonly trail: Trail | undefined;
}

function pathOf(trail: Trail | undefined): FieldPath {
  return trail === undefined ? [] : [...pathOf(trail.parent), trail.key];
}

function linesOf(value: unknown, style: YamlStyle): readonly Line[] {
  const lines: Line[] = [];
  if (isNonEmptyList(value)) printList(value, '', undefined, style, lines);
  else if (isNonEmptyMap(value)) printMap(value, '', undefined, style, lines, '');
  else lines.push({ text: printScalar(value, '', style), trail: undefined });
  return lines;
}

/** `first` stands before the first key instead of `indent`: the dash of the list item that the map is. */
function printMap(
  map: Readonly<Record<string, unknown>>,
  indent: string,
  parent: Trail | undefined,
  style: YamlStyle,
  lines: Line[],
  first: string,
): void {
  const deeper = `${indent}${' '.repeat(style.indent ?? 2)}`;
  let lead = first;
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const trail = { key, parent };
    const start = `${lead}${printKey(key, style.quote)}:`;
    lead = indent;
    if (isNonEmptyList(value)) {
      lines.push({ text: start, trail });
      printList(value, style.indentLists ? deeper : indent, trail, style, lines);
    } else if (isNonEmptyMap(value)) {
      lines.push({ text: start, trail });
      printMap(value, deeper, trail, style, lines, deeper);
    } else lines.push({ text: `${start} ${printScalar(value, indent, style)}`, trail });
  }
}

function printList(
  list: readonly unknown[],
  indent: string,
  parent: Trail | undefined,
  style: YamlStyle,
  lines: Line[],
): void {
  for (const [key, value] of list.entries()) {
    const trail = { key, parent };
    if (isNonEmptyMap(value)) printMap(value, `${indent}  `, trail, style, lines, `${indent}- `);
    else if (isNonEmptyList(value)) {
      lines.push({ text: `${indent}-`, trail });
      printList(value, `${indent}  `, trail, style, lines);
    } else lines.push({ text: `${indent}- ${printScalar(value, indent, style)}`, trail });
  }
}

function printScalar(value: unknown, indent: string, style: YamlStyle): string {
  if (typeof value === 'string') {
    const quote = style.quoted?.get(value);
    const printed = printString(value, style.quote);
    // Double quotes escape, single quotes do not; a string of either kind here holds no quote and no backslash.
    if (quote !== undefined && printed === value)
      return quote === 'single' ? `'${value}'` : JSON.stringify(value);
    return indent === '' ? printed : printed.replaceAll(/\n(?=.)/g, `\n${indent}`);
  }
  return Array.isArray(value) ? '[]' : isMap(value) ? '{}' : JSON.stringify(value ?? null);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNonEmptyMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return isMap(value) && Object.values(value).some(item => item !== undefined);
}

function isNonEmptyList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}
