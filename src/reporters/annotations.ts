import { plainLine } from '../suggest/bodies.ts';
import type { Item, Level } from '../suggest/items.ts';
import { visible } from './visible.ts';

/** GitHub shows so many annotations of each level for one step, and drops the others. */
export const MAX_OF_LEVEL = 10;

const titles: Readonly<Record<Item['kind'], string>> = {
  change: 'vs2route: can be converted',
  'held-back': 'vs2route: cannot be converted yet',
  problem: 'vs2route: not converted',
};

/**
 * Workflow commands, which GitHub Actions turns into annotations of lines.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotations(items: readonly Item[]): string {
  const levels: readonly Level[] = ['error', 'warning', 'notice'];
  return levels.flatMap(level => ofLevel(items.filter(item => item.level === level))).join('');
}

function ofLevel(items: readonly Item[]): readonly string[] {
  if (items.length <= MAX_OF_LEVEL) return items.map(annotation);
  const shown = items.slice(0, MAX_OF_LEVEL - 1);
  const [next] = items.slice(shown.length);
  const more = `and ${items.length - shown.length} more like this; the summary of this step has them all`;
  return [
    ...shown.map(annotation),
    next === undefined ? '' : workflowCommand(next.level, { title: titles[next.kind] }, more),
  ];
}

function annotation(item: Item): string {
  const { path, range, line, level, kind } = item;
  const place =
    kind === 'change'
      ? { line: String(range.start), endLine: String(Math.max(range.start, range.end)) }
      : { line: String(line) };
  return workflowCommand(level, { file: path, ...place, title: titles[kind] }, plainLine(item));
}

/** @returns a workflow command in which nothing of the texts can end it or begin another */
export function workflowCommand(
  level: Level,
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${level} ${list.join(',')}::${escapeData(message)}\n`;
}

/** @see https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' '))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
