import { ownValue } from '../../yaml/own-value.ts';
import type { Code } from '../catalog.ts';

/**
 * The result for a field of an Istio object.
 *
 * `converted`: it has a form in the Gateway API, but for what its codes say. `kept`: the object that holds it stays, or
 * it is carried over as it is. `declared`: it has no form and goes, or means something else afterwards, and a code says
 * so. `refused`: it holds the object back, and a code says so.
 */
export interface FieldFate {
  readonly fate: 'converted' | 'kept' | 'declared' | 'refused';
  /** The file of src that sees to it. */
  readonly by: string;
  /** Codes that may be reported for it; `[0]` alone where no other code is possible. */
  readonly codes: readonly Code[];
}

/** A fate for every field of a type, for its fields one by one or for all it holds; one without a fate does not compile. */
export type FieldFates<T> = {
  readonly [Name in keyof T]-?: FieldFate | FieldFates<Held<NonNullable<T[Name]>>>;
};

/** The type of the items of a list, or of the values of a map. */
type Held<T> = T extends readonly (infer Item)[]
  ? Held<Item>
  : string extends keyof T
    ? Held<T[keyof T]>
    : T extends object
      ? T
      : Record<never, never>;

export function converted(by: string, ...codes: readonly Code[]): FieldFate {
  return { fate: 'converted', by, codes };
}

export function kept(by: string, ...codes: readonly Code[]): FieldFate {
  return { fate: 'kept', by, codes };
}

export function declared(by: string, ...codes: readonly [Code, ...Code[]]): FieldFate {
  return { fate: 'declared', by, codes };
}

export function refused(by: string, ...codes: readonly [Code, ...Code[]]): FieldFate {
  return { fate: 'refused', by, codes };
}

/** One field by its path, such as `http[].match[].uri.exact`, and its fate. */
export interface FateOfField {
  readonly path: string;
  readonly fate: FieldFate;
}

/** @returns the fates of a table, in its order; a fate stands for everything below its path */
export function fatesIn(table: object, parent = ''): readonly FateOfField[] {
  return Object.entries(table as Readonly<Record<string, object>>).flatMap(([name, held]) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    return isFate(held) ? [{ path, fate: held }] : fatesIn(held, path);
  });
}

/**
 * Looks a field up.
 *
 * @param path names of fields, without the positions in lists and the keys of maps
 * @returns the fate of the field, or of one around it; undefined when there is none
 */
export function fateOf(table: object, path: readonly string[]): FieldFate | undefined {
  const [name, ...rest] = path;
  const held = name === undefined ? undefined : ownValue(table as Readonly<Record<string, object>>, name);
  if (held === undefined) return undefined;
  return isFate(held) ? held : fateOf(held, rest);
}

function isFate(held: object): held is FieldFate {
  return 'fate' in held && 'by' in held;
}
