import { type AnyResource, isType, nameKey } from '../2-decode/resource.ts';
import { groupBy } from '../3-link/group-by.ts';
import { agedOf, byAge, compareText } from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import { alwaysQuoted, shellWord } from '../diagnostics/shell-word.ts';
import type { Stage } from '../options.ts';
import { movingHosts } from './cut-over-hosts.ts';
import { cutOverNotes } from './cut-over-notes.ts';
import { type NamedObject, policiesWithMoreTargets } from './cut-over-policies.ts';
import { whoStillNames } from './cut-over-queries.ts';
import { changesBetween } from './deletion-notes.ts';
import { inOrderOfDeletion } from './deletion-order.ts';

/** One step of taking a conversion to a running cluster. */
export interface CutOverStep {
  /** A sentence without its end. */
  readonly title: string;
  /** The stage of `convert` that writes the objects of this step; none where nothing is written. */
  readonly stage?: Exclude<Stage, 'all' | '1' | '2'>;
  /** For a shell, from the folder with the manifests of this step; one a line. */
  readonly commands: readonly string[];
}

/** Objects that change nothing before routes refer to them. */
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

/** `jsonpath` of where a Gateway is asked, one a line. */
const addresses = '{range .status.addresses[*]}{.value}{"\\n"}{end}';

/** The VirtualServices that name subsets, one a line, and which. */
const subsetsNamed = `kubectl get virtualservices.networking.istio.io --all-namespaces -o jsonpath=${alwaysQuoted(
  '{range .items[*]}{.metadata.namespace}/{.metadata.name} {.spec..subset}{"\\n"}{end}',
)} | grep ' .'`;

/**
 * The order in which somebody answers every request at every step: what routes refer to, Gateways, routes, and only when
 * these are accepted the VirtualServices go. Steps without objects are left out.
 *
 * @returns the steps, and last the way back; none where nothing was converted
 */
