import { type Decoder, list, string } from '../decoder.ts';
import type { Kustomization, KustomizePatch } from '../kustomization.ts';
import { object } from '../object.ts';

const patch: Decoder<KustomizePatch> = object<KustomizePatch>(
  {
    path: string,
    patch: string,
    target: object<NonNullable<KustomizePatch['target']>>({
      group: string,
      version: string,
      kind: string,
      name: string,
      namespace: string,
      labelSelector: string,
      annotationSelector: string,
    }),
  },
  { open: true },
);

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export const kustomization: Decoder<Kustomization> = object<Kustomization>(
  {
    namespace: string,
    namePrefix: string,
    nameSuffix: string,
    resources: list(string),
    bases: list(string),
    components: list(string),
    patches: list(patch),
    patchesStrategicMerge: list(string),
    patchesJson6902: list(patch),
  },
  { open: true },
);
