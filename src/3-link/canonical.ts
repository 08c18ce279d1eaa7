/** JSON with sorted keys and without what is undefined, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const values = value as Readonly<Record<string, unknown>>;
  const fields = Object.keys(values)
    .filter(key => values[key] !== undefined)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonicalJson(values[key])}`);
  return `{${fields.join(',')}}`;
}
