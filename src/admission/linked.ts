import { compileRule, toRegExp } from './expression.ts';
import type { AdmissionTable, Schema } from './schema.ts';

/** A CEL rule that can be asked. */
export interface LinkedRule {
  readonly message: string;
  /** Says whether the rule holds, or why it cannot be told. */
  readonly holds: (self: unknown) => boolean | string;
}

/** A schema whose parts are at hand: each is looked up once, when the first object has it. */
export interface Linked {
  readonly schema: Schema;
  /** @returns the schema of a field, or of a key where keys have any name */
  readonly field: (name: string) => Linked | undefined;
  /** The fields that have a default. */
  readonly defaults: () => readonly (readonly [name: string, schema: Linked])[];
  readonly items: () => Linked | undefined;
  readonly fits: (text: string) => boolean;
  readonly rules: () => readonly LinkedRule[];
  readonly alternatives: (places: readonly number[]) => readonly Linked[];
}

/**
 * Links the schemas of a table. Patterns and rules are compiled when the first value is held against them, so that a run pays
 * for what its objects have and for nothing else.
 *
 * @returns a function of a place in `AdmissionTable.schemas`
 */
export function linkSchemas(table: AdmissionTable): (place: number) => Linked {
  const known: (Linked | undefined)[] = [];
  const rules: (LinkedRule | undefined)[] = [];
  const patterns = new Map<string, RegExp>();
  const link = (place: number): Linked => {
    const old = known[place];
    if (old !== undefined) return old;
    const schema = table.schemas[place];
    if (schema === undefined) throw new Error(`schema ${place} of the table`);
    const linked = linkOne(schema, table, link, ruleAt, matcherOf);
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
  return link;
}

function linkOne(
  schema: Schema,
  table: AdmissionTable,
  link: (place: number) => Linked,
  ruleAt: (place: number) => LinkedRule,
  matcherOf: (pattern: string) => RegExp,
): Linked {
  const { fields = {}, pattern } = schema;
  const parts = new Map<string, Linked>();
  let items: Linked | undefined;
  let rules: readonly LinkedRule[] | undefined;
  let defaults: ReturnType<Linked['defaults']> | undefined;
  let expression: RegExp | undefined;
  return {
    schema,
    field: name => {
      const old = parts.get(name);
      if (old !== undefined) return old;
      // A field called `constructor` is none.
      const place = Object.hasOwn(fields, name) ? fields[name] : schema.values;
      if (place === undefined) return undefined;
      const part = link(place);
      // Keys of any name are as many as people write.
      if (place !== schema.values) parts.set(name, part);
      return part;
    },
    defaults: () => {
      defaults ??= Object.entries(fields)
        .filter(([, place]) => table.schemas[place]?.default !== undefined)
        .map(([name, place]) => [name, link(place)] as const);
      return defaults;
    },
    items: () => {
      if (schema.items !== undefined) items ??= link(schema.items);
      return items;
    },
    fits: text => {
      if (pattern === undefined) return true;
      expression ??= matcherOf(pattern);
      return expression.test(text);
    },
    rules: () => {
      rules ??= (schema.rules ?? []).map(ruleAt);
      return rules;
    },
    alternatives: places => places.map(link),
  };
}

function linkRule(table: AdmissionTable, place: number): LinkedRule {
  const [message, tree] = table.rules[place] ?? [];
  if (message === undefined || tree === undefined) throw new Error(`rule ${place} of the table`);
  return { message, holds: compileRule(tree) };
}
