import { isRecord } from '../yaml/yaml-node.ts';

/** One operation of a JSON patch. */
export interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

/**
 * Applies a JSON patch.
 *
 * @returns the value as it is then; undefined where an operation does not fit
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function jsonPatch(value: unknown, operations: readonly Operation[]): unknown {
  let result: unknown = structuredClone(value);
  for (const { op, path, from, value: operand } of operations) {
    if (typeof path !== 'string') return undefined;
    switch (op) {
      case 'add':
      case 'replace':
        result = write(result, keysOf(path), operand, op);
        break;
      case 'remove':
        result = write(result, keysOf(path), undefined, 'remove');
        break;
      case 'move':
      case 'copy': {
        if (typeof from !== 'string') return undefined;
        const moved = read(result, keysOf(from));
        if (moved === undefined) return undefined;
        if (op === 'move') result = write(result, keysOf(from), undefined, 'remove');
        result = write(result, keysOf(path), structuredClone(moved), 'add');
        break;
      }
      case 'test':
        if (JSON.stringify(read(result, keysOf(path))) !== JSON.stringify(operand)) return undefined;
        break;
      default:
        return undefined;
    }
    if (result === undefined) return undefined;
  }
  return result;
}

function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (Array.isArray(found)) found = (found as readonly unknown[])[Number(key)];
    else if (isRecord(found)) found = found[key];
    else return undefined;
  }
  return found;
}

/** @returns undefined where there is nothing to write to */
function write(
  value: unknown,
  [key, ...rest]: readonly string[],
  operand: unknown,
  op: 'add' | 'replace' | 'remove',
): unknown {
  if (key === undefined) return op === 'remove' ? undefined : operand;
  if (Array.isArray(value)) {
    const items = [...(value as readonly unknown[])];
    const index = key === '-' ? items.length : Number(key);
    const isEnd = rest.length === 0 && op === 'add';
    if (!Number.isInteger(index) || index < 0 || index > items.length - (isEnd ? 0 : 1)) return undefined;
    if (rest.length > 0) {
      const inner = write(items[index], rest, operand, op);
      if (inner === undefined) return undefined;
      items[index] = inner;
    } else if (op === 'add') items.splice(index, 0, operand);
    else if (op === 'replace') items[index] = operand;
    else items.splice(index, 1);
    return items;
  }
  if (!isRecord(value)) return undefined;
  if (rest.length > 0) {
    const inner = write(value[key], rest, operand, op);
    return inner === undefined ? undefined : { ...value, [key]: inner };
  }
  if (op === 'add') return { ...value, [key]: operand };
  if (!(key in value)) return undefined;
  if (op === 'replace') return { ...value, [key]: operand };
  const { [key]: _removed, ...others } = value;
  return others;
}
