import type { Tree } from './expression.ts';

/**
 * The schema of a value in a CRD. The names are short because the table holds two thousand of them; `number` in the fields that
 * hold schemas is a place in `AdmissionTable.schemas`.
 *
 * @see
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  /** Fields of an object. */
  readonly fields?: Readonly<Record<string, number>>;
  /** Values of an object with keys of any name. */
  readonly values?: number;
  /** Items of a list. */
  readonly items?: number;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  /** Least and greatest size: characters of a string, items of a list, fields of an object. */
  readonly size?: readonly [least: number | null, greatest: number | null];
  /** Least and greatest number. */
  readonly range?: readonly [least: number | null, greatest: number | null];
  /** A list without equal items: `set`, or the fields that tell its items apart. */
  readonly unique?: 'set' | readonly string[];
  /** Places in `AdmissionTable.rules`. */
  readonly rules?: readonly number[];
  readonly oneOf?: readonly number[];
  readonly anyOf?: readonly number[];
  readonly not?: number;
  /** Whatever stands here is taken: metadata, which has rules of its own, and status, which people do not write. */
  readonly open?: true;
}

/** A CEL rule: what is said when it does not hold, and what has to hold. */
export type Rule = readonly [message: string, tree: Tree];

/** The CRDs of several releases of the Gateway API, equal parts once. Written by `npm run admission-table`. */
export interface AdmissionTable {
  /** Which patch release stands for a minor version: `1.6` is `v1.6.3`. */
  readonly releases: Readonly<Record<string, string>>;
  readonly rules: readonly Rule[];
  readonly schemas: readonly Schema[];
  /** By `1.6 standard`, then by `HTTPRoute gateway.networking.k8s.io/v1`: a place in `schemas`. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Defaults that some releases have and others have not: what a field means depends on the release. */
  readonly newDefaults: readonly NewDefault[];
}

/** A field that has a default in some releases only. */
export interface NewDefault {
  readonly kind: string;
  /** From the root of the object; `*` stands for every item. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** As `1.7 standard`. */
  readonly bundles: readonly string[];
}

/** One reason for which the API server refuses an object, in its words. */
export interface Refusal {
  readonly path: readonly (string | number)[];
  /** As the API server sorts them: `Invalid value`, `Required value`, `Too many`. */
  readonly type: string;
  /** The rule's own words, where its type does not say all. */
  readonly detail: string;
}

/** Refusals of these types keep the API server from running CEL rules on the object. */
const blocking: ReadonlySet<string> = new Set([
  'Required value',
  'Unsupported value',
  'Too long',
  'Too many',
  'Wrong type',
]);

/**
 * Whether an object is too broken for its rules to run on. @see k8s.io/apiextensions-apiserver,
 * pkg/registry/customresource/strategy.go
 */
export function blocksRules({ type }: Refusal): boolean {
  return blocking.has(type);
}

/**
 * The way to a value while its object is walked through: one list for the whole walk, to which each step adds its part and
 * takes it away again. Most objects are taken, and nobody asks for a path then.
 */
export type Trail = (string | number)[];
