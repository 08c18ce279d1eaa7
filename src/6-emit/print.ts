import type { FieldPath } from '../1-read/source.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { toManifest } from './manifest.ts';
import { printKey, printString, type QuoteStyle } from './scalar.ts';

/** How a file likes its YAML; people differ in these two only, nearly everybody indents by two. */
export interface YamlStyle {
  /** Whether `- ` stands further to the right than the key of its list. */
  readonly indentLists: boolean;
  readonly quote: QuoteStyle;
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
  return printLines(value, style)
    .map(line => `${line.text}\n`)
    .join('');
}

/**
 * Prints a value as lines of YAML, so that comments can be put between and behind them. A string of several lines is
 * one line here.
 */
export function printLines(value: unknown, style: YamlStyle): readonly YamlLine[] {
  const lines: YamlLine[] = [];
  if (isNonEmptyList(value)) printList(value, '', [], style, lines);
  else if (isNonEmptyMap(value)) printMap(value, '', [], style, lines, '');
  else lines.push({ text: printScalar(value, '', style), path: [] });
  return lines;
}

/** `first` stands before the first key instead of `indent`: the dash of the list item that the map is. */
function printMap(
  map: Readonly<Record<string, unknown>>,
  indent: string,
  path: FieldPath,
  style: YamlStyle,
  lines: YamlLine[],
  first: string,
): void {
  let lead = first;
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const here = [...path, key];
    const start = `${lead}${printKey(key, style.quote)}:`;
    lead = indent;
    if (isNonEmptyList(value)) {
      lines.push({ text: start, path: here });
      printList(value, style.indentLists ? `${indent}  ` : indent, here, style, lines);
    } else if (isNonEmptyMap(value)) {
      lines.push({ text: start, path: here });
      printMap(value, `${indent}  `, here, style, lines, `${indent}  `);
    } else lines.push({ text: `${start} ${printScalar(value, indent, style)}`, path: here });
  }
}

function printList(
  list: readonly unknown[],
  indent: string,
  path: FieldPath,
  style: YamlStyle,
  lines: YamlLine[],
): void {
  for (const [index, value] of list.entries()) {
    const here = [...path, index];
    if (isNonEmptyMap(value)) printMap(value, `${indent}  `, here, style, lines, `${indent}- `);
    else if (isNonEmptyList(value)) {
      lines.push({ text: `${indent}-`, path: here });
      printList(value, `${indent}  `, here, style, lines);
    } else lines.push({ text: `${indent}- ${printScalar(value, indent, style)}`, path: here });
  }
}

function printScalar(value: unknown, indent: string, style: YamlStyle): string {
  if (typeof value === 'string') {
    const printed = printString(value, style.quote);
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
