import type { YamlNode } from '../yaml/yaml-node.ts';

const LONGEST = 40;

/** A value as kubectl reads it, for messages: `the boolean true (written on)`. */
export function describe(node: YamlNode): string {
  if (node.kind === 'mapping') return 'a mapping';
  if (node.kind === 'sequence') return 'a list';
  const { value, text } = node;
  if (value === null) return 'nothing';
  if (typeof value === 'string') return `the string ${JSON.stringify(shortened(value))}`;
  const written = text === undefined || text === String(value) ? '' : ` (written \`${shortened(text)}\`)`;
  return `the ${typeof value} ${value}${written}`;
}

/** @returns a full sentence on how to write a value of another type */
export function remedyFor(node: YamlNode, wants: string): string {
  if (wants === 'a list') return 'Begin it with a dash: a list of one item is a list too.';
  if (node.kind !== 'scalar') return `Write ${wants}.`;
  const { value, text } = node;
  if (wants === 'a string' && value !== null && typeof value !== 'string')
    return `Put quotes around it: "${shortened(text ?? String(value))}".`;
  if (typeof value === 'string' && node.style !== 'plain' && /^(?:[0-9.]+|true|false)$/.test(value))
    return `Take the quotes away: ${value}.`;
  return `Write ${wants}.`;
}

/** A text that is quoted in a message must not drown it. */
export function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
