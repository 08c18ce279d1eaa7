import type { CatalogEntry } from '../catalog.ts';

/** What kustomizations do with objects that a conversion takes away. */
export const kustomizeCodes = {
  'kustomize-patch': {
    severity: 'error',
    fate: 'unsupported',
    message: '{by} patches {object}, and the routes would not be patched',
    why: 'What reaches the cluster is the patched object. Routes repeat what it says, or the ports and the selector of a Service, without the patch. Once the object is gone, `kustomize build` fails for a strategic merge patch and passes over a JSON patch in silence. Patches of labels and annotations alone go over to the routes; those of Flux and Argo CD stay where they are.',
    remedy:
      'Convert what `kustomize build` (`flux build kustomization`, `argocd app manifests`) prints; or write the patch for the route by hand and convert with --patches drop, which takes this one out.',
    example:
      'patches:\n- target:\n    kind: VirtualService\n    name: reviews\n  patch: |\n    - op: replace\n      path: /spec/hosts/0\n      value: reviews.example.com',
  },
  'kustomize-patch-dropped': {
    severity: 'warning',
    fate: 'approximate',
    message: '{by} patches {object}, and the routes do without what that changes',
    why: '--patches drop says that the patch is of no account; it goes with its object.',
    remedy: 'Write a patch for the routes, unless what it changed is no longer wanted.',
  },
  'named-in-unread-text': {
    severity: 'error',
    fate: 'needs-input',
    message: '{path} may still need {object}, and cannot be read as manifests',
    why: 'A template, a patch or a broken document names the object. It may delegate to it, patch it, or let a controller change its weights.',
    remedy:
      'Convert what the template renders, correct the document, or leave {path} out with --exclude if it does not use the object.',
    example:
      '# charts/shop/templates/rollout.yaml\ntrafficRouting:\n  istio:\n    virtualService:\n      name: reviews',
  },
  'kustomize-renames': {
    severity: 'warning',
    fate: 'note',
    message: '{by} renames objects, and kustomize does not follow names into routes',
    why: '`namePrefix` and `nameSuffix` change the names of Services, but not the parentRefs and backendRefs that point at them: kustomize knows no references of routes.',
    remedy:
      'List the fields of routes under `nameReference` in a file that `configurations` names, or write the changed names into the routes.',
    example: 'namePrefix: dev-\nresources:\n- virtualservice.yaml',
  },
  'kustomize-renames-subset': {
    severity: 'error',
    fate: 'unsupported',
    message: 'subset {subset} would become Service {service}, which {by} renames',
    why: 'A subset is a name within the VirtualService; a Service is an object, whose name `namePrefix` and `nameSuffix` change, and the routes would point at one that is not there.',
    remedy: 'Convert what `kustomize build` prints, or move the prefix into the names.',
    example: 'nameSuffix: -blue\nresources:\n- virtualservice.yaml   # with subsets',
  },
  'kustomize-labels-subset': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'subset {subset} would be Service {service}, and {by} labels what one of it and Service {root} selects by',
    why: '`commonLabels`, and `labels` with `includeSelectors`, add labels to the selectors of the Services they reach. A subset has the pods of its Service, labels included; the Service that stands for it lies beside the VirtualService, and would have more pods or fewer.',
    remedy:
      'List both files in one kustomization below the labels, write the labels into the selector of the Service, or convert what `kustomize build` prints.',
    example: 'commonLabels:\n  team: shop\nresources:\n- service.yaml   # and not virtualservice.yaml',
  },
  'kustomize-transformer': {
    severity: 'warning',
    fate: 'approximate',
    message: '{by} has {what} change {object} in ways that are not known here',
    why: 'Plugins and functions change any field of any object on its way to the cluster. Routes repeat what is written, and the transformer will see those in place of what it sees now.',
    remedy:
      'Convert what `kustomize build` prints, or make sure that the transformer leaves hosts, routes, subsets, ports and selectors alone.',
    example: 'transformers:\n- mesh-defaults.yaml',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
