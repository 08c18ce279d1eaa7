import type { Manifest } from './1-read/manifest.ts';
import { isKustomizationFile } from './1-read/manifests.ts';
import { readFile } from './1-read/read-file.ts';
import { decode } from './2-decode/decode.ts';
import { patchFiles, withPatchFiles, withTransformers } from './2-decode/patch-files.ts';
import type { AnyResource } from './2-decode/resource.ts';
import { anew, type Derive } from './3-link/derived.ts';
import { folderOf } from './3-link/gitops/kustomizations.ts';
import { withNamespaces } from './3-link/namespaces.ts';
import type { Finding, Report } from './diagnostics/diagnostic.ts';
import { collect } from './diagnostics/locate.ts';
import type { Options } from './options.ts';
import type { SourceFile } from './yaml/source.ts';

/** The content of one text by itself. */
export interface ReadFile {
  readonly resources: readonly AnyResource[];
  readonly findings: readonly Finding[];
}

/**
 * Reads one text.
 *
 * @param look sees each manifest while its tree is there
 */
export function readOne(file: SourceFile, look: (manifest: Manifest) => void = () => undefined): ReadFile {
  const { report, findings } = collect();
  const resources: AnyResource[] = [];
  // One tree at a time: a list of manifests would hold those of a whole file.
  for (const manifest of readFile(file, report)) {
    look(manifest);
    const resource = decode(manifest, report);
    if (resource !== undefined) resources.push(resource);
  }
  return { resources, findings };
}

/**
 * Reads the objects of some texts, with the namespaces they land in; what is wrong with them is reported.
 *
 * @param read what reads one text, for those who keep what they have read
 * @param derive gives an object its namespace
 */
export function readResources(
  files: readonly SourceFile[],
  namespace: string,
  report: Report,
  read: (file: SourceFile) => ReadFile = file => readOne(file),
  derive: Derive = anew,
): readonly AnyResource[] {
  const written: AnyResource[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const one = read(file);
    for (const resource of one.resources) written.push(resource);
    for (const finding of one.findings) findings.push(finding);
  }
  const decoded = withTransformers(written, files);
  // A file that a kustomization lists as a patch is a piece of an object, and no object.
  const patches = patchFiles(decoded);
  const folders = new Set<string>();
  for (const { code, place, args, related } of findings) {
    if (patches.has(place.file.path)) continue;
    if (code === 'template-not-read') {
      // One of a chart tells of all of them.
      const folder = folderOf(place.file.path);
      if (folders.has(folder)) continue;
      folders.add(folder);
    }
    report(code, place, args, related);
  }
  const objects = decoded.filter(
    ({ source }) => source === undefined || !patches.has(source.document.file.path),
  );
  return withNamespaces(withPatchFiles(objects, files), namespace, derive);
}

/** Reads the kustomizations, and what else applies manifests, of texts that are not converted; nothing is reported. */
export function appliersIn(files: readonly SourceFile[], { namespace }: Options): readonly AnyResource[] {
  const listing = files.filter(
    ({ path, text }) =>
      isKustomizationFile(path) || /\bkind["']?\s*:\s*["']?(?:Kustomization|Application)\b/.test(text),
  );
  if (listing.length === 0) return [];
  return readResources(files, namespace, () => undefined).filter(
    ({ type }) =>
      type === 'kustomize.Kustomization' || type === 'flux.Kustomization' || type === 'argo.Application',
  );
}
