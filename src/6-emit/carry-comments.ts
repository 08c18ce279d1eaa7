import type { FieldPath } from '../yaml/source.ts';
import type { Comment } from './comments.ts';
import type { Output } from './edit.ts';
import { toManifest } from './manifest.ts';
import { printLines, type YamlLine, type YamlStyle } from './print.ts';

type Origin = Output['origins'][number];

/** The name in the new kind of a field of the old one, where nobody says more precisely what became of it. */
const sameMeaning: readonly Origin[] = [
  { input: [], output: ['spec'] },
  { input: ['apiVersion'], output: ['apiVersion'] },
  { input: ['kind'], output: ['kind'] },
  { input: ['metadata'], output: ['metadata'] },
  { input: ['spec'], output: ['spec'] },
  { input: ['spec', 'hosts'], output: ['spec', 'hostnames'] },
  { input: ['spec', 'gateways'], output: ['spec', 'parentRefs'] },
  { input: ['spec', 'http'], output: ['spec', 'rules'] },
  { input: ['spec', 'tcp'], output: ['spec', 'rules'] },
  { input: ['spec', 'tls'], output: ['spec', 'rules'] },
];

/** Objects as YAML with the comments of what they replace, each where its meaning is now. */
export interface Carried {
  /** The lines of each object; the comments above a line are part of it. */
  readonly documents: readonly (readonly YamlLine[])[];
  /** Comments that went with what they spoke of: fields that somebody had commented out. */
  readonly lost: readonly string[];
}

/**
 * Prints objects and gives them the comments of the object that they replace.
 *
 * @param base where in its text the replaced object is, which is what the comments' paths start with
 */
export function carryComments(
  comments: readonly Comment[],
  base: FieldPath,
  outputs: readonly Output[],
  style: YamlStyle,
): Carried {
  const printed = outputs.map(output => printLines(toManifest(output.resource), style));
  const above = new Map<YamlLine, string[]>();
  const behind = new Map<YamlLine, string>();
  const lost: string[] = [];
  for (const comment of comments) {
    const target = isCommentedOut(comment) ? undefined : targetOf(comment, base, outputs, printed);
    if (target === undefined) lost.push(...comment.lines);
    else if (
      target.exact &&
      comment.position === 'behind' &&
      isOneLine(target.line) &&
      !behind.has(target.line)
    )
      behind.set(target.line, `${comment.space || ' '}${comment.lines.join(' ')}`);
    else above.set(target.line, [...(above.get(target.line) ?? []), ...comment.lines]);
  }
  const withComments = (line: YamlLine): YamlLine => {
    const indent = /^ */.exec(line.text)?.[0] ?? '';
    const own = (above.get(line) ?? []).map(text => `${indent}${text}\n`).join('');
    return { path: line.path, text: `${own}${line.text}${behind.get(line) ?? ''}` };
  };
  return { documents: printed.map(lines => lines.map(withComments)), lost };
}

interface Target {
  readonly line: YamlLine;
  /** The line has the very field that the comment speaks of, not only something around it. */
  readonly exact: boolean;
}

function targetOf(
  comment: Comment,
  base: FieldPath,
  outputs: readonly Output[],
  printed: readonly (readonly YamlLine[])[],
): Target | undefined {
  const path = comment.path.slice(base.length);
  const first = printed[0]?.[0];
  // Behind the dash of a list item, as in `- # about it all`.
  if (path.length === 0 && outputs.some(({ resource }) => isGatewayApi(resource)) && first !== undefined)
    return { line: first, exact: false };
  const candidates = outputs.flatMap(({ origins, resource }, index) =>
    // The Service of a version means nothing that its DestinationRule says of itself.
    [...origins, ...(index === 0 && isGatewayApi(resource) ? sameMeaning : [])].flatMap(origin => {
      const lines = printed[index]?.filter(line => startsWith(line.path, origin.output)) ?? [];
      return lines.length > 0 && startsWith(path, origin.input) ? [{ origin, lines }] : [];
    }),
  );
  // The sort is stable: of several equally precise ones the first rule that an entry became has the comment.
  const best = candidates.toSorted((a, b) => b.origin.input.length - a.origin.input.length)[0];
  if (best === undefined) return undefined;
  const { origin, lines } = best;
  const wanted = [...origin.output, ...path.slice(origin.input.length)];
  const exact = lines.find(line => line.path.length === wanted.length && startsWith(line.path, wanted));
  if (exact !== undefined) return { line: exact, exact: true };
  const isSubset = path.at(-1) === 'subset';
  const same =
    comment.position === 'behind' ? lines.filter(line => holds(line, comment.scalar, isSubset)) : [];
  if (same.length === 1 && same[0] !== undefined) return { line: same[0], exact: true };
  // Inside of what it came from, not before it: `spec` itself has nothing to do with a comment in it.
  const inside = lines.find(line => startsWith(line.path, wanted) || line.path.length > origin.output.length);
  const line = inside ?? lines[0];
  return line === undefined ? undefined : { line, exact: false };
}

function isGatewayApi({ type }: Output['resource']): boolean {
  return type.startsWith('gateway.');
}

function startsWith(path: FieldPath, prefix: FieldPath): boolean {
  return prefix.every((key, depth) => path[depth] === key);
}

/** Whether a line has a value; for a subset also whether it has the Service that stands for it. */
function holds(line: YamlLine, scalar: unknown, isSubset: boolean): boolean {
  if (scalar === undefined || scalar === null) return false;
  const value = line.text.replace(/^ *(?:- )?(?:[\w./-]+: )?/, '');
  if (isSubset) return value.endsWith(`-${scalar}`);
  return value === String(scalar) || value === JSON.stringify(scalar);
}

function isOneLine(line: YamlLine): boolean {
  return !line.text.includes('\n');
}

// Fields of a VirtualService or DestinationRule, or items of their lists, behind `#`.
const field =
  /^#+\s*(?:- )*(?:apiVersion|kind|metadata|name|namespace|spec|hosts?|gateways|exportTo|http|tls|tcp|match|uri|exact|prefix|regex|headers|method|authority|queryParams|withoutHeaders|port|number|route|destination|subsets?|weight|redirect|rewrite|timeout|retries|attempts|perTryTimeout|retryOn|fault|delay|abort|percentage|value|fixedDelay|httpStatus|mirrors?|mirrorPercentage|corsPolicy|allow\w+|maxAge|labels|version|trafficPolicy|loadBalancer|connectionPool|outlierDetection|mode):(?:\s|$)/;

/** Whether a comment is a piece of the old object that somebody switched off: it would be wrong in the new one. */
function isCommentedOut({ lines, position }: Comment): boolean {
  if (position === 'behind') return false;
  const fields = lines.filter(line => field.test(line) || /^#+\s*- \S+$/.test(line));
  return lines.some(line => field.test(line)) && fields.length * 2 >= lines.length;
}
