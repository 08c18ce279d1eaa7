import type { Scope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { servedHosts } from '../semantics/gateway-lists.ts';

/** A virtual host that a VirtualService has a say in, under a key that others who do share. */
export interface SharedHost {
  readonly key: string;
  readonly host: string;
}

/** @returns the virtual hosts of a VirtualService: Services inside the mesh, hosts at each port of a gateway */
export function sharedHosts(vs: ResolvedVirtualService, scopes: readonly Scope[]): readonly SharedHost[] {
  const hosts = scopes.flatMap((scope): readonly SharedHost[] => {
    if (scope.kind === 'mesh') return [{ key: `mesh ${scope.service.host}`, host: scope.service.host }];
    const served =
      scope.servers.length === 0 ? vs.hosts : scope.servers.flatMap(server => servedHosts(server, vs));
    return served.map(host => ({ key: `${scope.replaced} ${scope.port ?? ''} ${host}`, host }));
  });
  return [...new Map(hosts.map(shared => [shared.key, shared])).values()];
}

/** @returns keys of the virtual hosts at each listener: the same host at another port of a Service is another one */
export function listenerKeys(vs: ResolvedVirtualService, scopes: readonly Scope[]): readonly string[] {
  return scopes.flatMap(scope =>
    sharedHosts(vs, [scope]).map(({ key }) =>
      scope.kind === 'mesh' ? `${key} ${scope.port?.number ?? ''}` : key,
    ),
  );
}

/** Puts what shares a key into one group, also through others. */
export function groupByKeys<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): readonly (readonly T[])[] {
  if (items.length < 2) return items.length === 0 ? [] : [items];
  const parent = items.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    for (let next = parent[root]; next !== undefined && next !== root; next = parent[root]) root = next;
    parent[index] = root;
    return root;
  };
  const first = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    for (const key of keysOf(item)) {
      const other = first.get(key);
      if (other === undefined) first.set(key, index);
      else parent[find(index)] = find(other);
    }
  }
  const groups = new Map<number, T[]>();
  for (const [index, item] of items.entries()) {
    const root = find(index);
    const known = groups.get(root);
    if (known === undefined) groups.set(root, [item]);
    else known.push(item);
  }
  return [...groups.values()];
}
