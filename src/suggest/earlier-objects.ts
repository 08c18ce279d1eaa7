import { type AnyResource, isRoute } from '../2-decode/resource.ts';

/** Whether an object of the head is one that was there before: changed, moved, renamed or written in another form, be it as a route. */
export type WasThere = (resource: AnyResource) => boolean;

/**
 * @param before the objects of the base in the files that a pull request changes
 * @param after those of the head in the same files
 * @param movedTo what the path of a file of the base is in the head
 */
export function earlierObjects(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
  movedTo: (path: string) => string,
): WasThere {
  const keysAfter = new Set(after.flatMap(object => keysOf(object).map(key => `${pathOf(object)} ${key}`)));
  const known = new Map<string, Set<string>>();
  for (const object of before) {
    const path = movedTo(pathOf(object));
    for (const key of keysOf(object)) {
      // One that is still in its file was copied, and not moved.
      const isThere = keysAfter.has(`${path} ${key}`);
      const places = known.get(key) ?? new Set();
      places.add(isThere ? path : '*');
      known.set(key, places);
    }
  }
  return object =>
    keysOf(object).some(key => {
      const places = known.get(key);
      return places !== undefined && (places.has('*') || places.has(pathOf(object)));
    });
}

function pathOf({ source }: AnyResource): string {
  return source?.document.file.path ?? '';
}

/**
 * Its name, and each host of a VirtualService, so that one that got another name is known, too. Whoever goes back from a route
 * to the VirtualService of its name means to.
 */
function keysOf(object: AnyResource): readonly string[] {
  if (isRoute(object)) return [`${object.kind} ${object.name}`, `VirtualService ${object.name}`];
  const hosts = object.type === 'istio.VirtualService' ? (object.spec.hosts ?? []) : [];
  return [`${object.kind} ${object.name}`, ...hosts.map(host => `${object.kind} of ${host}`)];
}
