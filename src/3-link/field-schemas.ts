import type { FieldNames } from '../2-decode/apiextensions/custom-resource-definition.ts';
import { type AnyResource, isType } from '../2-decode/resource.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { isWithin } from '../diagnostics/locate.ts';
import type { FieldPath } from '../yaml/source.ts';

/** Findings about fields that nothing here knows, as long as no CRD tells whether they exist. */
const unknown: ReadonlySet<Code> = new Set<Code>(['field-not-known', 'field-carried', 'field-not-read']);

/** @returns whether a finding is about a field that nothing here knows and that may exist */
export function isOfUnknownField({ code }: Finding): boolean {
  return unknown.has(code);
}

/**
 * Has the CRDs of the input tell which unknown fields exist: one that the schema of its kind lacks is dropped by the API
 * server, so that it does nothing (`unknown-field`).
 *
 * @param findings what was said while reading
 * @param resources everything that was read, with the CRDs among it
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
export function withFieldSchemas(
  findings: readonly Finding[],
  resources: readonly AnyResource[],
): readonly Finding[] {
  if (!findings.some(isOfUnknownField)) return findings;
  const definitions = resources.filter(isType('apiextensions.CustomResourceDefinition'));
  return findings.map(finding => {
    if (!isOfUnknownField(finding)) return finding;
    const owner = resources.find(({ source }) => source !== undefined && isWithin(finding.place, source));
    const [group, version = ''] = owner?.apiVersion.split('/') ?? [];
    const schema = definitions
      .find(({ spec }) => spec.group === group && spec.kind === owner?.kind)
      ?.spec.versions.get(version);
    if (schema === undefined || hasField(schema, finding.place.field)) return finding;
    return { ...finding, code: 'unknown-field' };
  });
}

function hasField(schema: FieldNames, path: FieldPath): boolean {
  let at: FieldNames = schema;
  for (const part of path) {
    const next: FieldNames | undefined =
      typeof part === 'number' ? at.items : (at.properties.get(part) ?? at.values);
    if (next === undefined) return at.open;
    at = next;
  }
  return true;
}
