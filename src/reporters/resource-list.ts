import type { AnyResource } from '../2-decode/resource.ts';
import { applyEdits } from '../6-emit/apply-edits.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { Conversion } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import type { Source, SourceDocument } from '../yaml/source.ts';

/** Where an item of a ResourceList is to be written, by the two names that the specification has had for it. */
const placement = /^(?:internal\.)?config\.kubernetes\.io\/(?:path|index)$/;

/**
 * Makes the edits of a conversion to the items of a ResourceList; what there is to say becomes its results. An object that
 * takes an item's place goes into the same file.
 *
 * @param document the ResourceList
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
 */
export function editResourceList(document: SourceDocument, conversion: Conversion): string {
  const places = new Map(
    conversion.resources.map(({ resource }) => [resource.source, placementOf(resource)]),
  );
  const edits = conversion.edits.map((edit): Edit => {
    if (edit.kind !== 'replace' && edit.kind !== 'append') return edit;
    return { ...edit, outputs: edit.outputs.map(output => placed(output, edit.source, places)) };
  });
  const value = conversion.diagnostics.map(resultsFor(conversion));
  const source = { document, path: [] };
  const results: Edit = { kind: 'set-field', source, path: ['results'], value };
  return applyEdits(document.file, value.length === 0 ? edits : [results, ...edits]).text ?? '';
}

type Annotations = Readonly<Record<string, string>>;

function placementOf({ metadata }: AnyResource): Annotations {
  const annotations = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(annotations.filter(([key]) => placement.test(key)));
}

function placed(output: Output, home: Source, places: ReadonlyMap<Source | undefined, Annotations>): Output {
  const { resource } = output;
  const annotations = { ...resource.metadata.annotations, ...places.get(home) };
  if (Object.keys(annotations).length === 0) return output;
  return { ...output, resource: { ...resource, metadata: { ...resource.metadata, annotations } } };
}

function resultsFor({ resources }: Conversion): (diagnostic: Diagnostic) => object {
  const keyOf = ({ kind, namespace, name }: ResourceRef): string => `${kind} ${namespace}/${name}`;
  const items = new Map(resources.map(({ resource }) => [keyOf(resource), resource]));
  return ({ message, severity, resource, path, code, fate, remedy }) => {
    const item = resource && items.get(keyOf(resource));
    const file = item?.metadata.annotations?.['internal.config.kubernetes.io/path'];
    const index = item?.metadata.annotations?.['internal.config.kubernetes.io/index'];
    return {
      message: `${message}${remedy === '' ? '' : `. ${remedy}`}`,
      severity,
      ...(item && { resourceRef: { apiVersion: item.apiVersion, ...refOf(item) } }),
      ...(path === '' ? {} : { field: { path } }),
      ...(file === undefined ? {} : { file: { path: file, ...(index && { index: Number(index) }) } }),
      tags: { code, fate },
    };
  };
}
