import { defaultOptions, type Options } from '../../options.ts';

/** The options that the playground offers; absent where the default counts. */
export type Chosen = {
  readonly [Key in keyof typeof choices]?: (typeof choices)[Key][number];
} & { readonly defaultPort?: number; readonly partial?: boolean };

/** The choices of each option, by its name. */
export const choices = {
  profile: ['istio', 'portable', 'envoy-gateway', 'contour', 'traefik'],
  from: ['sidecar', 'ambient'],
  gatewayApi: ['1.4', '1.5', '1.6', '1.7'],
  channel: ['standard', 'experimental'],
  prefix: ['path', 'string'],
} as const;

const flags = {
  profile: '--profile',
  from: '--from',
  gatewayApi: '--gateway-api',
  channel: '--channel',
  prefix: '--prefix',
} as const;

const names = Object.keys(choices) as readonly (keyof typeof choices)[];

/** @returns the options of the engine */
export function optionsOf(chosen: Chosen): Options {
  const targetFromInput = chosen.gatewayApi === undefined && chosen.channel === undefined;
  return { ...defaultOptions, ...chosen, targetFromInput };
}

/** @returns what one would type for the same conversion */
export function commandOf(chosen: Chosen): string {
  return [
    'vs2route convert',
    ...names.flatMap(name => (chosen[name] === undefined ? [] : [`${flags[name]} ${chosen[name]}`])),
    ...(chosen.defaultPort === undefined ? [] : [`--default-port ${chosen.defaultPort}`]),
    ...(chosen.partial === true ? ['--partial'] : []),
    '.',
  ].join(' ');
}

/** @returns the options that a text of others names, as far as there are such */
export function chosenIn(value: unknown): Chosen {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Readonly<Record<string, unknown>>;
  const known = names.flatMap(name => {
    const found = choices[name].find(choice => choice === given[name]);
    return found === undefined ? [] : [[name, found] as const];
  });
  const port = portIn(given['defaultPort']);
  return {
    ...Object.fromEntries(known),
    ...(port === undefined ? {} : { defaultPort: port }),
    ...(given['partial'] === true ? { partial: true } : {}),
  };
}

/** @returns a port, if a value is one */
export function portIn(value: unknown): number | undefined {
  const port = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}
