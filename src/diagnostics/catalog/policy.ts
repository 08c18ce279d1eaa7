import type { CatalogEntry } from '../catalog-entry.ts';

/** AuthorizationPolicies, RequestAuthentications and extensions, when requests take another way. */
export const policyCodes = {
  'policy-needs-waypoint': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      'waypoints ignore this policy because it has a selector; once {pods} have no sidecars, ztunnel {effect}',
    why: 'ztunnel does not read HTTP, which {attributes} need. Waypoints read it, and apply policies with targetRefs only (policyattachment.go, authorization.go).',
    remedy:
      'Replace the selector by targetRefs to the Services, by hand or with --policies convert, before you remove the sidecars.',
    example:
      'spec:\n  selector:\n    matchLabels:\n      app: reviews\n  rules:\n  - to:\n    - operation:\n        methods: [GET]',
  },
  'monitor-scrapes-twice': {
    severity: 'warning',
    fate: 'note',
    family: 'extensions',
    message: 'ServiceMonitor {monitor} selects every Service, so it also scrapes the pods of {services}',
    why: 'A Service per subset has the same pods as the whole Service. Their metrics are stored twice.',
    remedy:
      'Select by a label that the Services per subset do not have. They copy only labels that istiod or Kubernetes reads.',
    example: 'kind: ServiceMonitor\nspec:\n  selector: {}\n  endpoints: [{port: http}]',
  },
  'policy-misses-subset': {
    severity: 'error',
    fate: 'unsupported',
    family: 'policies',
    message:
      '{policy} applies to Service {service}, but not to Service {version}, which would replace subset {subset}: {reason}',
    why: 'istiod applies the policy to all subsets of its Service. Another Service with the same pods is not included.',
    remedy:
      'Add Service {version} to the targetRefs of the policy. To let vs2route do it for policies of the Gateway API, pass the file as a path instead of --with.',
    example:
      'kind: BackendTLSPolicy\nspec:\n  targetRefs:\n  - {group: "", kind: Service, name: reviews}\n  validation: {hostname: reviews.internal, wellKnownCACertificates: System}',
  },
  'policy-sees-waypoint': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      'if {pods} have no sidecar, ztunnel takes waypoint {waypoint} for the client when it compares {attributes}: {effect}',
    why: 'A waypoint sends requests with its own service account and address.',
    remedy:
      'Replace the selector by targetRefs to the Services, by hand or with --policies convert. Then allow only {principal} in an ALLOW policy that selects the pods.',
    example:
      'spec:\n  selector:\n    matchLabels:\n      app: reviews\n  rules:\n  - from:\n    - source:\n        principals: [cluster.local/ns/bookinfo/sa/productpage]',
  },
  'policy-at-ztunnel': {
    severity: 'warning',
    fate: 'note',
    family: 'policies',
    message:
      'ztunnel enforces this policy for {pods}, and no waypoint does, because the policy has a selector. Today and after the conversion, ztunnel {effect}',
    why: 'Waypoints apply policies with targetRefs only (policyattachment.go). ztunnel does not read HTTP, and sees the waypoint as the client.',
    remedy: 'Replace the selector by targetRefs to the Services, by hand or with --policies convert.',
  },
  'policy-moved': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      'with targetRefs to {targets} the policy applies at {waypoint} only; requests that reach the pods without this waypoint are no longer checked',
    why: 'With its selector the policy checked every request that reached the pods.',
    remedy:
      'Write a second AuthorizationPolicy that selects the pods and allows only principal {principal}, which is the waypoint. While the pods have sidecars, also keep a copy of the old policy under another name.',
  },
  'policy-keeps-pods': {
    severity: 'warning',
    fate: 'note',
    family: 'policies',
    message: '--policies convert does not change this policy: {reason}',
    why: 'A policy with a selector applies at the pods. With targetRefs it applies at the waypoint or Gateway, to other requests than today.',
    remedy: '{remedy}',
  },
  'policy-misses-version': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      'the conversion adds {versions} for pods of {service}, and the policy does not check requests to them',
    why: 'A policy applies to the Services that it names. A Service per subset is another name for the same pods.',
    remedy:
      'Add the new Services to targetRefs of the policy, and set label istio.io/use-waypoint on them. Or allow only the waypoint in an ALLOW policy that selects the pods.',
  },
  'policy-target-not-shown': {
    severity: 'warning',
    fate: 'note',
    family: 'not-found',
    message: 'the policy targets {kind} {name}, which is not found in namespace {namespace} of the input',
    why: 'A policy whose target does not exist protects nothing. istiod reports this only in its status.',
    remedy: 'Correct the name, or add the {kind} to the input, as a path or with --with FILE.',
    example: 'targetRefs:\n- kind: Service\n  group: ""\n  name: review   # of the Service reviews',
  },
  'policy-target-without-waypoint': {
    severity: 'warning',
    fate: 'note',
    family: 'policies',
    message: 'the policy targets {kind} {name}, which has no waypoint, so nothing enforces it',
    why: 'Sidecars and ztunnel ignore policies with targetRefs (policyattachment.go, ShouldAttachPolicy).',
    remedy: 'Set label istio.io/use-waypoint on the {kind} or its Namespace.',
  },
  'policy-target-reuses-pods': {
    severity: 'warning',
    fate: 'note',
    family: 'policies',
    message:
      'the policy targets Gateway {name}, which uses the pods of Service {service}: these pods ignore it',
    why: 'istiod sets label gateway.networking.k8s.io/gateway-name on pods that it creates. Other pods ignore targetRefs (policyattachment.go, ShouldAttachPolicy).',
    remedy:
      'Select the pods by their labels. Or set label gateway.networking.k8s.io/gateway-name: {name} on them.',
    example:
      'kind: Gateway\nmetadata:\n  name: edge\nspec:\n  gatewayClassName: istio\n  addresses:\n  - type: Hostname\n    value: istio-ingressgateway.istio-system.svc.cluster.local',
  },
  'policy-target-class': {
    severity: 'warning',
    fate: 'note',
    family: 'policies',
    message: 'the policy targets GatewayClass {name} and is ignored: {reason}',
    why: 'istiod accepts only GatewayClass istio-waypoint as a target, in the root namespace.',
    remedy: 'Target the Gateway of the waypoint, or write the policy for istio-waypoint in istio-system.',
    example:
      'metadata:\n  namespace: bookinfo\nspec:\n  targetRefs:\n  - kind: GatewayClass\n    group: gateway.networking.k8s.io\n    name: istio-waypoint',
  },
  'policy-leaves-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      'the policy selects the pods of Istio Gateway {gateway}, but not those of the new Gateway: {effect}',
    why: 'istiod creates pods with other labels for the new Gateway, in the namespace of the Gateway.',
    remedy:
      'Write the policy with targetRefs to Gateway {gateway}, in its namespace, before you move traffic. If the policy is in that namespace, --policies convert does it. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example: 'spec:\n  selector:\n    matchLabels:\n      istio: ingressgateway',
  },
  'policy-moved-to-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message: 'the policy now targets {targets} and no longer protects the pods of {gateways}',
    why: 'A policy has a selector or targetRefs, not both.',
    remedy: 'Keep the old policy under another name until no requests reach the old pods.',
  },
  'policy-catches-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      'the policy applies to its whole namespace, and the pods of Gateway {gateway} will run there: {effect}',
    why: 'The pods of a Gateway run in its namespace; those of the Istio Gateway run elsewhere.',
    remedy:
      'Write an ALLOW policy with targetRefs to the Gateway. Or add a selector to this policy, or move the Gateway to another namespace.',
  },
  'extension-leaves-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'extensions',
    message: 'the {kind} applies to the pods of Istio Gateway {gateway}, but not to those of the new Gateway',
    why: 'istiod creates pods with other labels for the new Gateway, in the namespace of the Gateway.',
    remedy:
      'Write a {kind} for Gateway {gateway}, in its namespace: with targetRefs, or for a ProxyConfig with label gateway.networking.k8s.io/gateway-name in its selector. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example: 'kind: WasmPlugin\nspec:\n  selector:\n    matchLabels:\n      istio: ingressgateway',
  },
  'extension-catches-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'extensions',
    message: 'the {kind} applies to its whole namespace, and the pods of Gateway {gateway} will run there',
    why: 'The pods of a Gateway run in its namespace; those of the Istio Gateway run elsewhere.',
    remedy: 'Select the pods that need it by labels, or move the Gateway to another namespace.',
  },
  'envoy-filter-names-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'extensions',
    message:
      'this patch finds Istio Gateway {gateway} by `{field}`; after the conversion it matches nothing and has no effect',
    why: 'For the new Gateway istiod uses the names NAMESPACE/NAME-istio-autogenerated-k8s-gateway-LISTENER, and port name default.',
    remedy:
      'Match by `portNumber` and `vhost` instead of `{field}`, before you move traffic. Or add a copy of the patch with the new names.',
    example:
      'kind: EnvoyFilter\nspec:\n  configPatches:\n  - applyTo: VIRTUAL_HOST\n    match:\n      context: GATEWAY\n      routeConfiguration:\n        gateway: infra/edge',
  },
  'extension-needs-waypoint': {
    severity: 'warning',
    fate: 'note',
    family: 'extensions',
    message: 'the {kind} selects pods of {services}: without sidecars it has no effect',
    why: 'Sidecars apply it by labels. A waypoint needs targetRefs (policyattachment.go, ShouldAttachPolicy).',
    remedy:
      'Write it with targetRefs to the Service, or to the Gateway of the waypoint, before you remove the sidecars.',
    example: 'kind: Telemetry\nspec:\n  selector:\n    matchLabels:\n      app: reviews',
  },
  'policy-names-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'policies',
    message:
      '{value} names the pods of Istio Gateway {gateway}; requests from the new Gateway come from {principal}',
    why: 'The pods of a Gateway of class istio have their own service account.',
    remedy: 'Add {principal} to the same list before you move traffic.',
    example: 'principals:\n- cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  },
  'policy-source-address': {
    severity: 'warning',
    fate: 'note',
    family: 'policies',
    message:
      '{attributes} may match other clients: the policy compares with the addresses that the new pods of Gateway {gateway} see',
    why: 'The new Service has externalTrafficPolicy Cluster, which hides client addresses. The new pods do not take over numTrustedProxies of the old ones.',
    remedy:
      'Set externalTrafficPolicy on the new Service and numTrustedProxies on the new pods as they are on the old ones, then test the policy.',
    example: 'rules:\n- from:\n  - source:\n      remoteIpBlocks: [203.0.113.0/24]',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
