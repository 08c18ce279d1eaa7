import { compileRule, toRegExp } from './expression.ts';
import type { TableLines } from './lines.ts';
import type { Schema } from './schema.ts';

/** A CEL rule that can be asked. */
export interface LinkedRule {
  readonly message: string;
  /** Says whether the rule holds, or why it cannot be told. */
  readonly holds: (self: unknown) => boolean | string;
}

/** A schema whose parts are at hand: each is looked up once, when the first object has it. */
export class Linked {
  readonly schema: Schema;
  /** Whether it has schemas for the same value. */
  readonly hasAlternatives: boolean;
  /** The type of its values as `typeof` has it, where that says all about them. */
  readonly plainType: 'string' | 'boolean' | undefined;
  /** Least and greatest size. */
  readonly least: number;
  readonly greatest: number;
  readonly #links: Links;
  readonly #parts = new Map<string, Linked>();
  #items: Linked | undefined;
  #rules: readonly LinkedRule[] | undefined;
  #defaults: readonly (readonly [name: string, schema: Linked])[] | undefined;
  #expression: RegExp | undefined;

  constructor(schema: Schema, links: Links) {
    const { type, oneOf, anyOf, not, size, pattern, format } = schema;
    this.schema = schema;
    this.#links = links;
    this.hasAlternatives = oneOf !== undefined || anyOf !== undefined || not !== undefined;
    const isPlain =
      (type === 'string' || type === 'boolean') &&
      !(size ?? pattern ?? format ?? schema.enum ?? schema.rules) &&
      !this.hasAlternatives;
    this.plainType = isPlain ? type : undefined;
    this.least = size?.[0] ?? 0;
    this.greatest = size?.[1] ?? Number.POSITIVE_INFINITY;
  }

  /** @returns the schema of a field, or of a key where keys have any name */
  field(name: string): Linked | undefined {
    const old = this.#parts.get(name);
    if (old !== undefined) return old;
    const { fields, values } = this.schema;
    // A field called `constructor` is none.
    const place = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : values;
    if (place === undefined) return undefined;
    const part = this.#links.schemaAt(place);
    // Keys of any name are as many as people write.
    if (place !== values) this.#parts.set(name, part);
    return part;
  }

  /** The fields that have a default. */
  defaults(): readonly (readonly [name: string, schema: Linked])[] {
    this.#defaults ??= Object.entries(this.schema.fields ?? {})
      .filter(([, place]) => this.#links.mayHaveDefault(place))
      .map(([name, place]) => [name, this.#links.schemaAt(place)] as const)
      .filter(([, { schema }]) => schema.default !== undefined);
    return this.#defaults;
  }

  items(): Linked | undefined {
    const { items } = this.schema;
    if (items !== undefined) this.#items ??= this.#links.schemaAt(items);
    return this.#items;
  }

  /** Whether a text has the pattern, where there is one. */
  fits(text: string): boolean {
    const { pattern } = this.schema;
    if (pattern === undefined) return true;
    this.#expression ??= this.#links.matcherOf(pattern);
    return this.#expression.test(text);
  }

  rules(): readonly LinkedRule[] {
    this.#rules ??= (this.schema.rules ?? []).map(place => this.#links.ruleAt(place));
    return this.#rules;
  }

  alternatives(places: readonly number[]): readonly Linked[] {
    return places.map(place => this.#links.schemaAt(place));
  }
}

/** The parts of a table, by their places. */
interface Links {
  readonly schemaAt: (place: number) => Linked;
  readonly mayHaveDefault: (place: number) => boolean;
  readonly ruleAt: (place: number) => LinkedRule;
  readonly matcherOf: (pattern: string) => RegExp;
}

/**
 * Links the schemas of a table. Patterns and rules are compiled when the first value is held against them, so that a run pays
 * for what its objects have and for nothing else.
 *
 * @returns a function of the place of a schema
 */
export function linkSchemas(table: TableLines): (place: number) => Linked {
  const known: (Linked | undefined)[] = [];
  const rules: (LinkedRule | undefined)[] = [];
  const patterns = new Map<string, RegExp>();
  const schemaAt = (place: number): Linked => {
    const old = known[place];
    if (old !== undefined) return old;
    const linked = new Linked(table.schemaAt(place), links);
    known[place] = linked;
    return linked;
  };
  const ruleAt = (place: number): LinkedRule => {
    const rule = rules[place] ?? linkRule(table, place);
    rules[place] = rule;
    return rule;
  };
  const matcherOf = (pattern: string): RegExp => {
    const expression = patterns.get(pattern) ?? toRegExp(pattern);
    patterns.set(pattern, expression);
    return expression;
  };
  const links: Links = { schemaAt, mayHaveDefault: table.mayHaveDefault, ruleAt, matcherOf };
  return schemaAt;
}

function linkRule(table: TableLines, place: number): LinkedRule {
  const [message, tree] = table.ruleAt(place);
  return { message, holds: compileRule(tree) };
}
