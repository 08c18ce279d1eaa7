import type { Output } from './edit.ts';

/** The word for a VirtualService in the name of a file, in the ways people write it. */
const word =
  /(?<![A-Za-z])(?:(virtual)([-_]?)(service)(s?)|(vs))(?![A-Za-z])|(VirtualService|virtualService)(s?)/;

/**
 * The name of a file that held VirtualServices and now holds routes: `virtualservice.yaml` becomes `httproute.yaml`,
 * `shop-virtual-services.yaml` becomes `shop-http-routes.yaml`.
 *
 * @param path of the file
 * @param outputs everything that took the place of its objects
 * @returns the same path where its name says nothing of VirtualServices, or its routes are of several kinds
 */
export function renamed(path: string, outputs: readonly Output[]): string {
  const kinds = [
    ...new Set(outputs.map(({ resource }) => resource.kind).filter(kind => kind.endsWith('Route'))),
  ];
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) return path;
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash).replace(word, (...found: readonly (string | undefined)[]) => {
    const [, virtual, gap = '', , plural = '', short, camel, camelPlural = ''] = found;
    const protocol = kind.slice(0, -'Route'.length);
    if (virtual !== undefined) return `${protocol.toLowerCase()}${gap}route${plural}`;
    if (short !== undefined) return kind.toLowerCase();
    return `${camel?.startsWith('V') ? protocol : protocol.toLowerCase()}Route${camelPlural}`;
  });
  return path.slice(0, slash) + name;
}
