import { visible } from '../print/visible.ts';
import { plainLine } from '../suggest/bodies.ts';
import type { Item, Level } from '../suggest/items.ts';

/** GitHub shows so many annotations of each level for one step, and drops the others. */
const MAX_OF_LEVEL = 10;

const titles: Readonly<Record<Item['kind'], string>> = {
  change: 'vs2route: can be converted',
  'held-back': 'vs2route: cannot be converted yet',
  problem: 'vs2route: not converted',
  failing: 'vs2route: requests fail today',
  loss: 'vs2route: removes what is used',
};

/** One line of GitHub's view of a job, and of the diff. */
export interface Annotation {
  readonly level: Level;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** The findings for a pull request, as annotations. */
export function annotations(items: readonly Item[]): string {
  return printAnnotations(items.map(annotationOf), 'the summary of this step has them all');
}

function annotationOf(item: Item): Annotation {
  const { path, range, line, level, kind } = item;
  const place =
    kind === 'change'
      ? { line: String(range.start), endLine: String(Math.max(range.start, range.end)) }
      : { line: String(line) };
  return { level, properties: { file: path, ...place, title: titles[kind] }, message: plainLine(item) };
}

/**
 * Workflow commands, which GitHub Actions turns into annotations of lines.
 *
 * @param elsewhere says where those are that are too many
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function printAnnotations(all: readonly Annotation[], elsewhere: string): string {
  const levels: readonly Level[] = ['error', 'warning', 'notice'];
  return levels
    .flatMap(level => {
      const own = all.filter(annotation => annotation.level === level);
      if (own.length <= MAX_OF_LEVEL) return own;
      const message = `and ${own.length - MAX_OF_LEVEL + 1} more like this; ${elsewhere}`;
      return [...own.slice(0, MAX_OF_LEVEL - 1), { level, properties: { title: 'vs2route' }, message }];
    })
    .map(workflowCommand)
    .join('');
}

/** @returns a workflow command in which nothing of the texts can end it or begin another */
export function workflowCommand({ level, properties, message }: Annotation): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${level} ${list.join(',')}::${escapeData(visible(message.replaceAll(/\s+/g, ' ')))}\n`;
}

/** @see https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