export function cutOverSteps(conversion: Conversion): readonly CutOverStep[] {
  const { outputs, resources, removed } = conversion;
  const notes = cutOverNotes(conversion);
  const made = outputs.map(({ resource }) => resource);
  const changedRules = resources
    .filter(({ resource, status }) => isConverted(status) && resource.type === 'istio.DestinationRule')
    .map(({ resource }) => resource);
  // Environments have objects of the same name: one that stays in any of them is not deleted by its name.
  const staying = new Set(
    resources
      .map(({ resource }) => resource)
      .filter(resource => !removed.has(resource))
      .map(nameKey),
  );
  const gone = (type: AnyResource['type']) =>
    once([...removed].filter(resource => resource.type === type && !staying.has(nameKey(resource))));
  const moving = movingHosts(conversion);
  const madeRoutes = oneByOne(conversion);
  if (made.length === 0 && removed.size === 0 && changedRules.length === 0) return [];
  const gateways = made.filter(isType('gateway.Gateway'));
  // On the running pods istiod leaves a listener out as long as an Istio Gateway has its host behind TLS, or its port (mergeGateways).
  const usesRunningPods = gateways.some(({ spec }) =>
    (spec.addresses ?? []).some(({ type }) => type === 'Hostname'),
  );
  const deletion = inOrderOfDeletion(gone('istio.VirtualService'), conversion, usesRunningPods);
  const deletionOfGateways = deletions('gateways.networking.istio.io', gone('istio.Gateway'));
  const steps: readonly CutOverStep[] = [
    {
      title: 'Apply what routes refer to; nobody does yet',
      stage: '1a',
      commands: [
        ...notes.prerequisites,
        ...made.filter(({ kind }) => prerequisites.has(kind)).map(resource => comment(resource)),
        ...policiesWithMoreTargets(conversion.edits).map(policy => comment(policy)),
      ],
    },
    {
      title: usesRunningPods
        ? 'Apply the Gateways and wait until they are programmed; they use the running pods'
        : 'Apply the Gateways and wait until they are programmed; they have addresses of their own',
      stage: '1a',
      commands: withNotes(
        notes.gateways,
        byNamespace(gateways, (namespace, names) => [
          `kubectl -n ${shellWord(namespace)} wait --for=condition=Programmed --timeout=5m ${names.map(name => shellWord(`gateways.gateway.networking.k8s.io/${name}`)).join(' ')}`,
        ]),
      ),
    },
    {
      title: 'Apply the routes, and go on when each parent says Accepted=True and ResolvedRefs=True',
      stage: '1b',
      commands: withNotes(
        notes.routes,
        [...groupBy(madeRoutes, ({ kind }) => kind)].flatMap(([kind, ofKind]) =>
          byNamespace(ofKind, (namespace, names) =>
            names.map(
              name =>
                `kubectl -n ${shellWord(namespace)} get ${kind.toLowerCase()}s.gateway.networking.k8s.io ${shellWord(name)} -o jsonpath=${alwaysQuoted(parentStatus)}`,
            ),
          ),
        ),
      ),
    },
    {
      title:
        'Point DNS to the addresses of the new Gateways, and go on when nobody asks the old pods any more',
      commands:
        !usesRunningPods && gone('istio.VirtualService').some(isAtGateway)
          ? withNotes(
              moving.notes,
              moving.gateways.map(
                ({ namespace, name }) =>
                  `kubectl -n ${shellWord(namespace)} get ${shellWord(`gateways.gateway.networking.k8s.io/${name}`)} -o jsonpath=${alwaysQuoted(addresses)}`,
              ),
            )
          : [],
    },
    {
      title: usesRunningPods
        ? 'Delete the Istio Gateways, so that the new Gateways get their hosts, then the VirtualServices one after the other in this order'
        : 'Delete the VirtualServices one after the other in this order, then the Istio Gateways',
      stage: '2a',
      commands: [
        ...whoStillNames([...gone('istio.VirtualService'), ...gone('istio.Gateway')]),
        ...(usesRunningPods ? deletionOfGateways : []),
        ...changesBetween(deletion.changes),
        ...deletionsInOrder('virtualservices.networking.istio.io', deletion.resources),
        ...(usesRunningPods ? [] : deletionOfGateways),
      ],
    },
    {
      title:
        'Apply or delete the DestinationRules, once no other VirtualService names one of their subsets: its requests would get 503',
      stage: '2b',
      commands: [subsetsNamed, ...changedRules.map(comment)],
    },
    {
      title:
        'The way back: apply the old manifests, point DNS back, and delete the routes, which would win as the older objects',
      commands: [...groupBy(madeRoutes, ({ kind }) => kind)].flatMap(([kind, ofKind]) =>
        deletions(`${kind.toLowerCase()}s.gateway.networking.k8s.io`, ofKind),
      ),
    },
  ];
  return steps.filter(({ commands }) => commands.some(command => command !== subsetsNamed));
}

/**
 * Routes in an order in which each can come by itself: at a waypoint a route comes before all VirtualServices, so that one with a
 * rule for every request comes after those that take some of them, and the route of an older VirtualService, which decides today,
 * before that of a younger one.
 */
function oneByOne({ outputs, resources }: Conversion): readonly AnyResource[] {
  const sources = new Map(resources.map(({ resource }) => [resource.source, resource]));
  return outputs
    .filter(({ resource: { kind } }) => routes.has(kind))
    .map(({ resource, home }) => ({ resource, age: agedOf(sources.get(home) ?? resource) }))
    .sort(
      (a, b) =>
        Number(takesEverything(a.resource)) - Number(takesEverything(b.resource)) ||
        (hasAge(a.age) || hasAge(b.age) ? byAge(a.age, b.age) : 0),
    )
    .map(({ resource }) => resource);
}

