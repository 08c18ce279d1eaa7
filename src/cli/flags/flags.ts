import { type Command, Option } from 'commander';
import { defaultOptions, type GatewayMapping, type Options } from '../../options.ts';
import type { ColorFlag } from '../world.ts';
import { allSettings } from './keep-setting.ts';
import { type Setting, settings } from './settings.ts';
import { parseChoice } from './values.ts';

/** The flags of every command that converts, as commander hands them over: absent when not given. */
export interface ConversionFlags extends Partial<Omit<Options, 'gatewayMap'>> {
  readonly gateway?: readonly GatewayMapping[];
  readonly with?: readonly string[];
  readonly exclude?: readonly string[];
  /** Patterns of files whose VirtualServices are to stay. */
  readonly keep?: readonly string[];
  /** `false` is `--no-ignore`. */
  readonly ignore?: boolean;
  readonly rename?: boolean;
  /** How many threads convert. */
  readonly jobs?: number;
  /** The configuration file; `false` is `--no-config`. */
  readonly config?: string | false;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
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
    .addOption(new Option('--color <auto|always|never>', 'colours (default: auto)').argParser(parse))
    .option('--no-color', 'the same as --color never');
}

/**
 * Adds the flags that a conversion depends on. Their defaults are those of `defaultOptions`.
 *
 * @param left out, by their keys
 * @param isForPullRequests whether the command is for pull requests
 */
export function addConversionFlags(
  command: Command,
  left: readonly string[] = [],
  isForPullRequests = false,
): Command {
  return addSettings(
    command,
    (isForPullRequests ? allSettings : settings).map(({ key }) => key).filter(key => !left.includes(key)),
  );
}

/** The settings of a comparison of two sets of manifests. */
const ofComparison = [
  'from',
  'profile',
  'gateway',
  'with',
  'defaultPort',
  'trustedProxies',
  'rootNamespace',
  'namespace',
  'exclude',
  'ignore',
];

/**
 * Adds the flags of commands that compare, and convert nothing.
 *
 * @param left out, by their keys
 * @param more settings that one of the commands has besides, by their keys
 */
export function addComparisonFlags(
  command: Command,
  left: readonly string[] = [],
  more: readonly string[] = [],
): Command {
  return addSettings(command, [...ofComparison.filter(key => !left.includes(key)), ...more]);
}

/** Adds some settings, by their keys, and the flags that go with every setting. */
export function addSettings(command: Command, keys: readonly string[]): Command {
  let group = '';
  for (const setting of allSettings.filter(({ key }) => keys.includes(key))) {
    if (setting.group !== group) command.optionsGroup(setting.group);
    group = setting.group;
    command.addOption(toOption(setting));
  }
  return command
    .option('--config <file>', 'settings (default: vs2route.config.yaml here or above)')
    .option('--no-config', 'no settings file')
    .optionsGroup('Messages:')
    .option('-q, --quiet', 'errors only')
    .option('--verbose', 'every diagnostic, also those that ask for no action')
    .option('--no-progress', 'no progress bar');
}

function toOption({ flags, description, parse }: Setting): Option {
  const option = new Option(flags, description);
  return parse === undefined ? option : option.argParser(parse as (text: string, before: unknown) => unknown);
}

/** @returns the choices of a conversion: what the flags say, else the defaults */
export function toOptions(flags: Omit<ConversionFlags, 'from'>): Options {
  const given = Object.entries(flags).filter(([key, value]) => key in optionKeys && value !== undefined);
  const gatewayMap = flags.gateway ?? defaultOptions.gatewayMap;
  const targetFromInput = flags.gatewayApi === undefined && flags.channel === undefined;
  return { ...defaultOptions, ...Object.fromEntries(given), gatewayMap, targetFromInput };
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
  targetFromInput: true,
  namespace: true,
  defaultPort: true,
  trustedProxies: true,
  rootNamespace: true,
  partial: true,
  keepVirtualServices: true,
  stage: true,
  policies: true,
  patches: true,
  limitRequests: true,
  limitAutomata: true,
  limitMatches: true,
  limitPaths: true,
};
