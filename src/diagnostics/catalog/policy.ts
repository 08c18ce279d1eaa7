import type { CatalogEntry } from '../catalog.ts';

/** What becomes of AuthorizationPolicies and RequestAuthentications when requests take another way. */
export const policyCodes = {
  'policy-needs-waypoint': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'only a waypoint enforces {attributes}, and it passes over policies that choose pods by labels: once {pods} have no sidecars, ztunnel {effect}',
    why: 'A waypoint takes policies by targetRefs alone (policyattachment.go, ShouldAttachPolicy). ztunnel takes those that choose pods, and looks into no request (authorization.go, convertAuthorizationPolicy).',
    remedy:
      'Name the Services in targetRefs instead of choosing pods, by hand or by --policies convert, before the sidecars go.',
    example:
      'spec:\n  selector:\n    matchLabels:\n      app: reviews\n  rules:\n  - to:\n    - operation:\n        methods: [GET]',
  },
  'monitor-scrapes-twice': {
    severity: 'warning',
    fate: 'note',
    message:
      'ServiceMonitor {monitor} chooses every Service, so that it also scrapes the pods behind {services}',
    why: 'Services for versions have pods that the whole Service has, too. Their metrics are stored twice.',
    remedy:
      'Choose by a label that the Services for versions do not have: they inherit only labels that istiod or Kubernetes reads.',
    example: 'kind: ServiceMonitor\nspec:\n  selector: {}\n  endpoints: [{port: http}]',
  },
  'policy-misses-subset': {
    severity: 'error',
    fate: 'unsupported',
    message:
      '{policy} is attached to the Service of {service}; Service {version}, which would stand for subset {subset}, would be without it: {reason}',
    why: 'istiod applies the policy to all subsets of the Service that it names, and not to another Service with the same pods.',
    remedy:
      'Add Service {version} to the targetRefs of the policy, or add the policy to the input so that vs2route does.',
    example:
      'kind: BackendTLSPolicy\nspec:\n  targetRefs:\n  - {group: "", kind: Service, name: reviews}\n  validation: {hostname: reviews.internal, wellKnownCACertificates: System}',
  },
  'policy-sees-waypoint': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'once {pods} have no sidecars, ztunnel holds {attributes} against waypoint {waypoint} instead of the client: {effect}',
    why: 'A waypoint passes requests on under its own service account and from its own address; it does not take over those of its clients.',
    remedy:
      'Name the Services in targetRefs instead of choosing pods, by hand or by --policies convert, so that the waypoint enforces this, and let an ALLOW policy that chooses the pods admit {principal} alone.',
    example:
      'spec:\n  selector:\n    matchLabels:\n      app: reviews\n  rules:\n  - from:\n    - source:\n        principals: [cluster.local/ns/bookinfo/sa/productpage]',
  },
  'policy-at-ztunnel': {
    severity: 'info',
    fate: 'note',
    message:
      'no waypoint enforces this for {pods}, since it chooses pods: ztunnel {effect}, today as after the conversion',
    why: 'A waypoint takes policies by targetRefs alone (policyattachment.go, ShouldAttachPolicy). ztunnel looks into no request, and takes what comes through a waypoint for the waypoint.',
    remedy: 'Name the Services in targetRefs instead, by hand or by --policies convert.',
  },
  'policy-moved': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the policy now names {targets} instead of pods, so that {waypoint} enforces it: requests that do not pass it, such as those from outside the mesh or to the address of a pod, are no longer checked',
    why: 'A selector protects pods whichever way requests take; targetRefs protect what goes through the waypoint.',
    remedy:
      'Let an ALLOW policy that chooses the pods admit {principal} alone. While the pods have sidecars, keep the old policy beside this one under another name.',
  },
  'policy-keeps-pods': {
    severity: 'warning',
    fate: 'note',
    message: '--policies convert leaves the policy as it is: {reason}',
    why: 'targetRefs would not mean what the labels mean.',
    remedy: '{remedy}',
  },
  'policy-misses-version': {
    severity: 'warning',
    fate: 'approximate',
    message: 'requests to {versions}, which the conversion adds, reach pods of {service} past this policy',
    why: 'A policy protects the Services that it names. A Service of its own for each version is another name for the same pods.',
    remedy:
      'Name the new Services in targetRefs, too, and send them through the waypoint; or let an ALLOW policy that chooses the pods admit the waypoint alone.',
  },
  'policy-target-not-shown': {
    severity: 'warning',
    fate: 'needs-input',
    message: 'the policy targets {kind} {name}, which was not shown in namespace {namespace}',
    why: 'A policy whose target does not exist protects nothing; istiod says so in its status only.',
    remedy: 'Correct the name, or show the {kind}, as a path or by --with.',
    example: 'targetRefs:\n- kind: Service\n  group: ""\n  name: review   # of the Service reviews',
  },
  'policy-target-without-waypoint': {
    severity: 'warning',
    fate: 'note',
    message:
      'the policy targets {kind} {name}, which no label sends through a waypoint, so that nothing enforces it',
    why: 'Sidecars and ztunnel pass over policies with targetRefs (policyattachment.go, ShouldAttachPolicy).',
    remedy: 'Set the label istio.io/use-waypoint on the {kind} or its Namespace.',
  },
  'policy-target-reuses-pods': {
    severity: 'warning',
    fate: 'note',
    message:
      'the policy targets Gateway {name}, which makes use of the pods of Service {service}: they pass over it, so that nothing enforces it',
    why: 'Pods know the Gateway they are of by their label gateway.networking.k8s.io/gateway-name, which istiod sets on those that it brings; others take policies that choose them by labels, and none with targetRefs (policyattachment.go, ShouldAttachPolicy).',
    remedy: 'Choose the pods by their labels, or set gateway.networking.k8s.io/gateway-name: {name} on them.',
    example:
      'kind: Gateway\nmetadata:\n  name: edge\nspec:\n  gatewayClassName: istio\n  addresses:\n  - type: Hostname\n    value: istio-ingressgateway.istio-system.svc.cluster.local',
  },
  'policy-target-class': {
    severity: 'warning',
    fate: 'note',
    message: 'the policy targets GatewayClass {name}, and is passed over: {reason}',
    why: 'istiod takes the GatewayClass istio-waypoint as a target, in the root namespace, for all waypoints of the mesh.',
    remedy: 'Target the Gateway of the waypoint, or write the policy for istio-waypoint in istio-system.',
    example:
      'metadata:\n  namespace: bookinfo\nspec:\n  targetRefs:\n  - kind: GatewayClass\n    group: gateway.networking.k8s.io\n    name: istio-waypoint',
  },
  'policy-leaves-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the policy chooses the pods of Istio Gateway {gateway}, and not those that the Gateway in its place brings: there, {effect}',
    why: 'A Gateway of class istio brings pods with labels of their own, in its own namespace.',
    remedy:
      'Write the policy for Gateway {gateway}, in its namespace and with targetRefs, before requests go there; --policies convert does so where both share a namespace. --gateway-service keeps the running pods.',
    example: 'spec:\n  selector:\n    matchLabels:\n      istio: ingressgateway',
  },
  'policy-moved-to-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the policy now names {targets} instead of the pods of {gateways}: those are unprotected as long as requests still go there',
    why: 'A Gateway of class istio brings pods with labels of its own, and a policy has labels or targetRefs, not both.',
    remedy:
      'Keep the old policy beside this one under another name until nothing is sent to the old pods any more.',
  },
  'policy-catches-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the policy covers its whole namespace, and the pods of Gateway {gateway} will be in it: there, {effect}',
    why: 'The pods of a Gateway run in its namespace; those of the Istio Gateway run elsewhere. Policies without selector and targetRefs apply to every pod but those of waypoints.',
    remedy:
      'Write an ALLOW policy with targetRefs to the Gateway, choose the pods this policy is meant for by labels, or put the Gateway elsewhere.',
  },
  'extension-leaves-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the {kind} is for the pods of Istio Gateway {gateway}, and not for those that the Gateway in its place brings: there, nothing of it applies',
    why: 'A Gateway of class istio brings pods with labels of their own, in its own namespace.',
    remedy:
      'Write it for Gateway {gateway}, in the namespace of that: with targetRefs, a ProxyConfig with the label gateway.networking.k8s.io/gateway-name of the pods. --gateway-service keeps the running pods.',
    example: 'kind: WasmPlugin\nspec:\n  selector:\n    matchLabels:\n      istio: ingressgateway',
  },
  'extension-catches-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the {kind} is for its whole namespace, and the pods of Gateway {gateway} will be in it: there, it applies',
    why: 'The pods of a Gateway run in its namespace; those of the Istio Gateway run elsewhere.',
    remedy: 'Choose by labels the pods it is meant for, or put the Gateway elsewhere.',
  },
  'envoy-filter-names-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      '{field} is one of Istio Gateway {gateway}: once a Gateway stands for it, nothing has that name, and the patch does nothing',
    why: 'istiod makes a Gateway of its own for each listener, NAMESPACE/NAME-istio-autogenerated-k8s-gateway-LISTENER, whose port has the name default; the route configurations of HTTPS have both in their names.',
    remedy: 'Match by portNumber and by the virtual host, or repeat the patch with the new name.',
    example:
      'kind: EnvoyFilter\nspec:\n  configPatches:\n  - applyTo: VIRTUAL_HOST\n    match:\n      context: GATEWAY\n      routeConfiguration:\n        gateway: infra/edge',
  },
  'extension-needs-waypoint': {
    severity: 'warning',
    fate: 'note',
    message: 'the {kind} chooses pods of {services}: once they have no sidecars, nothing of it applies',
    why: 'A waypoint takes by targetRefs what sidecars take by labels (policyattachment.go, ShouldAttachPolicy).',
    remedy:
      'Write it with targetRefs to the Service or to the Gateway of the waypoint before the sidecars go.',
    example: 'kind: Telemetry\nspec:\n  selector:\n    matchLabels:\n      app: reviews',
  },
  'policy-names-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      '{value} speaks of the pods of Istio Gateway {gateway}; what the Gateway in its place passes on comes from {principal}',
    why: 'The pods of a Gateway of class istio have a service account of their own, named after it and its class.',
    remedy: 'Add {principal} beside it before requests go there.',
    example: 'principals:\n- cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
  },
  'policy-source-address': {
    severity: 'warning',
    fate: 'note',
    message: '{attributes} is held against the addresses that the new pods of Gateway {gateway} see',
    why: 'The Service of the new pods has an externalTrafficPolicy of its own (Cluster, which hides the addresses of clients), and their trust in proxies in front is set anew.',
    remedy:
      'Set externalTrafficPolicy and numTrustedProxies for the new Gateway as they were for the old pods, and try it out.',
    example: 'rules:\n- from:\n  - source:\n      remoteIpBlocks: [203.0.113.0/24]',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
