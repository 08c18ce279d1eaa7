import { type Command, Option } from 'commander';
import { defaultOptions, type GatewayMapping, type Options } from '../options.ts';
import {
  collectValues,
  parseChoice,
  parseGatewayMapping,
  parseName,
  parseNamespace,
  parseNamespacedName,
  parsePort,
} from './values.ts';
import type { ColorFlag } from './world.ts';

/** The flags of every command that converts, as commander hands them over: absent when not given. */
export interface ConversionFlags extends Partial<Omit<Options, 'gatewayMap'>> {
  readonly gateway?: readonly GatewayMapping[];
  readonly with?: readonly string[];
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

/** The flags of every command. */
export interface CommonFlags {
  /** `false` is `--no-color`. */
  readonly color?: ColorFlag | false;
}

/** @returns what the flags of colour come to */
export function colorFlag({ color }: CommonFlags): ColorFlag | undefined {
  return color === false ? 'never' : color;
}

/** Adds the flags that every command has. */
export function addCommonFlags(command: Command): Command {
  const parse = parseChoice<ColorFlag>(['auto', 'always', 'never']);
  return command
    .addOption(value('--color <auto|always|never>', 'colours for people (default: auto)', parse))
    .option('--no-color', 'the same as --color never');
}

/** Adds the flags that a conversion depends on. Their defaults are those of `defaultOptions`. */
export function addConversionFlags(command: Command): Command {
  return command
    .optionsGroup('What the VirtualServices run on today:')
    .addOption(choice('--from', ['sidecar', 'ambient'], 'from', 'what honours them'))
    .optionsGroup('What the routes are for:')
    .addOption(choice('--profile', ['istio', 'portable'], 'profile', 'whose promises count'))
    .addOption(choice('--gateway-api', ['1.4', '1.5', '1.6', '1.7'], 'gatewayApi', 'the version'))
    .addOption(choice('--channel', ['standard', 'experimental'], 'channel', 'its channel'))
    .optionsGroup('Where routes attach:')
    .addOption(choice('--attach', ['both', 'service', 'waypoint'], 'attach', 'parentRefs in the mesh'))
    .addOption(value('--waypoint <name>', 'of Services whose labels name none', parseName))
    .option('--create-waypoints', 'write missing waypoints and labels')
    .addOption(choice('--gateways', ['convert', 'keep'], 'gateways', 'what becomes of Istio Gateways'))
    .addOption(
      value('--gateway <from=to#listener>', 'what stands in for one (repeatable)', parseGatewayMapping),
    )
    .addOption(value('--gateway-service <name>', 'that converted Gateways are to use', parseNamespacedName))
    .optionsGroup('How fields are converted:')
    .addOption(choice('--grpc', ['auto', 'http', 'grpc'], 'grpc', 'kind of route for gRPC'))
    .addOption(choice('--prefix', ['path', 'string'], 'prefix', 'what a uri prefix is one of'))
    .addOption(choice('--policies', ['keep', 'convert'], 'policies', 'security policies'))
    .option('--partial', 'convert around unsupported extras: faults, mirrors, retries')
    .option('--keep-virtual-services', 'leave VirtualServices beside the routes')
    .optionsGroup('Facts that the manifests do not hold:')
    .addOption(value('--with <path>', 'read for facts only (repeatable)', collectValues))
    .addOption(value('--default-port <port>', 'of every Service nobody showed us', parsePort))
    .addOption(value('--namespace <name>', 'of manifests that name none (default: default)', parseNamespace))
    .optionsGroup('What is told:')
    .option('--quiet', 'errors only')
    .option('--no-progress', 'no progress on the terminal');
}

function choice<Key extends keyof Options>(
  flag: string,
  choices: readonly (Options[Key] & string)[],
  key: Key,
  description: string,
): Option {
  // No default for commander: a configuration file may come between it and the flag.
  const text = `${description} (default: ${defaultOptions[key]})`;
  return value(`${flag} <${choices.join('|')}>`, text, parseChoice(choices));
}

function value<T>(
  flags: string,
  description: string,
  parse: (text: string, before: T | undefined) => T,
): Option {
  return new Option(flags, description).argParser(parse);
}

/** @returns the choices of a conversion: what the flags say, else the defaults */
export function toOptions(flags: ConversionFlags): Options {
  const given = Object.entries(flags).filter(([key, value]) => key in optionKeys && value !== undefined);
  const gatewayMap = flags.gateway ?? defaultOptions.gatewayMap;
  return { ...defaultOptions, ...Object.fromEntries(given), gatewayMap };
}

const optionKeys: Readonly<Record<keyof Options, true>> = {
  profile: true,
  from: true,
  attach: true,
  waypoint: true,
  createWaypoints: true,
  gateways: true,
  gatewayMap: true,
  gatewayService: true,
  grpc: true,
  prefix: true,
  gatewayApi: true,
  channel: true,
  namespace: true,
  defaultPort: true,
  partial: true,
  keepVirtualServices: true,
  policies: true,
};
