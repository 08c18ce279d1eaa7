import type { Limits } from '../budget.ts';
import { defaultOptions, type Options } from '../options.ts';
import {
  collectValues,
  parseChoice,
  parseCount,
  parseGatewayMapping,
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

const today = 'What the VirtualServices run on today:';
const target = 'What the routes are for:';
const place = 'Where routes attach:';
const fields = 'How fields are converted:';
const facts = 'Facts that the manifests do not hold:';
const files = 'Which files are read, and how they change:';
const limits = 'When the work on VirtualServices that share hosts is given up:';

/** Everything that a conversion depends on, in the order of `--help`. */
export const settings: readonly Setting[] = [
  choice(today, '--from', 'from', ['sidecar', 'ambient'], 'what honours them'),
  choice(
    target,
    '--profile',
    'profile',
    ['istio', 'portable', 'envoy-gateway', 'contour', 'traefik'],
    'whose promises count',
  ),
  choice(target, '--gateway-api', 'gatewayApi', ['1.4', '1.5', '1.6', '1.7'], 'the version'),
  choice(target, '--channel', 'channel', ['standard', 'experimental'], 'its channel'),
  choice(place, '--attach', 'attach', ['both', 'service', 'waypoint'], 'parentRefs in the mesh'),
  text(place, '--waypoint <name>', 'waypoint', 'of Services whose labels name none', parseName),
  flag(place, '--create-waypoints', 'createWaypoints', 'write missing waypoints and labels'),
  choice(place, '--gateways', 'gateways', ['convert', 'keep'], 'what becomes of Istio Gateways'),
  list(
    place,
    '--gateway <from=to#listener>',
    'gateway',
    'what stands in for one (repeatable)',
    parseGatewayMapping,
  ),
  text(
    place,
    '--gateway-service <name>',
    'gatewayService',
    'that converted Gateways are to use',
    parseNamespacedName,
  ),
  choice(fields, '--grpc', 'grpc', ['auto', 'http', 'grpc'], 'kind of route for gRPC'),
  choice(fields, '--prefix', 'prefix', ['path', 'string'], 'what a uri prefix is one of'),
  choice(fields, '--policies', 'policies', ['keep', 'convert'], 'security policies'),
  flag(
    fields,
    '--partial',
    'partial',
    'convert around unsupported extras: faults, mirrors, retries, CORS policies',
  ),
  flag(fields, '--keep-virtual-services', 'keepVirtualServices', 'leave VirtualServices beside the routes'),
  choice(
    fields,
    '--stage',
    'stage',
    ['all', '1', '2'],
    'add what can stand beside VirtualServices, then remove them',
  ),
  list(facts, '--with <path>', 'with', 'read for facts only (repeatable)', collectValues),
  {
    ...text(facts, '--default-port <port>', 'defaultPort', 'of every Service nobody showed us', parsePort),
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
    '--namespace <name>',
    'namespace',
    `of manifests that name none (default: ${defaultOptions.namespace})`,
    parseNamespace,
  ),
  list(
    files,
    '--exclude <pattern>',
    'exclude',
    'pass over in folders, as in .gitignore (repeatable)',
    collectValues,
  ),
  flag(files, '--no-ignore', 'ignore', 'read what .gitignore leaves out, too'),
  flag(files, '--rename', 'rename', 'call virtualservice.yaml and the like after their routes'),
  choice(
    files,
    '--patches',
    'patches',
    ['keep', 'drop'],
    'what a kustomize patch of a VirtualService is: a reason to keep both, or of no account',
  ),
  limit('--limit-requests <n>', 'limitRequests', 'requests in a proof'),
  limit('--limit-automata <n>', 'limitAutomata', 'steps in the automata of regular expressions'),
  limit('--limit-matches <n>', 'limitMatches', 'comparisons of matches while entries are put in order'),
  limit('--limit-paths <n>', 'limitPaths', 'ways through kustomizations, in the whole run'),
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
    description: `${description} (default: ${defaultOptions[key] ?? 'what labels tell, else sidecar'})`,
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
