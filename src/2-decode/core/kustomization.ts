import { boolean, type Decoder, list, opaque, string } from '../decoder.ts';
import type {
  KustomizationFile,
  KustomizeLabels,
  KustomizePatch,
  Replacement,
  Selector,
} from '../kustomization.ts';
import { object } from '../object.ts';

/** The target of a patch. */
export const selector: Decoder<Selector> = object<Selector>(
  {
    group: string,
    version: string,
    kind: string,
    name: string,
    namespace: string,
    labelSelector: string,
    annotationSelector: string,
  },
  { open: true },
);

/** A patch, as kustomizations list it, and those who write kustomizations. */
export const patch: Decoder<KustomizePatch> = object<KustomizePatch>(
  { path: string, patch: string, target: selector },
  { open: true },
);

const replacement: Decoder<Replacement> = object<Replacement>(
  {
    path: string,
    source: selector,
    targets: list(object<{ readonly select?: Selector }>({ select: selector }, { open: true })),
  },
  { open: true },
);

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
export const kustomization: Decoder<KustomizationFile> = object<KustomizationFile>(
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
    replacements: list(replacement),
    crds: list(string),
    commonLabels: opaque,
    labels: list(
      object<KustomizeLabels>(
        { pairs: opaque, includeSelectors: boolean, fields: list(opaque) },
        { open: true },
      ),
    ),
    transformers: list(string),
    configurations: list(string),
    helmCharts: list(opaque),
  },
  { open: true },
);
