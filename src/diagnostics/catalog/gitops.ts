import type { CatalogEntry } from '../catalog.ts';

/** Tools around the cluster: Argo CD, Flux, Helm, external-dns, cert-manager. */
export const gitopsCodes = {
  'stays-in-cluster': {
    severity: 'warning',
    fate: 'note',
    message: '{tools} will leave {kind} {namespace}/{name} in the cluster when its manifest is gone',
    why: 'An annotation says that the object is not pruned. A VirtualService that stays takes precedence over the route.',
    remedy:
      'Delete it by hand once the routes are accepted: `kubectl -n {namespace} delete {resource} {name}`.',
    example: 'metadata:\n  annotations:\n    argocd.argoproj.io/sync-options: Prune=false',
  },
  'sync-wave-raised': {
    severity: 'info',
    fate: 'note',
    message: '{route} is in sync wave {after}; the VirtualService is in wave {before}',
    why: 'Argo CD waits until a wave is healthy. A route is not healthy before its Service and its Gateway are there.',
    remedy: 'No action needed.',
    example: 'metadata:\n  annotations:\n    argocd.argoproj.io/sync-wave: "-1"',
  },
  'stage-one-missing': {
    severity: 'error',
    fate: 'needs-input',
    message: '--stage 2 does not remove it: {object} is not in the input yet ({count} objects are missing)',
    why: 'The second stage removes a VirtualService only after everything that takes its place has been added and applied.',
    remedy: 'Run `vs2route convert --stage 1 --write`, apply the result, and run stage 2 afterwards.',
    example: 'kind: VirtualService   # and no HTTPRoute for it beside it',
  },
  'external-dns-target': {
    severity: 'warning',
    fate: 'note',
    message: 'annotation {annotation} is left out: external-dns reads it from Gateways, not from routes',
    why: 'external-dns v0.22 takes the target of a route from its Gateway, or else from the address of the Gateway.',
    remedy:
      'Add `{annotation}: {value}` to the Gateway of the route if the DNS record has to keep this target.',
    example: 'metadata:\n  annotations:\n    external-dns.alpha.kubernetes.io/target: edge.example.com',
  },
  'external-dns-on-gateway': {
    severity: 'warning',
    fate: 'note',
    message: 'annotation {annotation} is left out: external-dns reads it from routes, not from Gateways',
    why: 'external-dns v0.22 reads only the target from a Gateway of the Gateway API, and everything else from routes.',
    remedy: 'Add `{annotation}: {value}` to the routes of this Gateway if the DNS records need it.',
    example: 'kind: Gateway\nmetadata:\n  annotations:\n    external-dns.alpha.kubernetes.io/ttl: "60"',
  },
  'cert-manager-acts': {
    severity: 'warning',
    fate: 'note',
    message:
      'cert-manager will act on annotation {annotation} of Gateway {gateway} and write Secret {secrets}; it ignores the Istio Gateway',
    why: 'cert-manager makes a Certificate for each listener with a hostname and TLS. It does not see that another Certificate writes the same Secret.',
    remedy:
      'Remove the annotation if a Certificate of yours writes the Secret already. Else start cert-manager with its Gateway API support.',
    example: 'kind: Gateway\nmetadata:\n  annotations:\n    cert-manager.io/cluster-issuer: letsencrypt',
  },
  'secret-of-certificate': {
    severity: 'warning',
    fate: 'note',
    message:
      'Certificate {certificate} writes Secret {secret}, and Gateway {gateway} reads it from namespace {namespace}',
    why: 'Istio reads the Secrets of an Istio Gateway from the namespace of its pods, those of a Gateway from its own namespace.',
    remedy:
      'Move the Certificate to namespace {namespace}. Or name its namespace in certificateRefs, and add a ReferenceGrant beside the Secret.',
    example: 'kind: Certificate\nmetadata:\n  namespace: istio-system\nspec:\n  secretName: shop-cert',
  },
  'health-check-of-removed': {
    severity: 'warning',
    fate: 'note',
    message: 'a health check names {object}, which the conversion removes',
    why: 'Flux waits for each object of healthChecks. It reports a failure for one that is not there.',
    remedy: 'Name the route instead, or remove the entry.',
    example: 'healthChecks:\n- apiVersion: networking.istio.io/v1\n  kind: VirtualService\n  name: reviews',
  },
  'ignored-difference-of-removed': {
    severity: 'info',
    fate: 'note',
    message: 'ignoreDifferences names {object}, which the conversion removes',
    why: 'Differences of the route count again: a controller that writes weights would be undone by Argo CD.',
    remedy: 'Name the route instead if a controller writes to it. Else remove the entry.',
    example:
      'ignoreDifferences:\n- group: networking.istio.io\n  kind: VirtualService\n  jsonPointers: [/spec/http/0]',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
