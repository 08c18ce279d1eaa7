const authority =
  /^https?:\/\/(?:\[[0-9a-f:.]+\]|(?:[^\s:/?#%[\]<>"^`{|}\\]|%[0-9a-f]{2})*)(?::\d*)?(?:[/?#]|$)/i;

/** Tells whether istiod takes a text for the address of a key set. */
export function isKeySetAddress(text: string): boolean {
  return text.length <= 2048 && authority.test(text) && !/%(?![0-9a-f]{2})/i.test(text);
}

const keyTypes: readonly unknown[] = ['RSA', 'EC', 'OKP', 'oct', 'AKP'];

/** Tells whether a text is a set of keys (RFC 7517), or one key; an empty one is none. */
export function isKeySet(text: string): boolean {
  if (text === '') return true;
  const value = parsed(text);
  if (!isMapping(value)) return false;
  if (!('keys' in value)) return isKey(value);
  return Array.isArray(value['keys']) && value['keys'].every(isKey);
}

function isKey(value: unknown): boolean {
  return isMapping(value) && keyTypes.includes(value['kty']);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
