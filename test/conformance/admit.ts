import { toManifest } from '../../src/6-emit/manifest.ts';
import type { Judge, Rejection } from './judge.ts';
import type { Converted } from './scenario.ts';

/** Asks whether an API server with the CRDs of the target takes what a conversion produces. */
export async function refusedOutputs(
  { conversion, bundle }: Converted,
  judge: Judge,
): Promise<readonly Rejection[]> {
  const { outputs } = conversion;
  if (outputs.length === 0) return [];
  const manifests = outputs.map(({ resource }) => {
    const manifest = toManifest(resource);
    const namespace = resource.namespace === '' ? {} : { namespace: resource.namespace };
    return JSON.stringify({ ...manifest, metadata: { ...manifest.metadata, ...namespace } });
  });
  const { objects } = await judge.admit(manifests.join('\n---\n'), bundle);
  return objects
    .filter(({ errors }) => errors.length > 0)
    .map(({ kind, namespace, name, errors }) => ({
      kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
      by: 'schema' as const,
      errors,
    }));
}
