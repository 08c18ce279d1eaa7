import { sha256Hex } from '../yaml/sha256.ts';

/**
 * Valid names of objects: Services are RFC 1035 labels, most other objects RFC 1123 subdomains.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export type NameRule = 'rfc1035-label' | 'rfc1123-label' | 'rfc1123-subdomain';

const rules: Readonly<Record<NameRule, { readonly limit: number; readonly form: RegExp }>> = {
  'rfc1035-label': { limit: 63, form: /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/ },
  'rfc1123-label': { limit: 63, form: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/ },
  'rfc1123-subdomain': {
    limit: 253,
    form: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
  },
};

// `${VAR}`, `$(VAR)`, `{{ .Values.x }}`, `###VAR###`: other tools put a part of a name there.
const placeholder = /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|###\w+###/g;

/**
 * @returns whether the API server takes this as the name of such an object; a placeholder is taken to become a legal
 *   part of it
 */
export function isValidName(name: string, rule: NameRule): boolean {
  const filledIn = name.replace(placeholder, 'x');
  return filledIn.length <= rules[rule].limit && rules[rule].form.test(filledIn);
}

/**
 * A name made of parts, as `reviews-v1` of `reviews` and `v1`. When that is too long, has characters that names may
 * not have, or is taken, a hash of the parts takes the place of what does not fit: the same parts always get the
 * same name, and parts that only look alike (`a-b` and `c`, `a` and `b-c`) get names of their own.
 *
 * @param taken whether another object has the name already
 */
export function makeName(
  parts: readonly string[],
  rule: NameRule,
  taken: (name: string) => boolean = () => false,
): string {
  const plain = parts.join('-');
  if (isValidName(plain, rule) && !taken(plain)) return plain;
  const identity = JSON.stringify(parts);
  // The loop ends: a name that is taken is one of finitely many, and every turn asks for another.
  for (let turn = 0; ; turn++) {
    const hash = sha256Hex(`${turn} ${identity}`).slice(0, 8);
    const name = `${readablePart(plain, rule, hash.length + 1)}-${hash}`;
    if (!taken(name)) return name;
  }
}

/** As much of a text as a name can show when it leaves `room` for what follows. */
function readablePart(text: string, rule: NameRule, room: number): string {
  const allowed = rule === 'rfc1123-subdomain' ? /[^a-z0-9.]+/g : /[^a-z0-9]+/g;
  const cleaned = text
    .toLowerCase()
    .replaceAll(allowed, '-')
    .replaceAll(/-*\.[-.]*/g, '.')
    .replace(rule === 'rfc1035-label' ? /^[^a-z]+/ : /^[-.]+/, '');
  return cleaned.slice(0, rules[rule].limit - room).replace(/[-.]+$/, '') || 'x';
}

/** The name of the Service for one version of another Service: `reviews-v1`. */
export function subsetServiceName(
  service: string,
  subset: string,
  taken?: (name: string) => boolean,
): string {
  return makeName([service, subset], 'rfc1035-label', taken);
}
