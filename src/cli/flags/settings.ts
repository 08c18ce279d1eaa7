import type { Limits } from '../../budget.ts';
import { defaultOptions, type Options, stages } from '../../options.ts';
import {
  collectValues,
  parseChoice,
  parseCount,
  parseGatewayMapping,
  parseJobs,
  parseLimit,
  parseName,
  parseNamespace,
  parseNamespacedName,
  parsePort,
} from './values.ts';

/** A choice that a flag or the configuration file makes. */
export interface Setting {
  /** Its name in the configuration file, and what commander makes of the flag's name. */
  readonly key: string;
  /** The heading it stands under in `--help`. */
  readonly group: string;
  /** As commander reads it: `--waypoint <name>`; without a value it is a switch. */
  readonly flags: string;
  readonly description: string;
  /** The words to choose from, if it is one of some. */
  readonly choices?: readonly string[];
  readonly type: 'string' | 'boolean' | 'number' | 'list';
  /** The bounds of a number, both included. */
  readonly bounds?: { readonly minimum: number; readonly maximum?: number };
  /**
   * @param before what the same flag said further left
   * @throws InvalidArgumentError, whose message says what to write
   */
  readonly parse?: (text: string, before: never) => unknown;
}

const today = 'Today:';
const target = 'Target of the routes:';
const place = 'Parents of routes:';
const fields = 'Conversion of fields:';
const facts = 'Facts that are not in the manifests:';
const files = 'Files:';
const work = 'Work:';
const limits = 'Limits of the work on VirtualServices that share hosts:';

/** Everything that a conversion depends on, in the order of `--help`. */
export const settings: readonly Setting[] = [
  choice(today, '--from', 'from', ['sidecar', 'ambient'], 'proxies that apply the VirtualServices'),
  choice(
    target,
    '--profile',
    'profile',
    ['istio', 'portable', 'envoy-gateway', 'contour', 'traefik'],
    'features that routes may use',
  ),
  choice(target, '--gateway-api', 'gatewayApi', ['1.4', '1.5', '1.6', '1.7'], 'Gateway API version'),
  choice(target, '--channel', 'channel', ['standard', 'experimental'], 'Gateway API channel'),
  choice(place, '--attach', 'attach', ['both', 'service', 'waypoint'], 'parentRefs of mesh routes'),
  text(place, '--waypoint <name>', 'waypoint', 'waypoint of Services whose labels name none', parseName),
  flag(place, '--create-waypoints', 'createWaypoints', 'write missing waypoints and labels'),
  choice(place, '--gateways', 'gateways', ['convert', 'keep'], 'Istio Gateways'),
  list(
    place,
    '--gateway <from=to#listener>',
    'gateway',
    'Gateway that replaces an Istio Gateway (repeatable)',
    parseGatewayMapping,
  ),
  text(
    place,
    '--gateway-service <name>',
    'gatewayService',
    'Service of running gateway pods that converted Gateways use',
    parseNamespacedName,
  ),
  choice(fields, '--grpc', 'grpc', ['auto', 'http', 'grpc'], 'kind of route for gRPC'),
  choice(
    fields,
    '--prefix',
    'prefix',
    ['path', 'string'],
    'path: whole path segments; string: exactly as today, by regular expressions',
  ),
  choice(
    fields,
    '--policies',
    'policies',
    ['keep', 'convert'],
    'policies with a selector: keep, or convert to targetRefs',
  ),
  flag(
    fields,
    '--partial',
    'partial',
    'leave out faults, mirrors, retries and CORS policies that a route cannot express',
  ),
  flag(fields, '--keep-virtual-services', 'keepVirtualServices', 'keep VirtualServices beside the routes'),
  choice(
    fields,
    '--stage',
    'stage',
    stages,
    '1 adds (1a what routes need, 1b routes), 2 removes (2a VirtualServices, 2b subsets); Argo CD and Flux: a commit for each half',
  ),
  list(facts, '--with <path>', 'with', 'read for reference, not converted (repeatable)', collectValues),
  {
    ...text(
      facts,
      '--default-port <port>',
      'defaultPort',
      'port of Services that are not found in the input',
      parsePort,
    ),
    type: 'number',
    bounds: { minimum: 1, maximum: 65535 },
  },
  {
    ...text(
      facts,
      '--trusted-proxies <n>',
      'trustedProxies',
      'how many in front of gateways are trusted (numTrustedProxies)',
      parseCount,
    ),
    type: 'number',
    bounds: { minimum: 0 },
  },
  text(
    facts,
    '--root-namespace <name>',
    'rootNamespace',
    'of the mesh, where MeshConfig is not in the input (default: istio-system)',
    parseNamespace,
  ),
  text(
    facts,
    '--namespace <name>',
    'namespace',
    `of manifests without one (default: ${defaultOptions.namespace})`,
    parseNamespace,
  ),
  list(
    files,
    '--exclude <pattern>',
    'exclude',
    'ignore in folders, as in .gitignore (repeatable)',
    collectValues,
  ),
  flag(files, '--no-ignore', 'ignore', 'also read files that .gitignore ignores'),
  flag(files, '--rename', 'rename', 'rename virtualservice.yaml to httproute.yaml and so on'),
  choice(
    files,
    '--patches',
    'patches',
    ['keep', 'drop'],
    'kustomize patches of a VirtualService: keep both, or drop the patch',
  ),
  {
    ...text(
      work,
      '--jobs <n>',
      'jobs',
      'threads that convert (default: 2 for a large input, else 1)',
      parseJobs,
    ),
    type: 'number',
    bounds: { minimum: 1 },
  },
  limit('--limit-requests <n>', 'limitRequests', 'requests in a proof'),
  limit('--limit-automata <n>', 'limitAutomata', 'steps in regular expressions'),
  limit('--limit-matches <n>', 'limitMatches', 'comparisons of matches'),
  limit('--limit-paths <n>', 'limitPaths', 'paths through kustomizations'),
];

function limit(flags: string, key: keyof Limits, description: string): Setting {
  const byDefault = `(default: ${defaultOptions[key]})`;
  return {
    ...text(limits, flags, key, `${description} ${byDefault}`, parseLimit),
    type: 'number',
    bounds: { minimum: 1 },
  };
}

function choice<Key extends keyof Options>(
  group: string,
  name: string,
  key: Key,
  choices: readonly (Options[Key] & string)[],
  description: string,
): Setting {
  // No default for commander: a configuration file may come between it and the flag.
  return {
    ...text(group, `${name} <${choices.join('|')}>`, key, description, parseChoice<string>(choices)),
    description: `${description} (default: ${defaultOptions[key] ?? 'from labels, else sidecar'})`,
    choices,
  };
}

function text(
  group: string,
  flags: string,
  key: string,
  description: string,
  parse: NonNullable<Setting['parse']>,
): Setting {
  return { key, group, flags, description, parse, type: 'string' };
}

function list(...[group, flags, key, description, parse]: Parameters<typeof text>): Setting {
  return { ...text(group, flags, key, description, parse), type: 'list' };
}

function flag(group: string, flags: string, key: string, description: string): Setting {
  return { key, group, flags, description, type: 'boolean' };
}
