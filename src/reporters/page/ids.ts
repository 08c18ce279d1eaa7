import type { ConvertedResource } from '../../conversion.ts';

/** @returns an address for each object: `VirtualService/shop/reviews`, and `...~2` for the second of one name */
export function idsOf(resources: readonly ConvertedResource[]): ReadonlyMap<ConvertedResource, string> {
  const seen = new Map<string, number>();
  return new Map(
    resources.map(one => {
      const { kind, namespace, name } = one.resource;
      const key = `${kind}/${namespace}/${name}`;
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [one, count === 1 ? key : `${key}~${count}`];
    }),
  );
}
