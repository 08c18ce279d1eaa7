import type { CatalogEntry } from '../catalog.ts';

const schema =
  'The API server refuses the whole object, for its schema has another type here; so what runs in the cluster, if anything, is not this text.';
const istiod =
  "istiod's validation refuses the whole object, so it is not in the cluster, or it got around the webhook and does nothing.";

/** What 2-decode reports: what an API server or istiod's admission says about one object on its own. */
export const decodeCodes = {
  // The type of an object and its name.
  'api-version-unknown': {
    severity: 'error',
    fate: 'input',
    message: '{kind} has no version `{apiVersion}`',
    why: 'The API server has never served it, so the object is in no cluster.',
    remedy: 'Write one of {versions}.',
    example: 'apiVersion: networking.istio.io/v2',
  },
  'api-version-missing': {
    severity: 'error',
    fate: 'input',
    message: 'The {kind} has no `apiVersion`',
    why: 'kubectl refuses an object without one.',
    remedy: 'Write `apiVersion: {apiVersion}`, if that is what it is.',
  },
  'kind-missing': {
    severity: 'error',
    fate: 'input',
    message: 'The object of `{apiVersion}` has no `kind`',
    why: 'kubectl refuses an object without one.',
    remedy: 'Write its `kind`, such as VirtualService.',
  },
  'kind-unknown': {
    severity: 'error',
    fate: 'input',
    message: '`{apiVersion}` has no kind `{kind}`',
    why: 'Kinds are spelt with their capital letters; the API server knows no other.',
    remedy: 'Write `kind: {suggestion}`, if that is meant.',
    example: 'apiVersion: networking.istio.io/v1\nkind: VirtualServices',
  },
  'name-missing': {
    severity: 'error',
    fate: 'input',
    message: 'The {kind} has no `metadata.name`',
    why: 'kubectl and GitOps tools refuse to apply an object without a name, and what the conversion writes is named after it.',
    remedy: 'Give it a name; `generateName` is not enough, since nothing could refer to the object.',
    example: 'kind: VirtualService\nmetadata:\n  namespace: bookinfo',
  },
  'name-invalid': {
    severity: 'error',
    fate: 'input',
    message: '`{name}` is no name for a {kind}: {reason}',
    why: 'The API server refuses the object.',
    remedy: 'Use lower-case letters, digits and dashes, with a letter or digit at both ends.',
    example: 'metadata:\n  name: Reviews_Split',
  },

  // What does not fit the schema.
  'wrong-type': {
    severity: 'error',
    fate: 'input',
    message: '`{field}` has to be {wanted}, and this is {found}',
    why: schema,
    remedy: '{fix}',
    example: 'hosts: reviews',
  },
  'number-out-of-range': {
    severity: 'error',
    fate: 'input',
    message: '`{field}` is {value}, which is not within {min} and {max}',
    why: schema,
    remedy: 'Write a number within the bounds.',
    example: 'port:\n  number: -1',
  },
  'value-not-allowed': {
    severity: 'error',
    fate: 'input',
    message: '`{field}` has no value `{value}`',
    why: 'The API server refuses the whole object: the schema lists the values, and upper and lower case differ.',
    remedy: 'Write one of {values}.',
    example: 'unmatchedPreflights: forward',
  },
  'field-missing': {
    severity: 'error',
    fate: 'input',
    message: '`{object}` has no `{field}`',
    why: 'The schema requires the field, so the API server refuses the whole object.',
    remedy: 'Write the field.',
    example: 'route:\n- destination:\n    subset: v1',
  },
  'fields-exclude-each-other': {
    severity: 'error',
    fate: 'input',
    message: 'Only one of {fields} may be set',
    why: 'The schema admits one at most, so the API server refuses the whole object.',
    remedy: 'Keep the one that is meant.',
    example: 'uri:\n  exact: /login\n  prefix: /login',
  },
  'unknown-field': {
    severity: 'warning',
    fate: 'irrelevant',
    message: 'There is no field `{field}` in {object}',
    why: 'The API server drops it, or refuses the object where validation is strict, as with kubectl: it does nothing today, and nothing becomes of it.',
    remedy: '{suggestion}',
    example: 'ggateways:\n- mesh',
  },
  'removed-field': {
    severity: 'warning',
    fate: 'irrelevant',
    message: '`{field}` is no field any more: it was {was}',
    why: 'The API server drops it, or refuses the object where validation is strict: it does nothing today, and nothing becomes of it.',
    remedy: '{now}',
    example: 'websocketUpgrade: true',
  },
  'yaml-1.1-scalar': {
    severity: 'warning',
    fate: 'note',
    message: '`{text}` without quotes is {value} to kubectl',
    why: 'kubectl reads YAML 1.1, where `on` is true and a leading zero makes a number octal; YAML 1.2 reads the text otherwise. The conversion goes by kubectl.',
    remedy: 'Write {value} if that is meant, else put quotes around it.',
    example: 'number: 0120',
  },
  'entry-without-value': {
    severity: 'warning',
    fate: 'irrelevant',
    message: '`{key}` in `{field}` has no value',
    why: 'The API server drops an entry without a value before istiod sees it: it does nothing today, and nothing becomes of it.',
    remedy: 'Write a value; an empty mapping matches on mere presence. Delete the key if it is not needed.',
    example: 'headers:\n  x-canary:',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
