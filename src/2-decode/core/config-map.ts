import { type Decoder, record, string } from '../decoder.ts';
import { object } from '../object.ts';

/** A ConfigMap, for what the one of istiod says in `mesh`. */
export interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/ */
export const configMap: Decoder<ConfigMap> = object<ConfigMap>({ data: record(string) }, { open: true });
