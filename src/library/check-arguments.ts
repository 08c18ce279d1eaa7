import type { Conversion } from '../conversion.ts';
import { defaultOptions, type GatewayMapping, type Options, stages } from '../options.ts';
import type { Request } from '../semantics/request.ts';
import type { SourceFile } from '../yaml/source.ts';
import { ArgumentError } from './argument-error.ts';

/** Says what a value has to be; undefined where it is. */
type Check = (value: unknown) => string | undefined;

const text: Check = value => (typeof value === 'string' ? undefined : 'has to be a text');
const flag: Check = value => (typeof value === 'boolean' ? undefined : 'has to be true or false');
const limit: Check = value =>
  Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : 'has to be a whole number, 1 at least';
const port: Check = value =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535
    ? undefined
    : 'has to be a port: a whole number from 1 to 65535';

function oneOf<Choice extends string>(...choices: readonly Choice[]): Check {
  return value =>
    choices.some(choice => choice === value) ? undefined : `has to be one of ${choices.join(', ')}`;
}

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const subdomain = `${label}(?:\\.${label})*`;

function form(pattern: string, written: string): Check {
  const whole = new RegExp(`^(?:${pattern})$`);
  return value => (typeof value === 'string' && whole.test(value) ? undefined : `has to be ${written}`);
}

/** The type of each option; an option that is missing here does not compile. */
const optionChecks: Readonly<Record<keyof Options, Check>> = {
  profile: oneOf<Options['profile']>('istio', 'portable', 'envoy-gateway', 'contour', 'traefik'),
  from: oneOf<NonNullable<Options['from']>>('sidecar', 'ambient'),
  attach: oneOf<Options['attach']>('both', 'service', 'waypoint'),
  waypoint: form(`(?:${label}/)?${subdomain}`, 'NAME or NAMESPACE/NAME'),
  createWaypoints: flag,
  gateways: oneOf<Options['gateways']>('convert', 'keep'),
  gatewayMap: gatewayMappings,
  gatewayService: form(`${label}/${subdomain}`, 'NAMESPACE/NAME'),
  grpc: oneOf<Options['grpc']>('auto', 'http', 'grpc'),
  prefix: oneOf<Options['prefix']>('path', 'string'),
  gatewayApi: oneOf<Options['gatewayApi']>('1.4', '1.5', '1.6', '1.7'),
  channel: oneOf<Options['channel']>('standard', 'experimental'),
  targetFromInput: flag,
  namespace: form(label, 'the name of a namespace'),
  defaultPort: port,
  trustedProxies: value =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? undefined
      : 'has to be a whole number, 0 at least',
  rootNamespace: form(label, 'the name of a namespace'),
  partial: flag,
  keepVirtualServices: flag,
  stage: oneOf<Options['stage']>(...stages),
  policies: oneOf<Options['policies']>('keep', 'convert'),
  patches: oneOf<Options['patches']>('keep', 'drop'),
  limitRequests: limit,
  limitAutomata: limit,
  limitMatches: limit,
  limitPaths: limit,
};

function gatewayMappings(value: unknown): string | undefined {
  const wanted = 'has to be a list of {from: {namespace, name}, to: {namespace, name, sectionName}}';
  return Array.isArray(value) && value.every(isMapping) ? undefined : wanted;
}

function isMapping(value: unknown): value is GatewayMapping {
  if (!isObject(value)) return false;
  const { from, to } = value;
  return [from, to].every(
    end => isObject(end) && typeof end['namespace'] === 'string' && typeof end['name'] === 'string',
  );
}

/**
 * Refuses what is not a list of files: objects with `path` and `text`, each path once.
 *
 * @param argument what the caller knows it by
 * @throws ArgumentError
 */
