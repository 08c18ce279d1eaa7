import { InvalidArgumentError } from 'commander';
import type { GatewayMapping } from '../../options.ts';

const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const subdomain = `${label}(?:\\.${label})*`;
const namespacedName = new RegExp(`^${label}/${subdomain}$`);
const namespace = new RegExp(`^${label}$`);
const optionalNamespacedName = new RegExp(`^(?:${label}/)?${subdomain}$`);
const mapping = new RegExp(`^(${label})/(${subdomain})=(${label})/(${subdomain})(?:#(${subdomain}))?$`);

/** @throws InvalidArgumentError which commander turns into a message that names the flag */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535)
    throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}

/** @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count))
    throw new InvalidArgumentError('A count is a whole number, 0 at least.');
  return count;
}

/** @throws InvalidArgumentError */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || !Number.isSafeInteger(limit))
    throw new InvalidArgumentError('A limit is a whole number, 1 at least.');
  return limit;
}

/** @throws InvalidArgumentError */
export function parseJobs(text: string): number {
  const jobs = Number(text);
  if (!/^\d+$/.test(text) || jobs < 1 || jobs > MOST_JOBS)
    throw new InvalidArgumentError(`The number of threads is a whole number from 1 to ${MOST_JOBS}.`);
  return jobs;
}

/** Each thread holds all texts. */
export const MOST_JOBS = 64;

/** @throws InvalidArgumentError */
export function parseNamespace(text: string): string {
  if (!namespace.test(text))
    throw new InvalidArgumentError('A namespace has lower-case letters, digits and dashes, at most 63.');
  return text;
}

/** @throws InvalidArgumentError */
export function parseName(text: string): string {
  if (!optionalNamespacedName.test(text)) throw new InvalidArgumentError('Write NAME or NAMESPACE/NAME.');
  return text;
}

/** @throws InvalidArgumentError */
export function parseNamespacedName(text: string): string {
  if (!namespacedName.test(text)) throw new InvalidArgumentError('Write NAMESPACE/NAME.');
  return text;
}

/**
 * Reads `istio-ingress/gw=kube-system/edge#https`.
 *
 * @param before the mappings of the same flag further left
 * @throws InvalidArgumentError
 */
export function parseGatewayMapping(
  text: string,
  before: readonly GatewayMapping[] = [],
): readonly GatewayMapping[] {
  const [, fromNamespace, fromName, toNamespace, toName, sectionName] = mapping.exec(text) ?? [];
  if (!fromNamespace || !fromName || !toNamespace || !toName)
    throw new InvalidArgumentError(
      'Write NAMESPACE/NAME=NAMESPACE/NAME#LISTENER, as in istio-ingress/gw=kube-system/edge#https; #LISTENER may be left out.',
    );
  const from = { namespace: fromNamespace, name: fromName };
  if (before.some(({ from: other }) => other.namespace === from.namespace && other.name === from.name))
    throw new InvalidArgumentError(`${fromNamespace}/${fromName} is mapped twice.`);
  const to = { namespace: toNamespace, name: toName, ...(sectionName && { sectionName }) };
  return [...before, { from, to }];
}

/** @returns what `parseGatewayMapping` reads */
export function printGatewayMapping({ from, to }: GatewayMapping): string {
  const listener = to.sectionName === undefined ? '' : `#${to.sectionName}`;
  return `${from.namespace}/${from.name}=${to.namespace}/${to.name}${listener}`;
}

/** @returns a parser that takes one of some words, else throws an InvalidArgumentError that lists them */
export function parseChoice<Choice extends string>(choices: readonly Choice[]): (text: string) => Choice {
  return text => {
    const chosen = choices.find(choice => choice === text);
    if (chosen === undefined) throw new InvalidArgumentError(`Choose one of ${choices.join(', ')}.`);
    return chosen;
  };
}

/** @throws InvalidArgumentError for an address that is not of the web, such as javascript: */
export function parseSourceUrl(text: string): string {
  if (!/^https?:\/\//i.test(text))
    throw new InvalidArgumentError('Write an address that begins with https:// or http://.');
  return text;
}

/** Collects a flag that may be given more than once. */
export function collectValues(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * Collects pairs, as of headers.
 *
 * @returns a parser that throws an InvalidArgumentError for what has no name
 */
export function collectPairs(
  separator: string,
  form: string,
): (text: string, before?: Readonly<Record<string, string>>) => Readonly<Record<string, string>> {
  return (text, before = {}) => {
    const end = text.indexOf(separator);
    if (end < 1) throw new InvalidArgumentError(`Write ${form}.`);
    return { ...before, [text.slice(0, end).trim()]: text.slice(end + separator.length).trim() };
  };
}
