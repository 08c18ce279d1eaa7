import type { CatalogEntry } from '../catalog-entry.ts';

/** Kustomizations that change objects which a conversion removes. */
export const kustomizeCodes = {
  'kustomize-patch': {
    severity: 'error',
    fate: 'unsupported',
    family: 'templates',
    message: '{by} patches {object}, and the patch would not apply to the routes',
    why: 'The cluster has the patched object; a route is written from the object without the patch. Only patches of labels and annotations are moved to the routes.',
    remedy:
      'Convert the output of `kustomize build` (or `flux build kustomization`, `argocd app manifests`). Or write a patch for the route by hand, and convert with --patches drop.',
    example:
      'patches:\n- target:\n    kind: VirtualService\n    name: reviews\n  patch: |\n    - op: replace\n      path: /spec/hosts/0\n      value: reviews.example.com',
  },
  'kustomize-patch-to-come': {
    severity: 'error',
    fate: 'unsupported',
    family: 'templates',
    message: '{by} has a patch that would also change {object}, which the conversion writes',
    why: 'The target of the patch selects objects by kind and name, whoever wrote them. The proof does not apply patches to new objects.',
    remedy:
      'Narrow the target of the patch to the objects that it is for, or delete the patch. Else convert the output of `kustomize build`.',
    example:
      'patches:\n- target:\n    kind: HTTPRoute\n  patch: |\n    - op: add\n      path: /spec/rules/0/timeouts\n      value: {request: 1s}',
  },
  'kustomize-patch-dropped': {
    severity: 'warning',
    fate: 'approximate',
    family: 'templates',
    message: '{by} patches {object}; the patch is removed and the routes do not have its changes',
    why: 'You passed --patches drop, which removes patches of objects that are converted.',
    remedy: 'Write a patch for the routes if its changes are still wanted.',
  },
  'named-in-unread-text': {
    severity: 'error',
    fate: 'needs-input',
    family: 'templates',
    message: '{path} may still use {object}, and vs2route cannot read it as manifests',
    why: 'A template, a patch or a broken document names the object. It may delegate to it, patch it, or change its weights.',
    remedy:
      'Convert the rendered template, or correct the document. If {path} does not use the object, add --exclude {path}.',
    example:
      '# charts/shop/templates/rollout.yaml\ntrafficRouting:\n  istio:\n    virtualService:\n      name: reviews',
  },
  'host-in-unread-text': {
    severity: 'error',
    fate: 'needs-input',
    family: 'templates',
    message: '{path} holds a VirtualService for host {host}, and vs2route cannot read it as a manifest',
    why: 'VirtualServices that share a host are converted together. One that stays takes precedence over a route.',
    remedy:
      'Convert the rendered template, or correct the document. If {path} is not applied to the same cluster, add --exclude {path}.',
    example:
      '# templates/canary.yaml, beside templates/reviews.yaml with the same host\n{{- if .Values.canary }}\nkind: VirtualService\nspec:\n  hosts: [reviews]\n{{- end }}',
  },
  'setter-comment': {
    severity: 'warning',
    fate: 'approximate',
    family: 'templates',
    message:
      'a comment of {object} names a setter ({comment}), which may write to another field of the routes, or to none',
    why: 'A setter of kpt writes the value of the field that its comment follows. Routes have other fields, and a path or a host can be written differently there.',
    remedy:
      'Look at each such comment in the routes: it has to stand behind a value that the setter can replace as a whole. Run `kpt fn render` and compare.',
    example: 'kind: VirtualService\nspec:\n  hosts:\n  - reviews # kpt-set: ${host}',
  },
  'kustomize-renames': {
    severity: 'warning',
    fate: 'note',
    family: 'templates',
    message: '{by} renames Services, but kustomize does not rename them in routes',
    why: '`namePrefix` and `nameSuffix` change names of objects. kustomize does not know the parentRefs and backendRefs of routes.',
    remedy:
      'List the fields of routes under `nameReference` in a file that `configurations` names. Or write the changed names into the routes.',
    example: 'namePrefix: dev-\nresources:\n- virtualservice.yaml',
  },
  'kustomize-renames-by-configuration': {
    severity: 'warning',
    fate: 'approximate',
    family: 'templates',
    message:
      '{by} renames Services, and the `configurations` of the kustomization in {folder} can rename them in VirtualServices; in routes kustomize renames them only where that file names the fields of routes',
    why: '`nameReference` lists fields that hold names. A route with the old name of a Service does not get the requests, or sends them to a Service that does not exist.',
    remedy:
      'List spec/parentRefs/name and spec/rules/backendRefs/name of HTTPRoutes under `nameReference` before the route is applied, and check the result of `kustomize build`.',
    example:
      'namePrefix: dev-\nconfigurations:\n- names.yaml # nameReference: spec/hosts of VirtualServices\nresources:\n- virtualservice.yaml',
  },
  'kustomize-renames-subset': {
    severity: 'error',
    fate: 'unsupported',
    family: 'templates',
    message: 'subset {subset} would become Service {service}, which {by} renames',
    why: 'kustomize does not rename backendRefs, so the route would name a Service that does not exist.',
    remedy: 'Convert the output of `kustomize build`. Or put the prefix or suffix into the names.',
    example: 'nameSuffix: -blue\nresources:\n- virtualservice.yaml   # with subsets',
  },
  'kustomize-namespace': {
    severity: 'error',
    fate: 'unsupported',
    family: 'templates',
    message: '{object} is needed, and {by} would move it to namespace {namespace}',
    why: 'A kustomization with a namespace gives it to all objects of its files, whatever namespace they name.',
    remedy:
      'Convert the output of `kustomize build`. Or name hosts of this namespace alone: a short name has no namespace.',
    example: 'namespace: shop\nresources:\n- virtualservice.yaml   # with host web.store.svc.cluster.local',
  },
  'kustomize-labels-subset': {
    severity: 'error',
    fate: 'unsupported',
    family: 'templates',
    message:
      'subset {subset} would become Service {service}; {by} changes the selector of only one of it and Service {root}',
    why: '`commonLabels`, and `labels` with `includeSelectors`, add labels to selectors. The new Service would select different pods than the subset.',
    remedy:
      'List both files in one kustomization below the labels. Or write the labels into the selector of the Service, or convert the output of `kustomize build`.',
    example: 'commonLabels:\n  team: shop\nresources:\n- service.yaml   # and not virtualservice.yaml',
  },
  'kustomize-transformer': {
    severity: 'warning',
    fate: 'approximate',
    family: 'templates',
    message: '{by} lets {what} change {object} in unknown ways',
    why: 'Plugins and functions can change any field. They will see the routes instead of the VirtualService.',
    remedy:
      'Convert the output of `kustomize build`. Or check that the transformer does not change hosts, routes, subsets, ports or selectors.',
    example: 'transformers:\n- mesh-defaults.yaml',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
