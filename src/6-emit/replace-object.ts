import type { FieldPath } from '../yaml/source.ts';
import { type AroundSpec, aroundSpec } from './around-spec.ts';
import { carryComments } from './carry-comments.ts';
import { type Comment, commentsIn } from './comments.ts';
import type { Output } from './edit.ts';
import { type FileStyle, fileStyleOf } from './file-style.ts';
import { toManifest } from './manifest.ts';
import { printYaml, type YamlLine, type YamlStyle } from './print.ts';
import { quotedStrings } from './quoted-strings.ts';

/** The texts that take an object's place, and what was lost on the way. */
export interface Replacement {
  /** One for each output, with plain line breaks between its lines and none at its end. */
  readonly documents: readonly string[];
  readonly lostComments: readonly string[];
}

/**
 * Writes what an object becomes. Text around the spec keeps its bytes as far as it says the same; comments in the
 * spec go where their meaning is now.
 *
 * @param body the text of the object, as it stands in the file
 * @param base where in this text the object is: `[0]` for a list item with its dash
 * @param gone the comments to carry, where the object stays and keeps the others
 */
export function replaceObject(
  body: string,
  base: FieldPath,
  outputs: readonly Output[],
  style: FileStyle,
  gone?: readonly Comment[],
): Replacement {
  const own = fileStyleOf(body, style);
  const yaml: YamlStyle = { ...own.yaml, quoted: quotedStrings(body) };
  const text = withoutMargin(body.replaceAll('\r\n', '\n'), base);
  let hasComments = gone !== undefined;
  const around = outputs.map((output): AroundSpec | undefined => {
    if (text === undefined || !isSuccessor(output)) return undefined;
    const found = aroundSpec(text, toManifest(output.resource), { ...own, yaml }, !hasComments);
    hasComments ||= found !== undefined;
    return found;
  });
  const comments = gone ?? commentsIn(body).filter(comment => !hasComments || isInSpec(comment, base));
  const { documents, lost } = carryComments(comments, base, outputs, yaml);
  const hosts = /^[ \t]*(?:- )?["']?hosts["']?:[ \t]*\[[^\n#]*\][ \t]*(?:#.*)?$/m.test(body);
  return {
    documents: documents.map((lines, index) => {
      const laidOut = hosts ? hostnamesBetweenBrackets(lines) : lines;
      const found = around[index];
      if (found === undefined) return joined(laidOut);
      const spec = laidOut.filter(line => line.path[0] === 'spec');
      return `${found.above}${joined(spec)}\n${found.below}`.trimEnd();
    }),
    lostComments: [...around.flatMap(found => found?.lostComments ?? []), ...lost],
  };
}

/** Whether an output has the metadata of the object: a route, a Gateway, the DestinationRule of a version. */
function isSuccessor({ resource: { type }, origins }: Output): boolean {
  return origins.length > 0 && (type.startsWith('gateway.') || type === 'istio.DestinationRule');
}

/** Prints objects without comments. */
export function printDocuments(outputs: readonly Output[], style: YamlStyle): readonly string[] {
  return outputs.map(({ resource }) => printYaml(toManifest(resource), style).trimEnd());
}

function joined(lines: readonly YamlLine[]): string {
  return lines.map(({ text }) => text).join('\n');
}

/** Whether a comment stands at something in the spec; one above `spec` itself stays where it is. */
function isInSpec({ path, position }: Comment, base: FieldPath): boolean {
  return path[base.length] === 'spec' && (path.length > base.length + 1 || position === 'behind');
}

/** The text of a list item as if it were a document; undefined where its lines do not line up. */
function withoutMargin(body: string, base: FieldPath): string | undefined {
  if (base.length === 0) return body;
  const dash = /^ *- +(?=[\w"'])/.exec(body)?.[0];
  if (dash === undefined) return undefined;
  const indent = ' '.repeat(dash.length);
  const [first = '', ...others] = body.split('\n');
  if (others.some(line => line.trim() !== '' && !line.startsWith(indent))) return undefined;
  return [first.slice(indent.length), ...others.map(line => line.slice(indent.length))].join('\n');
}

/** Hosts that are written between brackets are hostnames between brackets. */
function hostnamesBetweenBrackets(lines: readonly YamlLine[]): readonly YamlLine[] {
  const isHostname = ({ path }: YamlLine): boolean =>
    path.length === 3 && path[0] === 'spec' && path[1] === 'hostnames';
  const items = lines.filter(isHostname).map(({ text }) => /^ *- (.*)$/.exec(text)?.[1]);
  const key = lines.find(
    ({ path, text }) => path.length === 2 && path[1] === 'hostnames' && text.endsWith('hostnames:'),
  );
  if (key === undefined || items.some(item => item === undefined || /[#,[\]{}\n]/.test(item))) return lines;
  return lines.flatMap(line => {
    if (isHostname(line)) return [];
    return [line === key ? { ...line, text: `${line.text} [${items.join(', ')}]` } : line];
  });
}
