import { readFile } from './1-read/read-file.ts';
import type { SourceFile } from './1-read/source.ts';
import { decode } from './2-decode/decode.ts';
import type { AnyResource } from './2-decode/resource.ts';
import { withNamespaces } from './3-link/namespaces.ts';
import type { Report } from './diagnostics/diagnostic.ts';

/** Reads the objects of some texts, with the namespaces they land in; what is wrong with them is reported. */
export function readResources(
  files: readonly SourceFile[],
  namespace: string,
  report: Report,
): readonly AnyResource[] {
  const decoded = files.flatMap(file =>
    [...readFile(file, report)].flatMap(manifest => decode(manifest, report) ?? []),
  );
  return withNamespaces(decoded, namespace);
}
