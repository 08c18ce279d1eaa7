import type { AnyResource } from '../2-decode/resource.ts';
import { ignoresConvertible } from '../7-settle/convertible-annotation.ts';
import type { ConvertedResource } from '../conversion.ts';

/** Whether people said of an object, or of its file, that it is to stay what it is. */
export type LeftAlone = (resource: AnyResource) => boolean;

/** @param isKept whether the configuration says so of a file */
export function leftAlone(isKept: (path: string) => boolean = () => false): LeftAlone {
  return resource =>
    ignoresConvertible(resource) ||
    (resource.source !== undefined && isKept(resource.source.document.file.path));
}

/** Whether one of the VirtualServices of a change is to stay what it is. */
export function isLeftAlone(resources: readonly ConvertedResource[], leaves: LeftAlone): boolean {
  return resources.some(({ resource }) => resource.type === 'istio.VirtualService' && leaves(resource));
}
