import { nameKey } from '../src/2-decode/resource.ts';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import { printResources } from '../src/6-emit/print.ts';
import type { Conversion } from '../src/conversion.ts';
import type { SourceFile } from '../src/index.ts';
import { linesOf } from './case-folders.ts';

/** Everything that a conversion comes to, as text: objects, diagnostics, proofs, what changes together, and the edited files. */
export function bytesOf(conversion: Conversion, files: readonly SourceFile[]): string {
  const { outputs, resources, together, removed, diagnostics, surroundings } = conversion;
  return [
    linesOf(conversion),
    JSON.stringify(diagnostics, undefined, 1),
    printResources(outputs.map(({ resource }) => resource)),
    JSON.stringify(outputs.map(({ origins, neededBy, home }) => [origins, neededBy?.service, home.path])),
    JSON.stringify(resources.map(({ resource, ...rest }) => [nameKey(resource), rest])),
    JSON.stringify(together.map(one => [...one].map(nameKey).sort()).sort()),
    JSON.stringify([...removed].map(nameKey).sort()),
    JSON.stringify(surroundings),
    ...files.map(file => {
      const own = conversion.edits.filter(({ source }) => source.document.file.path === file.path);
      return applyEdits(file, own).text ?? 'gone';
    }),
  ].join('\n====\n');
}
