import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

/** Fields that a forge does not know are mistakes of ours. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && 'type' in inner ? { ...inner, additionalProperties: false } : inner;
}

/**
 * @param file in testdata/suggest/schemas, with a schema for the body of each request that writes
 * @returns a function that says what is wrong with a request; a request that writes and has no schema is wrong
 */
export function requestValidator(
  file: string,
): (method: string, path: string, body: unknown) => string | undefined {
  const path = join(import.meta.dirname, '../../testdata/suggest/schemas', file);
  const { operations } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly operations: Readonly<Record<string, object>>;
  };
  const ajv = new Ajv({ strict: false, allErrors: true });
  const validators = Object.entries(operations).map(([name, schema]) => {
    const [method = '', path = ''] = name.split(' ');
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return { method, pattern, validate: ajv.compile(closed(schema) as object) };
  });
  return (method, path, body) => {
    if (method === 'GET' || method === 'DELETE') return undefined;
    const found = validators.find(one => one.method === method && one.pattern.test(path));
    if (found === undefined) return `there is no ${method} ${path}`;
    return found.validate(body) ? undefined : `schema: ${ajv.errorsText(found.validate.errors)}`;
  };
}
