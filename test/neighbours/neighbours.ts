/** A program that reads what vs2route changes, or writes into it. */
export interface Neighbour {
  /** The folder with its Go module, and the argument of `--only`. */
  readonly name: string;
  readonly title: string;
  /** The module whose version counts. */
  readonly module: string;
  /** The package that is built; a program of this folder calls what the module exports. */
  readonly main: string;
  /** The question that is put to it. */
  readonly question: string;
}

/** In the order of the output; kustomize builds the objects that the others are asked about. */
export const neighbours: readonly Neighbour[] = [
  {
    name: 'kustomize',
    title: 'kustomize',
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    main: 'sigs.k8s.io/kustomize/kustomize/v5',
    question: 'Objects that each environment builds.',
  },
  {
    name: 'argo-cd',
    title: 'Argo CD',
    module: 'github.com/argoproj/argo-cd/v3',
    main: '.',
    question:
      'Sync wave of each object, and the health that its script gives it in the states it goes through. Where there is no script, Argo CD waits for nothing.',
  },
  {
    name: 'external-dns',
    title: 'external-dns',
    module: 'sigs.k8s.io/external-dns',
    main: '.',
    question:
      'DNS records that it creates in an empty zone, with the sources of Istio, of the Gateway API, and with both.',
  },
  {
    name: 'cert-manager',
    title: 'cert-manager',
    module: 'github.com/cert-manager/cert-manager',
    main: '.',
    question: 'Certificates that the gateway shim writes.',
  },
  {
    name: 'flagger',
    title: 'Flagger',
    module: 'github.com/fluxcd/flagger',
    main: '.',
    question: 'Objects that Flagger writes for each Canary, with provider istio where no other is named.',
  },
  {
    name: 'argo-rollouts',
    title: 'Argo Rollouts',
    module: 'github.com/argoproj/argo-rollouts',
    main: '.',
    question: 'Outcome of the steps of its Istio reconciler, and the objects that they change.',
  },
];
