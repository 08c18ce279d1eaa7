import { fieldOf, stringOf, type YamlNode } from '../../yaml/yaml-node.ts';
import type { Decoder } from '../decoder.ts';

/** The names of the fields that a schema has. */
export interface FieldNames {
  /** Fields that the schema does not have are kept, too. */
  readonly open: boolean;
  readonly properties: ReadonlyMap<string, FieldNames>;
  /** The schema of the items of a list. */
  readonly items?: FieldNames;
  /** The schema of the values of a map with any keys. */
  readonly values?: FieldNames;
}

/** A CustomResourceDefinition, as far as it tells which fields a kind has. */
export interface CustomResourceDefinition {
  readonly group: string;
  readonly kind: string;
  /** By version; empty for kinds of other groups than Istio's and the Gateway API's. */
  readonly versions: ReadonlyMap<string, FieldNames>;
}

const readGroups = /(?:^|\.)istio\.io$|^gateway\.networking\.(?:x-)?k8s\.io$/;

/** Reads a schema; a definition that is broken says nothing. @see https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ */
export const customResourceDefinition: Decoder<CustomResourceDefinition> = {
  wants: 'a mapping',
  shape: undefined,
  read(node) {
    const group = stringOf(node, 'group') ?? '';
    const kind = stringOf(fieldOf(node, 'names'), 'kind') ?? '';
    const versions = new Map<string, FieldNames>();
    if (!readGroups.test(group)) return { group, kind, versions };
    const listed = fieldOf(node, 'versions');
    for (const version of listed?.kind === 'sequence' ? listed.items : []) {
      const schema = fieldOf(fieldOf(version, 'schema'), 'openAPIV3Schema');
      const name = stringOf(version, 'name');
      if (schema?.kind === 'mapping' && name !== undefined) versions.set(name, fieldNames(schema));
    }
    return { group, kind, versions };
  },
};

function fieldNames(schema: YamlNode): FieldNames {
  const properties = fieldOf(schema, 'properties');
  const items = fieldOf(schema, 'items');
  const values = fieldOf(schema, 'additionalProperties');
  const keepsUnknown = fieldOf(schema, 'x-kubernetes-preserve-unknown-fields');
  return {
    open: (keepsUnknown?.kind === 'scalar' && keepsUnknown.value === true) || isUntyped(schema),
    properties: new Map(
      properties?.kind === 'mapping'
        ? properties.pairs.map(({ name, value }) => [name, fieldNames(value)])
        : [],
    ),
    ...(items?.kind === 'mapping' ? { items: fieldNames(items) } : {}),
    ...(values?.kind === 'mapping' ? { values: fieldNames(values) } : {}),
  };
}

/** `type: object` and nothing more: the API server drops everything within, so that only the absence of a type leaves it open. */
function isUntyped(schema: YamlNode): boolean {
  return fieldOf(schema, 'type') === undefined && fieldOf(schema, 'x-kubernetes-int-or-string') === undefined;
}
