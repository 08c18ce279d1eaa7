import { parseGoDuration } from '../2-decode/validation/go-duration.ts';
import { isIpAddress } from '../2-decode/validation/ip-address.ts';

/**
 * A CEL expression as nested lists: `["value", v]`, `["name", n]`, `["field", of, name]`, `["has", of, name]`, `["list", ...]`,
 * `["call", function, ...]`, `["method", function, of, ...]`.
 */
export interface Tree extends ReadonlyArray<Tree | Constant> {}

type Constant = string | number | boolean | null;

/** The values of the names that an expression can see: `self`, then the variables of the quantifiers around it. */
type Frame = unknown[];

type Compiled = (frame: Frame) => unknown;

/** A value that an expression asks for and that is not there. CEL says so where no other operand decides. */
class Missing {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/**
 * Makes a function of a rule of a CRD. It holds what the rules of the Gateway API use of CEL, and no more: the generator of the
 * table compiles every rule, and a new release with another function stops it.
 *
 * @param tree the rule
 * @param whole whether all of it is compiled now; else what stands behind `&&`, `||`, `?` and quantifiers is compiled when an
 * object first needs it, since most objects have few of the fields that rules are about
 * @returns a function of `self` that says whether the rule holds, or why it cannot be told
 * @throws where the rule uses a function that nothing here knows
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export function compileRule(tree: Tree, whole = false): (self: unknown) => boolean | string {
  const run = compile(tree, { names: ['self'], whole });
  return self => {
    try {
      return run([self]) === true;
    } catch (error) {
      if (error instanceof Missing) return error.message;
      throw error;
    }
  };
}

/** Whether a rule compares an object with what it was before: nothing was before an object that is new. */
export function readsOldSelf(tree: Tree | Constant): boolean {
  if (!isTree(tree)) return false;
  const [kind, ...parts] = tree;
  return (kind === 'name' && parts[0] === 'oldSelf') || parts.some(readsOldSelf);
}

/** Where an expression stands. */
interface Scope {
  /** Names of the frame, the innermost last. */
  readonly names: readonly string[];
  /** Whether all is compiled at once. */
  readonly whole: boolean;
}

function compileLater(tree: Tree | Constant | undefined, scope: Scope): Compiled {
  if (scope.whole) return compile(tree, scope);
  let run: Compiled | undefined;
  return frame => {
    run ??= compile(tree, scope);
    return run(frame);
  };
}

function compile(tree: Tree | Constant | undefined, scope: Scope): Compiled {
  if (!isTree(tree)) throw new Error(`no expression: ${JSON.stringify(tree)}`);
  const [kind, ...parts] = tree;
  const compiler = compilers[String(kind)];
  if (compiler === undefined) throw new Error(`expression of kind ${String(kind)}`);
  return compiler(parts, scope);
}

function isTree(part: Tree | Constant | undefined): part is Tree {
  return Array.isArray(part);
}

type Parts = readonly (Tree | Constant)[];

const compilers: Readonly<Record<string, (parts: Parts, scope: Scope) => Compiled>> = {
  value:
    ([value]) =>
    () =>
      value,
  name: ([name], { names }) => {
    const place = names.lastIndexOf(String(name));
    // `format` holds the formats of Kubernetes: `format.dns1123Label()`.
    if (place < 0 && name !== 'format') throw new Error(`no variable ${String(name)}`);
    return frame => frame[place];
  },
  list: (parts, scope) => {
    const constants = constantOf(['list', ...parts]);
    if (constants !== undefined) return () => constants;
    const items = parts.map(part => compile(part, scope));
    return frame => items.map(item => item(frame));
  },
  field: ([of, name], scope) => {
    const operand = compile(of, scope);
    const key = unescaped(String(name));
    return frame => {
      const value = operand(frame);
      if (isObject(value) && Object.hasOwn(value, key)) return value[key];
      throw new Missing(`no such key: ${key}`);
    };
  },
  has: ([of, name], scope) => {
    const operand = compile(of, scope);
    const key = unescaped(String(name));
    return frame => {
      const value = operand(frame);
      return isObject(value) && Object.hasOwn(value, key);
    };
  },
  call: ([name, ...args], scope) => compileCall(String(name), args, scope),
  method: ([name, of, ...args], scope) => {
    const quantifier = quantifiers[String(name)];
    if (quantifier !== undefined) return compileQuantifier(quantifier, of, args, scope);
    return compileFunction(`.${String(name)}`, of === undefined ? args : [of, ...args], scope);
  },
};

/** CEL cannot write a field called `namespace`: a rule says `__namespace__`. */
function unescaped(name: string): string {
  return /^__(\w+)__$/.exec(name)?.[1] ?? name;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compileCall(name: string, args: Parts, scope: Scope): Compiled {
  if (name === '_&&_' || name === '_||_') return compileLogic(name === '_||_', args, scope);
  if (name === '_?_:_') {
    const condition = compile(args[0], scope);
    const [yes, no] = [compileLater(args[1], scope), compileLater(args[2], scope)];
    return frame => (condition(frame) === true ? yes : no)(frame);
  }
  return compileFunction(name, args, scope);
}

/** One operand that decides is enough: what is missing for the other does not matter. */
function compileLogic(deciding: boolean, args: Parts, scope: Scope): Compiled {
  const [first, second] = [compile(args[0], scope), compileLater(args[1], scope)];
  return frame => {
    let missing: Missing | undefined;
    try {
      if (first(frame) === deciding) return deciding;
    } catch (error) {
      missing = missingIn(error);
    }
    try {
      if (second(frame) === deciding) return deciding;
    } catch (error) {
      missing ??= missingIn(error);
    }
    if (missing !== undefined) throw missing;
    return !deciding;
  };
}

function missingIn(error: unknown): Missing {
  if (error instanceof Missing) return error;
  throw error;
}

function decided<T>(deciding: boolean, items: readonly T[], ask: (item: T) => unknown): boolean {
  let missing: Missing | undefined;
  for (const item of items) {
    try {
      if (ask(item) === deciding) return deciding;
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing ??= error;
    }
  }
  if (missing !== undefined) throw missing;
  return !deciding;
}

type Quantifier = (items: readonly unknown[], ask: (item: unknown) => unknown) => unknown;

/** The questions that CEL's macros ask of the items of a list, or of the keys of a map. */
const quantifiers: Readonly<Record<string, Quantifier>> = {
  all: (items, ask) => decided(false, items, ask),
  exists: (items, ask) => decided(true, items, ask),
  exists_one: (items, ask) => items.filter(item => ask(item) === true).length === 1,
  filter: (items, ask) => items.filter(item => ask(item) === true),
};

function compileQuantifier(
  quantifier: Quantifier,
  of: Tree | Constant | undefined,
  args: Parts,
  scope: Scope,
): Compiled {
  const range = compile(of, scope);
  const [variable] = args;
  const place = scope.names.length;
  const names = [...scope.names, isTree(variable) ? String(variable[1]) : ''];
  const body = compileLater(args[1], { ...scope, names });
  return frame => {
    const value = range(frame);
    const items = Array.isArray(value) ? value : Object.keys(Object(value));
    if (items.length === 0) return quantifier(items, () => undefined);
    return quantifier(items, item => {
      frame[place] = item;
      return body(frame);
    });
  };
}

function compileFunction(name: string, args: Parts, scope: Scope): Compiled {
  const operands = args.map(arg => compile(arg, scope));
  const [first, second, ...more] = operands;
  if (name === '.matches') {
    const pattern = args[1];
    if (first === undefined || !isTree(pattern) || pattern[0] !== 'value')
      throw new Error('matches with a pattern that is not written down');
    const expression = toRegExp(String(pattern[1]));
    return frame => expression.test(String(first(frame)));
  }
  const run = functions[name];
  if (run === undefined) throw new Error(`function ${name}`);
  const constant = constantOf(args[1]);
  const special =
    first === undefined || constant === undefined ? undefined : withConstant[name]?.(first, constant);
  if (special !== undefined) return special;
  if (first !== undefined && more.length === 0)
    return second === undefined ? frame => run(first(frame)) : frame => run(first(frame), second(frame));
  return frame => run(...operands.map(operand => operand(frame)));
}

/** Most rules ask whether a field has a constant value. */
const withConstant: Readonly<Record<string, (of: Compiled, constant: unknown) => Compiled | undefined>> = {
  '_==_': (of, constant) => (typeof constant === 'object' ? undefined : frame => of(frame) === constant),
  '_!=_': (of, constant) => (typeof constant === 'object' ? undefined : frame => of(frame) !== constant),
  '@in': (of, constants) => {
    if (!Array.isArray(constants)) return undefined;
    return frame => constants.includes(of(frame));
  },
  '.contains': (of, constant) => frame => String(of(frame)).includes(String(constant)),
};

/** @returns undefined for what is no constant, or a list of such */
function constantOf(tree: Tree | Constant | undefined): unknown {
  if (!isTree(tree)) return undefined;
  const [kind, ...parts] = tree;
  if (kind === 'value') return parts[0];
  if (kind !== 'list' || !parts.every(part => isTree(part) && part[0] === 'value')) return undefined;
  return parts.map(part => (isTree(part) ? part[1] : part));
}

/**
 * The patterns of the CRDs mean the same in Go and here, but for the flag at their beginning. None of them counts or names
 * characters beyond ASCII, so that only those with the flag have to know of them: the Kelvin sign is a `k` there.
 */
export function toRegExp(pattern: string): RegExp {
  const flagless = pattern.replace('(?i)', '');
  return flagless === pattern ? new RegExp(pattern) : new RegExp(flagless, 'iu');
}

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const dns1123Label = { pattern: new RegExp(`^${label}$`), most: 63 };
const dns1123Subdomain = { pattern: new RegExp(`^${label}(?:\\.${label})*$`), most: 253 };

/** @see https://kubernetes.io/docs/reference/using-api/cel/ */
const functions: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  '!_': value => value !== true,
  '_==_': (left, right) => isSame(left, right),
  '_!=_': (left, right) => !isSame(left, right),
  '_<_': (left, right) => Number(left) < Number(right),
  '_<=_': (left, right) => Number(left) <= Number(right),
  '_>_': (left, right) => Number(left) > Number(right),
  '_>=_': (left, right) => Number(left) >= Number(right),
  '_+_': (left, right) => Number(left) + Number(right),
  '@in': (item, list) => Array.isArray(list) && list.some(other => isSame(item, other)),
  '_[_]': (list, index) => {
    if (Array.isArray(list) && Number(index) < list.length) return list[Number(index)];
    throw new Missing(`index out of bounds: ${String(index)}`);
  },
  size: sizeOf,
  '.size': sizeOf,
  '.contains': (text, part) => String(text).includes(String(part)),
  '.startsWith': (text, part) => String(text).startsWith(String(part)),
  '.endsWith': (text, part) => String(text).endsWith(String(part)),
  '.split': (text, separator) => String(text).split(String(separator)),
  '.substring': (text, start) => [...String(text)].slice(Number(start)).join(''),
  '.dns1123Label': () => dns1123Label,
  '.dns1123Subdomain': () => dns1123Subdomain,
  // The fault of a text, or nothing where it has the format.
  '.validate': (format, text) => {
    const { pattern, most } = format as { readonly pattern: RegExp; readonly most: number };
    return pattern.test(String(text)) && String(text).length <= most ? undefined : [String(text)];
  },
  '.hasValue': optional => optional !== undefined,
  duration: text => durationOf(String(text)),
  isIP: text => isIpAddress(String(text)),
};

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  return typeof left === 'object' && JSON.stringify(left) === JSON.stringify(right);
}

/** Characters beyond the first 65,536 take two units. */
const hasPairs = /[\ud800-\udbff]/;

/** Characters of a string, items of a list, keys of a map. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return hasPairs.test(value) ? [...value].length : value.length;
  return Array.isArray(value) ? value.length : Object.keys(Object(value)).length;
}

/** @returns nanoseconds */
function durationOf(text: string): number {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds === undefined)
    throw new Missing("type conversion error from 'string' to 'google.protobuf.Duration'");
  return Number(nanoseconds);
}