export function checkFiles(argument: string, files: unknown): asserts files is readonly SourceFile[] {
  if (!Array.isArray(files)) throw new ArgumentError(argument, 'has to be a list of {path, text}');
  const known = new Set<string>();
  for (const [index, file] of files.entries()) {
    if (!isObject(file)) throw new ArgumentError(`${argument}[${index}]`, 'has to be {path, text}');
    for (const field of ['path', 'text']) expect(`${argument}[${index}].${field}`, file[field], text);
    const path = String(file['path']);
    if (known.has(path))
      throw new ArgumentError(`${argument}[${index}].path`, `is there twice: ${JSON.stringify(path)}`);
    known.add(path);
  }
}

/**
 * Completes options with the defaults.
 *
 * @param defaults what stands where an option is not given; further options are unknown
 * @param own checks that take the place of the usual ones
 * @throws ArgumentError for an option that there is not, or a value that it cannot have
 */
export function completeOptions<Known extends object>(
  options: unknown,
  defaults: Known,
  own: Readonly<Partial<Record<keyof Options, Check>>> = {},
): Known {
  if (!isObject(options)) throw new ArgumentError('options', 'has to be an object');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(optionChecks, name)) throw new ArgumentError(`options.${name}`, 'is not an option');
    expect(`options.${name}`, value, own[name as keyof Options] ?? optionChecks[name as keyof Options]);
  }
  const chooses = given.some(([name]) => name === 'gatewayApi' || name === 'channel');
  const target =
    chooses && !('targetFromInput' in options) && 'targetFromInput' in defaults
      ? { targetFromInput: false }
      : {};
  return { ...defaults, ...target, ...Object.fromEntries(given) };
}

/** @throws ArgumentError */
export function checkFunction(argument: string, value: unknown): void {
  if (typeof value !== 'function') throw new ArgumentError(argument, 'has to be a function');
}

const requestChecks: Readonly<Record<keyof Request, Check>> = {
  scheme: oneOf<Request['scheme']>('http', 'https'),
  host: text,
  port,
  method: text,
  path: value =>
    typeof value === 'string' && value.startsWith('/') ? undefined : 'has to be a text that begins with /',
  headers: texts,
  queryParams: texts,
};

function texts(value: unknown): string | undefined {
  const areTexts = isObject(value) && Object.values(value).every(item => typeof item === 'string');
  return areTexts ? undefined : 'has to be an object of texts';
}

/** @throws ArgumentError */
export function checkRequest(request: unknown): asserts request is Request {
  if (!isObject(request)) throw new ArgumentError('request', 'has to be an object');
  for (const [name, check] of Object.entries(requestChecks)) expect(`request.${name}`, request[name], check);
}

/** @throws ArgumentError for what `convert` did not return */
export function checkConversion(conversion: unknown): asserts conversion is Conversion {
  const isOne =
    isObject(conversion) &&
    ['files', 'edits', 'outputs', 'resources'].every(field => Array.isArray(conversion[field]));
  if (!isOne) throw new ArgumentError('conversion', 'has to be what convert returned');
}

/** @throws ArgumentError for what holds no objects of a conversion */
export function checkResources(resources: unknown): void {
  if (!Array.isArray(resources)) throw new ArgumentError('resources', 'has to be a list of objects');
  for (const [index, resource] of resources.entries()) {
    const isOne = isObject(resource) && ['type', 'kind', 'name'].every(f => typeof resource[f] === 'string');
    if (!isOne) throw new ArgumentError(`resources[${index}]`, 'has to be an object of a conversion');
  }
}

function expect(argument: string, value: unknown, check: Check): void {
  const fault = check(value);
  if (fault !== undefined) throw new ArgumentError(argument, fault);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An option of `verify` that has another meaning there. */
export const verifyChecks = {
  from: oneOf<NonNullable<Options['from']> | 'labels'>('sidecar', 'ambient', 'labels'),
};

/** The defaults of `verify`: without `from`, clients with sidecars and clients of waypoints have to agree. */
export const verifyDefaults = ((): Omit<Options, 'from'> => {
  const { from: _from, ...rest } = defaultOptions;
  return rest;
})();
