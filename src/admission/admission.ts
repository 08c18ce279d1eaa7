import { isRecord } from '../yaml/yaml-node.ts';
import { acceptedValue, doubt, type IsLeftOut } from './accepted.ts';
import { readLines, type TableHead, type TableLines } from './lines.ts';
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
   * @param isLeftOut of texts that it tells nothing is asked, where all else is taken; else they are judged as all others
   * @returns undefined for kinds of other groups
   */
  readonly admit: (object: unknown, bundle: Bundle, isLeftOut?: IsLeftOut) => Verdict | undefined;
  /** Whether an object would be taken, which costs less than the reasons why not. */
  readonly takes: (object: unknown, bundle: Bundle) => boolean;
  /** Whether objects of an API version are its business. */
  readonly judges: (apiVersion: string) => boolean;
  /** The table without its rules and schemas. */
  readonly head: TableHead;
  /** The whole table. */
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
    context ??= open(readLines(admissionTable));
    return context;
  };
  return {
    admit: (object, bundle, isLeftOut) => admit(object, bundle, opened, isLeftOut),
    takes: (object, bundle) => takes(object, bundle, opened),
    judges,
    get head() {
      return opened().head;
    },
    get table() {
      return JSON.parse(admissionTable) as AdmissionTable;
    },
  };
}

function open(lines: TableLines): Context {
  return { head: lines.head, schemaAt: linkSchemas(lines) };
}

interface Context {
  readonly head: TableHead;
  readonly schemaAt: (place: number) => Linked;
}

function admit(
  object: unknown,
  bundle: Bundle,
  opened: () => Context,
  isLeftOut?: IsLeftOut,
): Verdict | undefined {
  const found = schemaOf(object, bundle, opened);
  if (found === undefined) return undefined;
  if (typeof found === 'string')
    return { refusals: [{ path: [], type: 'Unknown kind', detail: found }], stored: object };
  const accepted = acceptedValue(object, found, isLeftOut);
  if (accepted !== doubt) return { refusals: [], stored: accepted };
  const refusals: Refusal[] = [];
  const stored = judge(
    object,
    found,
    refusal => refusals.push(refusal),
    () => refusals.some(blocksRules),
  );
  return { refusals, stored };
}

function takes(object: unknown, bundle: Bundle, opened: () => Context): boolean {
  const found = schemaOf(object, bundle, opened);
  if (found === undefined) return true;
  if (typeof found === 'string') return false;
  if (acceptedValue(object, found) !== doubt) return true;
  try {
    judge(object, found, refuseAtOnce, () => false);
    return true;
  } catch (error) {
    if (error === enough) return false;
    throw error;
  }
}

/** Thrown at the first refusal where nobody asks for more. */
const enough = Symbol('enough');

function refuseAtOnce(): never {
  throw enough;
}

/** @returns the schema of an object; why there is none for its kind; undefined for kinds of other groups */
function schemaOf(
  object: unknown,
  { gatewayApi, channel }: Bundle,
  opened: () => Context,
): Linked | string | undefined {
  if (!isRecord(object)) return undefined;
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || !judges(apiVersion)) return undefined;
  const { head, schemaAt } = opened();
  const place = head.kinds[`${gatewayApi} ${channel}`]?.[`${String(kind)} ${apiVersion}`];
  return place === undefined
    ? `no matches for kind "${String(kind)}" in version "${apiVersion}"`
    : schemaAt(place);
}

/** @returns the object as it would be stored */
function judge(
  object: unknown,
  schema: Linked,
  refuse: (refusal: Refusal) => void,
  isBlocked: () => boolean,
): unknown {
  const stored = storedValue(object, schema, [], path => refuse({ path, type: 'Unknown field', detail: '' }));
  checkValue(stored, schema, [], refuse);
  if (!isBlocked()) checkRules(stored, schema, [], refuse);
  return stored;
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
