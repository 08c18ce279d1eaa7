import type { Place } from '../diagnostics/diagnostic.ts';
import { refOf } from '../diagnostics/resource-ref.ts';
import { type FieldPath, pathInDocument } from '../yaml/source.ts';
import type { AnyResource, Resource } from './resource.ts';

/**
 * The place of a field of a resource.
 *
 * @throws a bug of ours: only resources that were read from a manifest have places
 */
export function placeOf(resource: Resource | AnyResource, ...field: FieldPath): Place {
  if (resource.source === undefined)
    throw new Error(`${resource.kind} ${resource.name} was not read from a file`);
  const { document } = resource.source;
  return {
    file: document.file,
    document,
    path: pathInDocument(resource.source, field),
    field,
    at: 'value',
    resource: refOf(resource),
  };
}
