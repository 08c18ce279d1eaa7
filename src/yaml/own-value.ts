/**
 * Looks a name that a user wrote up in a table. A plain index finds `constructor` and the like in every object.
 *
 * @returns undefined where the table itself has no such name
 */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