/** Without ages the order of the files stays. */
function hasAge({ resource }: ReturnType<typeof agedOf>): boolean {
  return resource.metadata.creationTimestamp !== undefined;
}

function takesEverything(route: AnyResource): boolean {
  if (route.type === 'gateway.GRPCRoute')
    return (route.spec.rules ?? []).some(({ matches = [] }) => matches.length === 0);
  if (route.type !== 'gateway.HTTPRoute') return false;
  return (route.spec.rules ?? []).some(
    ({ matches = [] }) =>
      matches.length === 0 ||
      matches.some(
        ({ path, headers = [], queryParams = [], method }) =>
          (path === undefined || (path.type === 'PathPrefix' && path.value === '/')) &&
          headers.length + queryParams.length === 0 &&
          method === undefined,
      ),
  );
}

/** Comments stand before commands, and alone they make no step. */
function withNotes(notes: readonly string[], commands: readonly string[]): readonly string[] {
  return commands.length === 0 ? [] : [...notes, ...commands];
}

/** Each name once: environments have objects of the same name. */
function once(resources: readonly AnyResource[]): readonly AnyResource[] {
  return [...new Map(resources.map(resource => [nameKey(resource), resource])).values()];
}

/** The old pods answer 404 as soon as the VirtualService of a host is gone, so that DNS has to point elsewhere before. */
function isAtGateway(resource: AnyResource): boolean {
  return (
    resource.type === 'istio.VirtualService' &&
    (resource.spec.gateways ?? []).some(gateway => gateway !== 'mesh')
  );
}

function isConverted(status: string): boolean {
  return status === 'converted' || status === 'approximate';
}

function comment({ kind, namespace, name }: NamedObject): string {
  return `# ${kind} ${namespace}/${name}`;
}

function deletions(plural: string, resources: readonly AnyResource[]): readonly string[] {
  return byNamespace(resources, (namespace, names) => [
    `kubectl -n ${shellWord(namespace)} delete ${plural} ${names.map(shellWord).join(' ')}`,
  ]);
}

/** One command for those in a row that are in one namespace: kubectl deletes them one after the other. */
function deletionsInOrder(plural: string, resources: readonly AnyResource[]): readonly string[] {
  const runs: { readonly namespace: string; readonly names: string[] }[] = [];
  for (const { namespace, name } of resources) {
    const last = runs.at(-1);
    if (last?.namespace === namespace) last.names.push(name);
    else runs.push({ namespace, names: [name] });
  }
  return runs.map(
    ({ namespace, names }) =>
      `kubectl -n ${shellWord(namespace)} delete ${plural} ${names.map(shellWord).join(' ')}`,
  );
}

function byNamespace(
  resources: readonly AnyResource[],
  commandsFor: (namespace: string, names: readonly string[]) => readonly string[],
): readonly string[] {
  return [...groupBy(resources, ({ namespace }) => namespace)]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([namespace, own]) =>
      commandsFor(
        namespace,
        own.map(({ name }) => name),
      ),
    );
}

/**
 * Which stage of `convert` writes which steps, for a repository that Argo CD or Flux applies: these know the order of kinds
 * alone, so that each stage is a commit of its own.
 *
 * @returns a sentence; nothing where one commit does it all
 */
export function stagesOfSteps(steps: readonly CutOverStep[]): string {
  const numbered = steps.flatMap(({ stage }, index) =>
    stage === undefined ? [] : [{ stage, number: index + 1 }],
  );
  const stages = [...groupBy(numbered, ({ stage }) => stage)];
  if (stages.length < 2) return '';
  const parts = stages.map(([stage, own]) => {
    const numbers = own.map(({ number }) => number);
    return `\`--stage ${stage}\` writes step${numbers.length > 1 ? 's' : ''} ${numbers.join(' and ')}`;
  });
  return `With Argo CD or Flux, make one commit for each stage and wait until it is healthy: ${parts.join(', ')}.`;
}
