import type { AnyResource } from '../../2-decode/resource.ts';
import { landingNamespaces } from '../gitops/landing-namespaces.ts';
import { isClusterWide } from '../namespaces.ts';
import { escaped } from '../regexp-literal.ts';
import type { Environment } from './environments.ts';
import { pathOf } from './identity.ts';

/** The namespaces in which environments have the objects that they share. */
export interface Landing {
  /** @returns environments, those first that have an object in the namespace that it was read with */
  readonly firstAsRead: (member: AnyResource, deployed: readonly Environment[]) => readonly Environment[];
  /** @returns an object in the namespace to which an environment deploys it; the object itself where that is its own */
  readonly movedIn: (environment: Environment, resource: AnyResource) => AnyResource;
  /** Whether the file of an object names a namespace that only some environments deploy to. */
  readonly isTold: (resource: AnyResource) => boolean;
}

/**
 * Overlays often differ in their namespace alone, and the objects of a base name each other without one. A run reads each object
 * in the namespace of one environment; the others are tried as well.
 */
export function landingIn(resources: readonly AnyResource[]): Landing {
  const { overriding } = landingNamespaces(resources);
  const given = [...overriding.values()].map(byRoot => [...byRoot.values()].map(one => one.namespace));
  const several = given.filter(namespaces => new Set(namespaces).size > 1);
  if (several.length === 0)
    return {
      firstAsRead: (_, deployed) => deployed,
      movedIn: (_, resource) => resource,
      isTold: () => false,
    };
  const namespaceIn = ({ root }: Environment, resource: AnyResource): string =>
    isClusterWide(resource) || root === undefined
      ? resource.namespace
      : (overriding.get(pathOf(resource))?.get(root)?.namespace ?? resource.namespace);
  const names = new Set(several.flat());
  const mention = new RegExp(`(?:^|[\\s./"',[])(?:${[...names].map(escaped).join('|')})(?:$|[\\s./"',\\]])`);
  const told = new Map<string, boolean>();
  return {
    firstAsRead: (member, deployed) => {
      const isAsRead = (environment: Environment): boolean =>
        namespaceIn(environment, member) === member.namespace;
      return deployed.length < 2 || deployed[0] === undefined || isAsRead(deployed[0])
        ? deployed
        : [...deployed.filter(isAsRead), ...deployed.filter(one => !isAsRead(one))];
    },
    movedIn: (environment, resource) => {
      const namespace = namespaceIn(environment, resource);
      return namespace === resource.namespace ? resource : { ...resource, namespace };
    },
    isTold: ({ source }) => {
      if (source === undefined) return false;
      const { path, text } = source.document.file;
      const known = told.get(path) ?? mention.test(text);
      told.set(path, known);
      return known;
    },
  };
}
