import type { CatalogEntry } from '../catalog-entry.ts';

/** Tools around the cluster: Argo CD, Flux, Helm, external-dns, cert-manager. */
export const gitopsCodes = {
  'stays-in-cluster': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message:
      '{kind} {namespace}/{name} will stay in the cluster when its manifest is gone, because of {annotations}',
    why: 'Such an annotation keeps the tool from deleting the object. A VirtualService that stays takes precedence over the route.',
    remedy:
      'Delete it by hand when the routes are accepted: `kubectl -n {namespace} delete {resource} {name}`.',
    example: 'metadata:\n  annotations:\n    argocd.argoproj.io/sync-options: Prune=false',
  },
  'sync-wave-raised': {
    severity: 'info',
    fate: 'note',
    family: 'gitops',
    message: '{route} gets sync wave {after}; the VirtualService has wave {before}',
    why: 'Argo CD waits until a wave is healthy. A route is healthy only when its Service and its Gateway exist.',
    remedy: 'No action needed.',
    example: 'metadata:\n  annotations:\n    argocd.argoproj.io/sync-wave: "-1"',
  },
  'hook-waits': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message: '{route} is a hook, as the VirtualService is, because of annotation {annotation}',
    why: 'Argo CD waits until a hook is healthy. A route is healthy only when its Services and its Gateway exist; a VirtualService has no health.',
    remedy:
      'Make sure that the Services and the Gateway of the route exist before this hook runs. Or remove the annotation from the VirtualService before you convert it.',
    example: 'metadata:\n  annotations:\n    argocd.argoproj.io/hook: PreSync',
  },
  'stage-one-missing': {
    severity: 'error',
    fate: 'needs-input',
    family: 'gitops',
    message:
      '--stage 2 does not remove this object: {object}, which replaces it, is not found in the input (missing objects: {count})',
    why: 'Routes are added only after the objects that they refer to, and a VirtualService is removed only after the objects that replace it.',
    remedy:
      'Run `vs2route convert --stage {earlier} --write`, apply the result, then run `vs2route convert --stage {stage} --write`.',
    example: 'kind: VirtualService   # and no HTTPRoute for it beside it',
  },
  'stage-two-not-begun': {
    severity: 'error',
    fate: 'needs-input',
    family: 'gitops',
    message: '--stage 2b does nothing for this VirtualService, because it is still in the input',
    why: 'Stage 2b removes only subsets that no VirtualService names. Stage 2a removes the VirtualServices.',
    remedy:
      'Run `vs2route convert --stage 2a --write`, apply the result, then run `vs2route convert --stage 2b --write`.',
    example: 'kind: VirtualService   # beside the HTTPRoute that replaces it',
  },
  'external-dns-target': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message: 'annotation {annotation} is left out: external-dns reads it from Gateways, not from routes',
    why: 'external-dns v0.22 reads the target of a route from its Gateway, or from the address of the Gateway.',
    remedy:
      'Add `{annotation}: {value}` to the Gateway of the route if the DNS record must keep this target.',
    example: 'metadata:\n  annotations:\n    external-dns.alpha.kubernetes.io/target: edge.example.com',
  },
  'external-dns-target-moved': {
    severity: 'info',
    fate: 'note',
    family: 'gitops',
    message:
      'annotation {annotation} goes to Gateway {gateway}: external-dns reads it from Gateways, not from routes',
    why: 'All VirtualServices of the Gateway have this target, so the Gateway can have it.',
    remedy: 'No action needed.',
    example: 'metadata:\n  annotations:\n    external-dns.alpha.kubernetes.io/target: edge.example.com',
  },
  'external-dns-on-gateway': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message: 'annotation {annotation} is left out: external-dns reads it from routes, not from Gateways',
    why: 'external-dns v0.22 reads only the target annotation from a Gateway, and all others from routes.',
    remedy: 'Add `{annotation}: "{value}"` to the routes of this Gateway if the DNS records need it.',
    example: 'kind: Gateway\nmetadata:\n  annotations:\n    external-dns.alpha.kubernetes.io/ttl: "60"',
  },
  'cert-manager-acts': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message:
      'if its Gateway API support is on, cert-manager will act on annotation {annotation} of the new Gateway {gateway} and write Secret {secrets}; it ignores the Istio Gateway today',
    why: 'cert-manager creates a Certificate for each listener with a hostname and TLS. It does not check whether another Certificate writes the same Secret.',
    remedy:
      'If anything else writes the Secret, remove the annotation. If cert-manager should write it, start cert-manager with its Gateway API support.',
    example: 'kind: Gateway\nmetadata:\n  annotations:\n    cert-manager.io/cluster-issuer: letsencrypt',
  },
  'secret-of-certificate': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message:
      'Gateway {gateway} will read Secret {secret} from namespace {namespace}, but Certificate {certificate} writes it elsewhere',
    why: 'Istio reads the Secrets of an Istio Gateway from the namespace of its pods, and those of a Gateway from its own namespace.',
    remedy:
      'Move the Certificate to namespace {namespace}. Or set the namespace in certificateRefs, and add a ReferenceGrant beside the Secret.',
    example: 'kind: Certificate\nmetadata:\n  namespace: istio-system\nspec:\n  secretName: shop-cert',
  },
  'health-check-of-removed': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message: 'a health check names {object}, which the conversion removes',
    why: 'Flux waits for each object of healthChecks, and reports a failure for one that does not exist.',
    remedy: 'Name the route instead, or remove the entry.',
    example: 'healthChecks:\n- apiVersion: networking.istio.io/v1\n  kind: VirtualService\n  name: reviews',
  },
  'ignored-difference-of-removed': {
    severity: 'warning',
    fate: 'note',
    family: 'gitops',
    message: 'ignoreDifferences names {object}, which the conversion removes',
    why: 'Argo CD does not ignore differences of the route. It would undo the weights that a controller writes.',
    remedy: 'Name the route instead if a controller writes to it. Else remove the entry.',
    example:
      'ignoreDifferences:\n- group: networking.istio.io\n  kind: VirtualService\n  jsonPointers: [/spec/http/0]',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
