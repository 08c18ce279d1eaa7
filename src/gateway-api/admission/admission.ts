import { isRecord } from '../../1-read/yaml-node.ts';
import { compileRule } from './expression.ts';
import { checkLists } from './lists.ts';
import { type AdmissionTable, blocksRules, type Refusal, type Schema, type SchemaAt } from './schema.ts';
import { fieldOf, storedValue } from './stored.ts';
import { admissionTable } from './table.ts';
import { checkValue } from './values.ts';

/** The Gateway API CRDs that a cluster has. */
export interface Bundle {
  readonly gatewayApi: string;
  readonly channel: string;
}

/** What an API server says to an object. */
export interface Verdict {
  /** Why it refuses the object; none where it takes it. */
  readonly refusals: readonly Refusal[];
  /** The object as it would be stored, with the defaults of the CRD. */
  readonly stored: unknown;
}

/** An API server, as far as its CRDs of the Gateway API go. */
export interface Admission {
  /**
   * @param object as JSON has it
   * @returns undefined for kinds of other groups
   */
  readonly admit: (object: unknown, bundle: Bundle) => Verdict | undefined;
  readonly table: AdmissionTable;
}

const groups = new Set(['gateway.networking.k8s.io', 'gateway.networking.x-k8s.io']);

/** @returns an API server that has read its table; a rule is compiled when it is asked for the first time */
export function openAdmission(): Admission {
  const table = JSON.parse(admissionTable) as AdmissionTable;
  const at: SchemaAt = place => {
    const schema = table.schemas[place];
    if (schema === undefined) throw new Error(`schema ${place} of the table`);
    return schema;
  };
  const compiled = new Map<number, ReturnType<typeof compileRule>>();
  const ruleAt = (place: number) => {
    const [message, tree] = table.rules[place] ?? [];
    if (message === undefined || tree === undefined) throw new Error(`rule ${place} of the table`);
    const holds = compiled.get(place) ?? compileRule(tree);
    compiled.set(place, holds);
    return { message, holds };
  };
  return { table, admit: (object, bundle) => admit(object, bundle, { table, at, ruleAt }) };
}

interface Context {
  readonly table: AdmissionTable;
  readonly at: SchemaAt;
  readonly ruleAt: (place: number) => {
    readonly message: string;
    readonly holds: (self: unknown) => boolean | string;
  };
}

function admit(
  object: unknown,
  { gatewayApi, channel }: Bundle,
  { table, at, ruleAt }: Context,
): Verdict | undefined {
  if (!isRecord(object)) return undefined;
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || !groups.has(apiVersion.split('/')[0] ?? '')) return undefined;
  const place = table.kinds[`${gatewayApi} ${channel}`]?.[`${String(kind)} ${apiVersion}`];
  if (place === undefined) {
    const detail = `no matches for kind "${String(kind)}" in version "${apiVersion}"`;
    return { refusals: [{ path: [], type: 'Unknown kind', detail }], stored: object };
  }
  const refusals: Refusal[] = [];
  const refuse = (refusal: Refusal) => refusals.push(refusal);
  const schema = at(place);
  const stored = storedValue(object, schema, at, [], path =>
    refuse({ path, type: 'Unknown field', detail: '' }),
  );
  checkValue(stored, schema, at, [], refuse);
  checkLists(stored, schema, at, [], refuse);
  if (!refusals.some(blocksRules)) checkRules(stored, schema, { table, at, ruleAt }, [], refuse);
  return { refusals, stored };
}

/** Runs the CEL rules of a value and of all within it. @see k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go */
function checkRules(
  value: unknown,
  schema: Schema,
  context: Context,
  path: Refusal['path'],
  refuse: (refusal: Refusal) => void,
): void {
  if (schema.open === true || value === null) return;
  for (const place of schema.rules ?? []) {
    const { message, holds } = context.ruleAt(place);
    const answer = holds(value);
    if (answer === true) continue;
    const detail = answer === false ? message : `${answer} evaluating rule: ${message}`;
    refuse({ path, type: 'Invalid value', detail });
  }
  if (Array.isArray(value)) {
    if (schema.items === undefined) return;
    const items = context.at(schema.items);
    for (const [index, item] of value.entries()) checkRules(item, items, context, [...path, index], refuse);
  } else if (isRecord(value)) {
    for (const [name, one] of Object.entries(value)) {
      const field = fieldOf(schema, name) ?? schema.values;
      if (field !== undefined) checkRules(one, context.at(field), context, [...path, name], refuse);
    }
  }
}
