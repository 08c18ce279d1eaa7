import type { AnyResource } from '../2-decode/resource.ts';
import { compareText } from '../3-link/virtual-services.ts';
import { groupBy } from '../6-emit/group-by.ts';
import type { Conversion } from '../conversion.ts';

/** One step of taking a conversion to a running cluster. */
export interface CutOverStep {
  /** A sentence without its end. */
  readonly title: string;
  /** For a shell, from the folder with the manifests of this step; one a line. */
  readonly commands: readonly string[];
}

/** What stands in nobody's way before routes refer to it. */
const prerequisites: ReadonlySet<string> = new Set([
  'Service',
  'DestinationRule',
  'ReferenceGrant',
  'BackendTLSPolicy',
]);

const routes: ReadonlySet<string> = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']);

/** `jsonpath` of what a route's parents say, one a line. */
const parentStatus =
  '{range .status.parents[*]}{.parentRef.kind}/{.parentRef.name}{range .conditions[*]} {.type}={.status}{end}{"\\n"}{end}';

/**
 * The order in which somebody answers every request at every step: what routes refer to, Gateways, routes, and only when
 * these are accepted the VirtualServices go. Steps without objects are left out.
 *
 * @returns the steps, and last the way back; none where nothing was converted
 */
export function cutOverSteps({ outputs, resources }: Conversion): readonly CutOverStep[] {
  const made = outputs.map(({ resource }) => resource);
  const gone = resources
    .filter(({ resource, status }) => isConverted(status) && resource.kind === 'VirtualService')
    .map(({ resource }) => resource);
  const madeRoutes = made.filter(({ kind }) => routes.has(kind));
  if (madeRoutes.length === 0) return [];
  const gateways = made.filter(({ type }) => type === 'gateway.Gateway');
  const steps: readonly CutOverStep[] = [
    {
      title: 'Apply what routes refer to; nobody does yet',
      commands: made.filter(({ kind }) => prerequisites.has(kind)).map(resource => comment(resource)),
    },
    {
      title: 'Apply the Gateways and wait until they are programmed; they have addresses of their own',
      commands: byNamespace(gateways, (namespace, names) => [
        `kubectl -n ${namespace} wait --for=condition=Programmed --timeout=5m ${names.map(name => `gateways.gateway.networking.k8s.io/${name}`).join(' ')}`,
      ]),
    },
    {
      title: 'Apply the routes, and go on when each parent says Accepted=True and ResolvedRefs=True',
      commands: [...groupBy(madeRoutes, ({ kind }) => kind)].flatMap(([kind, ofKind]) =>
        byNamespace(ofKind, (namespace, names) =>
          names.map(
            name =>
              `kubectl -n ${namespace} get ${kind.toLowerCase()}s.gateway.networking.k8s.io ${name} -o jsonpath='${parentStatus}'`,
          ),
        ),
      ),
    },
    {
      title: 'Delete the VirtualServices, then apply what is left of DestinationRules',
      commands: byNamespace(gone, (namespace, names) => [
        `kubectl -n ${namespace} delete virtualservices.networking.istio.io ${names.join(' ')}`,
      ]),
    },
    {
      title: 'The way back: apply the old manifests, and delete the routes, which would win as the older objects',
      commands: [...groupBy(madeRoutes, ({ kind }) => kind)].flatMap(([kind, ofKind]) =>
        byNamespace(ofKind, (namespace, names) => [
          `kubectl -n ${namespace} delete ${kind.toLowerCase()}s.gateway.networking.k8s.io ${names.join(' ')}`,
        ]),
      ),
    },
  ];
  return steps.filter(({ commands }) => commands.length > 0);
}

function isConverted(status: string): boolean {
  return status === 'converted' || status === 'approximate';
}

function comment({ kind, namespace, name }: AnyResource): string {
  return `# ${kind} ${namespace}/${name}`;
}

function byNamespace(
  resources: readonly AnyResource[],
  commandsFor: (namespace: string, names: readonly string[]) => readonly string[],
): readonly string[] {
  return [...groupBy(resources, ({ namespace }) => namespace)]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([namespace, own]) => commandsFor(namespace, own.map(({ name }) => name)));
}
