import { isRecord } from '../yaml/yaml-node.ts';
import { type Linked, linkSchemas } from './linked.ts';
import { type AdmissionTable, blocksRules, type Refusal, type Trail } from './schema.ts';
import { storedValue } from './stored.ts';
import { admissionTable } from './table.ts';
import { checkValue } from './values.ts';

/** The Gateway API CRDs that a cluster has. */
export interface Bundle {
  readonly gatewayApi: string;
  readonly channel: string;
}

/** The verdict of an API server on an object. */
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
  /** Whether objects of an API version are its business. */
  readonly judges: (apiVersion: string) => boolean;
  readonly table: AdmissionTable;
}

function judges(apiVersion: string): boolean {
  return (
    apiVersion.startsWith('gateway.networking.k8s.io/') ||
    apiVersion.startsWith('gateway.networking.x-k8s.io/')
  );
}

/**
 * Reads its table and compiles its rules when they are first asked for, once for all who ask: they are constants that cost a
 * millisecond.
 */
export const admission: Admission = openAdmission();

function openAdmission(): Admission {
  let context: Context | undefined;
  const opened = () => {
    context ??= read(JSON.parse(admissionTable) as AdmissionTable);
    return context;
  };
  return {
    admit: (object, bundle) => admit(object, bundle, opened),
    judges,
    get table() {
      return opened().table;
    },
  };
}

function read(table: AdmissionTable): Context {
  return { table, schemaAt: linkSchemas(table) };
}

interface Context {
  readonly table: AdmissionTable;
  readonly schemaAt: (place: number) => Linked;
}

function admit(object: unknown, { gatewayApi, channel }: Bundle, opened: () => Context): Verdict | undefined {
  if (!isRecord(object)) return undefined;
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || !judges(apiVersion)) return undefined;
  const context = opened();
  const { table, schemaAt } = context;
  const place = table.kinds[`${gatewayApi} ${channel}`]?.[`${String(kind)} ${apiVersion}`];
  if (place === undefined) {
    const detail = `no matches for kind "${String(kind)}" in version "${apiVersion}"`;
    return { refusals: [{ path: [], type: 'Unknown kind', detail }], stored: object };
  }
  const refusals: Refusal[] = [];
  const refuse = (refusal: Refusal) => refusals.push(refusal);
  const schema = schemaAt(place);
  const stored = storedValue(object, schema, [], path => refuse({ path, type: 'Unknown field', detail: '' }));
  checkValue(stored, schema, [], refuse);
  if (!refusals.some(blocksRules)) checkRules(stored, schema, [], refuse);
  return { refusals, stored };
}

/** Runs the CEL rules of a value and of all within it. @see k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go */
function checkRules(value: unknown, schema: Linked, path: Trail, refuse: (refusal: Refusal) => void): void {
  if (schema.schema.open === true || value === null) return;
  for (const { message, holds } of schema.rules()) {
    const answer = holds(value);
    if (answer === true) continue;
    const detail = answer === false ? message : `${answer} evaluating rule: ${message}`;
    refuse({ path: [...path], type: 'Invalid value', detail });
  }
  if (Array.isArray(value)) {
    const items = schema.items();
    if (items === undefined) return;
    for (let index = 0; index < value.length; index += 1) {
      path.push(index);
      checkRules(value[index], items, path, refuse);
      path.pop();
    }
  } else if (isRecord(value)) {
    for (const name of Object.keys(value)) {
      const field = schema.field(name);
      if (field === undefined) continue;
      path.push(name);
      checkRules(value[name], field, path, refuse);
      path.pop();
    }
  }
}
