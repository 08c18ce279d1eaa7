import { boolean, type Decoder, list, opaque, string } from '../decoder.ts';
import type {
  ArgoApplication,
  ArgoKustomize,
  ArgoSource,
  FluxJsonPatch,
  FluxKustomization,
  IgnoredDifference,
  NamedObject,
} from '../gitops.ts';
import { object } from '../object.ts';
import { patch, selector } from './kustomization.ts';

const open = { open: true } as const;

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/ */
export const fluxKustomization: Decoder<FluxKustomization> = object<FluxKustomization>(
  {
    path: string,
    targetNamespace: string,
    namePrefix: string,
    nameSuffix: string,
    patches: list(patch),
    patchesStrategicMerge: list(opaque),
    patchesJson6902: list(object<FluxJsonPatch>({ patch: list(opaque), target: selector }, open)),
    healthChecks: list(
      object<NamedObject>({ apiVersion: string, kind: string, name: string, namespace: string }, open),
    ),
  },
  open,
);

const kustomize = object<ArgoKustomize>(
  {
    namespace: string,
    namePrefix: string,
    nameSuffix: string,
    commonLabels: opaque,
    labelWithoutSelector: boolean,
    patches: list(patch),
  },
  open,
);

const source = object<ArgoSource>(
  {
    path: string,
    kustomize,
    helm: opaque,
  },
  open,
);

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml */
export const argoApplication: Decoder<ArgoApplication> = object<ArgoApplication>(
  {
    source,
    sources: list(source),
    destination: object<{ readonly namespace?: string }>({ namespace: string }, open),
    ignoreDifferences: list(
      object<IgnoredDifference>({ group: string, kind: string, name: string, namespace: string }, open),
    ),
  },
  open,
);
