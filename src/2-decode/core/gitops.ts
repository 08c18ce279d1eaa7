import { type Decoder, list, string } from '../decoder.ts';
import type { ArgoApplication, ArgoSource, FluxKustomization } from '../gitops.ts';
import { object } from '../object.ts';
import { patch } from './kustomization.ts';

const open = { open: true } as const;

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/ */
export const fluxKustomization: Decoder<FluxKustomization> = object<FluxKustomization>(
  { path: string, patches: list(patch) },
  open,
);

const source = object<ArgoSource>(
  {
    path: string,
    kustomize: object<NonNullable<ArgoSource['kustomize']>>({ patches: list(patch) }, open),
  },
  open,
);

/** @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml */
export const argoApplication: Decoder<ArgoApplication> = object<ArgoApplication>(
  { source, sources: list(source) },
  open,
);
