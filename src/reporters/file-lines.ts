import type { Conversion, ConvertedResource } from '../conversion.ts';
import { decidingCodes, outcomeOf, outcomes, outcomeWords } from '../print/outcome-words.ts';
import type { Palette } from '../print/palette.ts';
import { formatNumber, paintOf } from '../print/summary.ts';
import { visible } from '../print/visible.ts';

/** Files with more objects than these are summed up. */
const MOST_OBJECTS = 2;

/**
 * One line for each file with an object that is converted or refused: the objects, their outcome and the codes that decide
 * it. Files whose objects all stay unchanged have no line.
 */
export function fileLines({ resources }: Conversion, palette: Palette): readonly string[] {
  const files = new Map<string, ConvertedResource[]>();
  for (const resource of resources) {
    const path = resource.resource.source?.document.file.path;
    if (path === undefined || outcomeOf(resource) === 'unchanged') continue;
    const known = files.get(path);
    if (known === undefined) files.set(path, [resource]);
    else known.push(resource);
  }
  return [...files].map(([path, own]) => {
    const parts = own.length <= MOST_OBJECTS ? own.map(one => objectPart(one, palette)) : sums(own, palette);
    return `${visible(path)}: ${parts.join('; ')}`;
  });
}

function objectPart(resource: ConvertedResource, palette: Palette): string {
  const { kind, namespace, name } = resource.resource;
  const outcome = outcomeOf(resource);
  const subject = visible(`${kind} ${[namespace, name].filter(Boolean).join('/')}`);
  return `${subject} ${paintOf(outcome, palette)(outcomeWords[outcome])}${inBrackets(decidingCodes(resource))}`;
}

function sums(own: readonly ConvertedResource[], palette: Palette): readonly string[] {
  return outcomes.flatMap(outcome => {
    const some = own.filter(resource => outcomeOf(resource) === outcome);
    if (some.length === 0) return [];
    const codes = [...new Set(some.flatMap(decidingCodes))];
    const words = paintOf(outcome, palette)(`${formatNumber(some.length)} ${outcomeWords[outcome]}`);
    return [`${words}${inBrackets(codes)}`];
  });
}

function inBrackets(codes: readonly string[]): string {
  return codes.length === 0 ? '' : ` [${codes.join(', ')}]`;
}
