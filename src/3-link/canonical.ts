/** JSON with sorted keys and without what is undefined, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item ?? null)}`;
    return `[${text}]`;
  }
  const values = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(values);
  if (keys.length > 1) keys.sort();
  for (const key of keys) {
    const item = values[key];
    if (item !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}
