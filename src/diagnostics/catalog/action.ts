import type { CatalogEntry } from '../catalog-entry.ts';

/** Actions of http entries: destinations, rewrites, redirects, headers and traffic policies. */
export const actionCodes = {
  'weight-unset': {
    severity: 'warning',
    fate: 'note',
    family: 'destinations',
    message: 'a destination without a weight gets no requests, today and after the conversion',
    why: 'In a VirtualService with two or more destinations a missing weight means 0. In a route it means 1, so the route says 0.',
    remedy: 'Set the weight if the destination should get requests.',
    example:
      'route:\n- destination:\n    host: reviews\n  weight: 90\n- destination:\n    host: reviews-canary   # weight 0',
  },
  'hash-of-sole-backend': {
    severity: 'warning',
    fate: 'approximate',
    family: 'destinations',
    message:
      'after the conversion, consistentHash in the DestinationRule of {host} chooses its pods, for example for {request}; istiod ignores it there today',
    why: 'istiod ignores the hash when an entry has two or more destinations. A route ignores backends of weight 0, so {host} is the only one.',
    remedy: 'No action needed if the hash is wanted. Else remove consistentHash from the DestinationRule.',
    example:
      'route:\n- destination:\n    host: carts   # with a consistentHash\n  weight: 100\n- destination:\n    host: carts-next\n  weight: 0',
  },
  'hash-of-unnamed-port': {
    severity: 'warning',
    fate: 'approximate',
    family: 'destinations',
    message:
      'after the conversion, consistentHash of port {port} in the DestinationRule of {host} chooses its pods, for example for {request}; istiod ignores it there today',
    why: 'istiod uses the hash of portLevelSettings only if the destination names the port. A backendRef always names its port.',
    remedy:
      'No action needed if the hash is wanted. Else remove consistentHash from portLevelSettings of the DestinationRule.',
    example:
      '# portLevelSettings of the DestinationRule have a consistentHash for port 9080\nroute:\n- destination:\n    host: reviews   # no port',
  },
  'hash-without-use': {
    severity: 'info',
    fate: 'approximate',
    family: 'destinations',
    message:
      'retries to subset {subset} will no longer use the consistentHash of {host}, for example for {request}',
    why: 'istiod writes the hash of the host into the route, but the subset has another load balancer. The Service of the subset has no hash.',
    remedy:
      'No action needed. If subset {subset} should use the hash, set consistentHash in its trafficPolicy.',
    example:
      'trafficPolicy:\n  loadBalancer:\n    consistentHash: {httpHeaderName: x-cart}\nsubsets:\n- name: v2\n  trafficPolicy:\n    loadBalancer: {simple: LEAST_REQUEST}',
  },
  'hash-of-missing-subset': {
    severity: 'warning',
    fate: 'approximate',
    family: 'destinations',
    message:
      'consistentHash of {host} will no longer count for requests to the other destinations of the entry, for example for {request}',
    why: 'istiod writes the hash of {host} into the route although subset {subset} is not defined, and Envoy combines the hashes of all destinations. Requests of one client may then reach another pod than today.',
    remedy: 'Remove the destination, or define subset {subset} in a DestinationRule.',
    example:
      'route:\n- destination: {host: cart}\n  weight: 90\n- destination: {host: stock, subset: v9}\n  weight: 10\n# cart and stock have consistentHash; stock has no subset v9',
  },
  'weight-too-large': {
    severity: 'error',
    fate: 'unsupported',
    family: 'limits',
    message: 'weight {weight} is larger than 1000000, the maximum of a route',
    why: 'The CRD limits weights, and these weights have no common divisor.',
    remedy: 'Use smaller numbers: only the ratio of the weights counts.',
  },
  'backends-too-many': {
    severity: 'error',
    fate: 'unsupported',
    family: 'limits',
    message: 'the entry has {count} destinations, but a rule of a route allows at most 16',
    why: 'The CRD limits the backends of a rule.',
    remedy: 'Join destinations, or keep the VirtualService.',
  },
  'destination-port-not-known': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message: 'the port of {host} is not known: its Service is not found in the input',
    why: 'A backend of a route needs a port, and the destination has none.',
    remedy:
      'Add the Service with `--with services.yaml` (`kubectl get services -A -o yaml` prints all). Or pass --default-port PORT.',
    example: 'route:\n- destination:\n    host: reviews',
  },
  'destination-port-not-found': {
    severity: 'error',
    fate: 'unsupported',
    family: 'destinations',
    message: '{host} has no port {port}',
    why: 'istiod has no cluster for this port, so these requests get 503 today. A route would return 500.',
    remedy: 'Correct the port: the Service has {ports}.',
    example: 'route:\n- destination:\n    host: reviews\n    port:\n      number: 9081',
  },
  'destination-port-left-out': {
    severity: 'error',
    fate: 'unsupported',
    family: 'destinations',
    message: 'the destination has no port, and {host} does not have the port of the request, {port}',
    why: 'A sidecar uses the port of the request for such a destination, so these requests get 503 today.',
    remedy:
      'Add the port to the destination: {host} has {ports}. If waypoints apply the VirtualService, convert with --from ambient.',
    example:
      '# VirtualService for a Service with port 9080, reviews has port 80\nroute:\n- destination:\n    host: reviews',
  },
  'destination-port-of-several': {
    severity: 'error',
    fate: 'unsupported',
    family: 'destinations',
    message:
      'the destination has no port, and none of the ports of {host} is the port of the request, {port}',
    why: 'Gateways and waypoints use the only port of a Service, else the port of the request. These requests get 503 today.',
    remedy: 'Add the port to the destination: {host} has {ports}.',
    example:
      '# VirtualService of a Gateway at port 80, Service reviews has ports 8080 and 9090\nroute:\n- destination:\n    host: reviews',
  },
  'destination-host-not-found': {
    severity: 'error',
    fate: 'unsupported',
    family: 'not-found',
    message: '{host} is not a Service, and no ServiceEntry in the input has this host',
    why: 'istiod has no cluster for an unknown host: a route entry returns 503 today, and copies for a mirror are lost. A name with a dot is not completed.',
    remedy:
      'Write NAME or NAME.NAMESPACE.svc.cluster.local for a Service. For an external host, add its ServiceEntry with --with FILE. Remove a mirror that is not needed.',
    example: 'route:\n- destination:\n    host: reviews.bookinfo',
  },
  'service-not-in-input': {
    severity: 'warning',
    fate: 'note',
    family: 'not-found',
    message:
      'Service {host} is not found in the input, though other Services of namespace {namespace} are; the proof takes it to exist',
    why: 'If the Service does not exist, its requests get 503 today, and will get 500 from a route. A GRPCRoute whose mirror does not exist is not applied.',
    remedy:
      'Correct the host if it is wrong. If the Service exists, add it to the input, as a path or with --with FILE. If it does not, remove the destination before the conversion.',
    example: 'route:\n- destination:\n    host: reviews   # the input has other Services of the namespace',
  },
  'host-placeholder': {
    severity: 'error',
    fate: 'needs-input',
    family: 'templates',
    message: 'the placeholders of {host} cannot be moved to a route',
    why: 'Kustomize replaces $(VAR) only in fields that its configuration names, such as spec.hosts. It would not replace them in the route.',
    remedy: 'Convert the output of `kustomize build`, or write the name and the namespace out.',
    example: 'route:\n- destination:\n    host: reviews.$(NAMESPACE).svc.$(CLUSTER_DOMAIN)',
  },
  'subset-not-found': {
    severity: 'warning',
    fate: 'note',
    family: 'subsets',
    message:
      'DestinationRule {rule} for {host} has no subset {subset}; requests sent to it get 503 today, and will get 503 from Service {service}, which has no pods',
    why: 'istiod has no cluster for the subset, so requests get 503 and connections are closed. A Service without endpoints does the same.',
    remedy:
      'Correct the name of the subset, or define it, before the conversion. Or remove the destination. To mend it after the conversion, give Service {service} a selector.',
    example:
      'route:\n- destination:\n    host: reviews\n    subset: v4   # the DestinationRule of reviews has v1 to v3',
  },
  'service-settings-of-the-mesh': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message:
      '{setting} of MeshConfig tells {service} from {version}, the Service of a subset: clients of other clusters would reach one of them and not the other',
    why: 'By host (serviceSettings) or labels (serviceScopeConfigs), MeshConfig says which Services clients of other clusters reach.',
    remedy:
      'Add {version} to {setting} of MeshConfig, or a wildcard for both. With serviceScopeConfigs, label the Service istio.io/global, which the new Service gets as well.',
    example: 'serviceSettings:\n- settings: {clusterLocal: true}\n  hosts: [shop.web.svc.cluster.local]',
  },
  'subset-not-found-for-others': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message:
      'subset {subset} of {host} does not exist, and the route would also send clients outside of namespace {namespaces} to it',
    why: 'A route in the namespace of the Service applies to all clients. Clients that do not see the VirtualService would get 503.',
    remedy: 'Correct the name of the subset, define it, or remove the destination.',
    example: 'exportTo:\n- "."\nhttp:\n- route:\n  - destination:\n      host: reviews\n      subset: v4',
  },
  'destination-rule-not-shown': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message:
      'subset {subset} of {host} is not known for proxies {client}: no DestinationRule for the host is found in the input',
    why: 'A subset is defined by a DestinationRule. Without one, these requests get 503 today.',
    remedy: 'Add the DestinationRule to the input, as a path or with --with FILE. Or define the subset.',
    example: 'route:\n- destination:\n    host: reviews\n    subset: v3',
  },
  'subset-defined-for-others': {
    severity: 'error',
    fate: 'needs-input',
    family: 'subsets',
    message:
      'subset {subset} of {host} is not known for proxies {client}: DestinationRule {rule} defines it, but {reason}',
    why: 'istiod has no cluster for the subset at these proxies, so their requests get 503 today.',
    remedy:
      'Define the subset in a DestinationRule without a workloadSelector, in the namespace of the Service or of these proxies. Or add that DestinationRule to the input with --with FILE.',
    example:
      'kind: DestinationRule\nspec:\n  host: reviews\n  workloadSelector:\n    matchLabels:\n      app: productpage\n  subsets:\n  - name: v1',
  },
  'subset-of-alternative': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message:
      'two documents define DestinationRule {rule} for {host}; the one nearest to this VirtualService has no subset {subset}, the other one has it',
    why: 'The cluster has only one of these documents. With the nearest one these requests get 503 today.',
    remedy:
      'Convert each environment on its own, together with its DestinationRule: `vs2route convert FOLDER`.',
  },
  'service-not-shown': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message: 'Service {host} is not found in the input, so its subset {subset} cannot become a Service',
    why: 'A route cannot name subsets. A Service per subset needs the selector and the ports of Service {host}.',
    remedy:
      'Add the Service to the input, as a path or with --with FILE. Or pass --default-port PORT, and create Service {service} yourself.',
    example: 'route:\n- destination:\n    host: reviews\n    subset: v1',
  },
  'subset-policy-without-labels': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message:
      'subset {subset} of {host} has a trafficPolicy and no labels, and Service {host} is not found in the input',
    why: 'The Service of a subset without labels needs the selector of Service {host}.',
    remedy: 'Add Service {host} to the input, as a path or with --with FILE.',
    example:
      '# of the DestinationRule; Service reviews is not found in the input\nsubsets:\n- name: all\n  trafficPolicy:\n    connectionPool: {tcp: {maxConnections: 7}}',
  },
  'service-assumed': {
    severity: 'warning',
    fate: 'note',
    family: 'subsets',
    message:
      'the route needs Service {service} in namespace {namespace}, which selects the pods of {host} with {labels}',
    why: 'A route cannot name subsets. Service {host} is not found in the input, so vs2route uses the usual name of a Service per subset.',
    remedy:
      'Create the Service with the selector of {host} and {labels} before you apply the route. Or add Service {host} with --with FILE.',
    example: 'route:\n- destination:\n    host: reviews\n    subset: v1',
  },
  'version-policy': {
    severity: 'warning',
    fate: 'approximate',
    family: 'subsets',
    message:
      'Service {service} replaces subset {subset} of {host}, but a DestinationRule of {service} gives it another trafficPolicy',
    why: 'A client uses the DestinationRule of the Service that it calls. Today it calls {host}, after the conversion {service}.',
    remedy:
      'Copy the trafficPolicy of the subset to the DestinationRule for {service}. Or delete the trafficPolicy from the DestinationRule for {service}.',
  },
  'version-service-differs': {
    severity: 'warning',
    fate: 'approximate',
    family: 'subsets',
    message:
      'Service {service} will get the requests of the subset, and differs from Service {root} in {fields}',
    why: 'Requests for the subset go to {root} today, and will go to {service}. istiod and Kubernetes read these fields of the called Service.',
    remedy: 'Write the same values in both Services if the difference is not wanted.',
    example:
      '# Service reviews has it, Service reviews-v1 has not\nspec:\n  trafficDistribution: PreferClose',
  },
  'version-policy-added': {
    severity: 'warning',
    fate: 'approximate',
    family: 'subsets',
    message:
      'Service {service} replaces subset {subset} of {host} and gets its trafficPolicy, which also applies to clients that call {service} directly',
    why: 'A client uses the DestinationRule of the Service that it calls. {service} has none today, so the conversion writes one.',
    remedy:
      'No action needed if no client calls {service} by its own name. Else check that the trafficPolicy suits these clients.',
  },
  'tls-mode-at-waypoint': {
    severity: 'info',
    fate: 'note',
    family: 'waypoints',
    message: 'waypoints ignore tls.mode {mode} of DestinationRule {rule}',
    why: 'A waypoint chooses HBONE for pods of the mesh and plain text for others (cluster_waypoint.go).',
    remedy: 'No action needed.',
    example: 'trafficPolicy:\n  tls:\n    mode: ISTIO_MUTUAL',
  },
  'workload-selector-at-waypoint': {
    severity: 'warning',
    fate: 'note',
    family: 'waypoints',
    message: 'waypoints ignore DestinationRule {rule}, which has a workloadSelector',
    why: 'A workloadSelector is for sidecars. A waypoint applies only DestinationRules without one, to all clients.',
    remedy:
      'Remove the workloadSelector if all clients may have these settings. Else check that its clients work without them.',
    example: 'workloadSelector:\n  matchLabels:\n    app: productpage',
  },
  'tls-not-portable': {
    severity: 'error',
    fate: 'unsupported',
    family: 'istio-only',
    message: 'no BackendTLSPolicy can express the TLS of {host}: {reason}',
    why: 'Other implementations ignore DestinationRules. They would send plain text or verify another name.',
    remedy:
      'On Istio, convert with --profile istio: the DestinationRule stays. Else set `sni` in the DestinationRule, and use the CAs of the system or of a ConfigMap.',
    example: 'trafficPolicy:\n  tls:\n    mode: MUTUAL\n    credentialName: client',
  },
  'traffic-policy-not-portable': {
    severity: 'warning',
    fate: 'note',
    family: 'istio-only',
    message: '{fields} of DestinationRule {rule} has an effect on Istio, but not on other implementations',
    why: 'The Gateway API has no standard form for these settings.',
    remedy:
      'Write these settings as policies of your implementation. On Istio the DestinationRule stays, and no action is needed.',
    example: 'trafficPolicy:\n  connectionPool:\n    tcp:\n      maxConnections: 10',
  },
  'external-name-twice': {
    severity: 'error',
    fate: 'unsupported',
    family: 'not-found',
    message: '{host} leads to {target}, which is a Service of type ExternalName, too',
    why: 'istiod follows one such Service (route.go, GetDestinationCluster). It has no cluster for the second: a route entry returns 503 today, and copies for a mirror are lost.',
    remedy: 'Write the Service that {target} leads to.',
    example:
      '# Service legacy: externalName: old.bookinfo.svc.cluster.local, and old has an externalName itself\nroute:\n- destination:\n    host: legacy',
  },
  'external-name-at-waypoint': {
    severity: 'error',
    fate: 'unsupported',
    family: 'waypoints',
    message:
      '{host} is an ExternalName Service for {target}; waypoints do not resolve it and return 503 today',
    why: 'Sidecars and gateways replace an ExternalName Service by its target. Waypoints have no cluster for it.',
    remedy:
      'Use {target} as the destination, with a ServiceEntry for it. If sidecars apply the VirtualService, convert with --from sidecar.',
  },
  'subset-not-exported': {
    severity: 'warning',
    fate: 'approximate',
    family: 'subsets',
    message:
      'clients that do not see DestinationRule {rule} do not reach {host} today, and will reach subset {subset} after the conversion; for example, {request}',
    why: 'A subset exists only for clients that see its DestinationRule. The Service that replaces it exists for all clients.',
    remedy:
      'Check that these clients may reach subset {subset}. If not, deny them with an AuthorizationPolicy.',
  },
  'destination-rules-conflict': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message: 'DestinationRules {rule} and {other} for {host} differ, and their age is not known',
    why: 'istiod uses the trafficPolicy of the oldest DestinationRule that has one, and the oldest subset of a name. If their exportTo is not written alike, only the younger one counts.',
    remedy:
      'Merge them into one. Or add metadata.creationTimestamp to both, as `kubectl get -o yaml` prints it.',
  },
  'subset-of-clients': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message:
      'for clients {client}, subset {subset} of {host} is defined by DestinationRule {rule}, and differently than for others',
    why: 'A proxy uses the DestinationRules of its own namespace first. One Service replaces the subset for all clients.',
    remedy:
      'Make both definitions equal. Or rename the subset in DestinationRule {rule}, and write a VirtualService with exportTo ["."] for the clients of that.',
    example:
      '# beside another DestinationRule for it in namespace bookinfo\nmetadata:\n  namespace: clients\nspec:\n  host: reviews.bookinfo.svc.cluster.local\n  subsets:\n  - name: v2\n    labels:\n      version: v2-beta',
  },
  'subset-of-service-entry': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message: 'subset {subset} belongs to {host}, which is not a Service with pods',
    why: 'A Service per subset selects pods by labels. A ServiceEntry and an ExternalName have no pods.',
    remedy: 'Write a ServiceEntry per subset with its endpoints. Else keep the VirtualService.',
  },
  'subset-without-selector': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message: 'Service {host} has no selector, so subset {subset} cannot become a Service',
    why: 'A Service per subset adds the labels of the subset to the selector of Service {host}.',
    remedy: 'Add a selector to the Service, or write the Services and their EndpointSlices by hand.',
  },
  'subset-by-istio-labels': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message:
      'subset {subset} of {host} selects pods by region, zone, cluster, network or node, which a Service cannot do',
    why: 'istiod knows these labels of each endpoint from its node and cluster. The pods do not have them, and a Service selects by labels of pods.',
    remedy:
      'Add a label of your own to these pods and use it in the subset. To prefer near pods, use localityLbSetting of the DestinationRule without a subset. Else keep the VirtualService.',
    example: 'subsets:\n- name: eu\n  labels:\n    topology.kubernetes.io/region: eu-west-1',
  },
  'subset-written-by-controller': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message: 'Argo Rollouts writes the labels of subset {subset} of {host}, so no Service can replace it',
    why: 'A Rollout changes the labels of its subsets at run time. The labels in the manifest select other pods.',
    remedy:
      'Route to the canaryService or stableService of the Rollout instead of the subset. Else keep the VirtualService.',
    example: 'route:\n- destination:\n    host: web\n    subset: canary   # a Rollout names it',
  },
  'subset-of-written-service': {
    severity: 'error',
    fate: 'unsupported',
    family: 'subsets',
    message: 'a controller writes the selector of {host}, so no Service can be created for subset {subset}',
    why: 'Argo Rollouts and Flagger change the selectors of their Services at run time. The selector in the manifest selects other pods.',
    remedy: 'Route to the Service itself instead of the subset. Else keep the VirtualService.',
    example: '# a Rollout has stableService: web\nroute:\n- destination:\n    host: web\n    subset: v1',
  },
  'subset-without-endpoints': {
    severity: 'warning',
    fate: 'note',
    family: 'subsets',
    message:
      'subset {subset} of {host} has no pods; requests for it get 503 today, and will get 503 from Service {service}, which is written without a selector',
    why: 'The labels of the subset and the selector of {host} have different values for one label. No pod has both values.',
    remedy:
      'Correct the labels of the subset before the conversion. Or remove the destination. To mend it after the conversion, give Service {service} a selector.',
  },
  'subset-unused': {
    severity: 'info',
    fate: 'note',
    family: 'subsets',
    message: 'subset {subset} stays: no VirtualService of the input uses it',
    why: 'The conversion removes only subsets that converted VirtualServices use. Another VirtualService may use this one.',
    remedy: 'No action needed.',
  },
  'subset-still-needed': {
    severity: 'info',
    fate: 'note',
    family: 'subsets',
    message: 'subset {subset} stays: {path} may use it, and vs2route cannot read it as manifests',
    why: 'A template, a patch, values or a broken document names the subset.',
    remedy:
      'No action needed. To have the subset removed, convert the rendered template, or add --exclude {path}.',
  },
  'hostname-backend': {
    severity: 'info',
    fate: 'note',
    family: 'istio-only',
    message: 'backend {host} is written with kind Hostname, which only Istio supports',
    why: '{host} is a host of a ServiceEntry. The Gateway API has no backend for hosts outside of the cluster.',
    remedy: 'No action needed on Istio.',
    example: 'route:\n- destination:\n    host: api.example.com',
  },
  'hostname-in-other-namespace': {
    severity: 'warning',
    fate: 'note',
    family: 'destinations',
    message:
      'the route status will say ResolvedRefs=False, because ServiceEntry {serviceEntry} is in another namespace',
    why: 'For the status, istiod looks for the ServiceEntry only in the namespace of the route. Requests are routed correctly.',
    remedy: 'Move the ServiceEntry to namespace {namespace}, or ignore this status.',
  },
  'mirror-in-other-namespace': {
    severity: 'error',
    fate: 'unsupported',
    family: 'destinations',
    message:
      'the mirror to {host} would be lost, because ServiceEntry {serviceEntry} is in another namespace than the route',
    why: 'istiod looks up the Hostname of a mirror in namespace {namespace}, the one of the route. It leaves out a mirror that it does not find there.',
    remedy:
      'Move the ServiceEntry to namespace {namespace}, or add a ServiceEntry for {host} there. If the mirror is not needed any more, remove it.',
    example: 'mirror:\n  host: api.example.com   # ServiceEntry api is in another namespace',
  },
  'rewrite-slashes': {
    severity: 'warning',
    fate: 'approximate',
    family: 'actions',
    message:
      'the rewrite of {from} to {to} changes {request}: the backend gets path {oldPath} today, and {newPath} after the conversion',
    why: 'A VirtualService replaces characters, so slashes can double or vanish. ReplacePrefixMatch of a route replaces whole segments.',
    remedy: 'No action needed if the backend treats both paths the same. Else keep the VirtualService.',
    example: 'match:\n- uri:\n    prefix: /api\nrewrite:\n  uri: /',
  },
  'rewrite-of-root': {
    severity: 'info',
    fate: 'note',
    family: 'istio-only',
    message: 'the rewrite of prefix / to {to} is written as {written}, which only Istio reads correctly',
    why: 'istiod puts the replacement directly before the path. The specification adds a slash between them.',
    remedy: 'No action needed on Istio. For other implementations, convert with --profile portable.',
    example: 'rewrite:\n  uri: /v2/',
  },
  'rewrite-needs-segments': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'the rewrite of prefix {prefix} cannot be converted: {reason}',
    why: "Only a PathPrefix can be rewritten by ReplacePrefixMatch. Its characters are letters, digits and -._~!$&'()*+,;=:@%/.",
    remedy: 'Change the match so that a PathPrefix can express it, or keep the VirtualService.',
  },
  'uri-regex-rewrite': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'uriRegexRewrite with {pattern} cannot be converted',
    why: 'URLRewrite replaces a prefix or the whole path. It has no regular expressions.',
    remedy:
      'Use a prefix and rewrite.uri if that does the same, or rewrite in the backend. Else keep the VirtualService.',
    example: 'rewrite:\n  uriRegexRewrite:\n    match: /users/(\\d+)\n    rewrite: /u/\\1',
  },
  'host-as-header': {
    severity: 'info',
    fate: 'note',
    family: 'istio-only',
    message: 'the rewrite to host {host} becomes a Host header, which only Istio applies',
    why: 'URLRewrite has no ports, and applies to a whole rule. A Host header has neither limit.',
    remedy: 'No action needed on Istio.',
    example: 'rewrite:\n  authority: api.example.com:8443',
  },
  'redirect-code-version': {
    severity: 'error',
    fate: 'unsupported',
    family: 'versions',
    message: 'a redirect with code {code} needs Gateway API 1.5',
    why: 'Before version 1.5 RequestRedirect allows only 301 and 302.',
    remedy: 'Convert with --gateway-api 1.5 or later, or redirect with 301 or 302.',
  },
  'redirect-code-unknown': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'the redirect has code {code}, which istiod does not support',
    why: 'istiod supports 301, 302, 303, 307 and 308. For another code it sends a route without an action (route.go), and Envoy refuses all routes of the port.',
    remedy: 'Set a supported code, or delete the entry.',
  },
  'redirect-scheme-of-listener': {
    severity: 'warning',
    fate: 'approximate',
    family: 'actions',
    message:
      'the redirect of {request} keeps the scheme of the client today; after the conversion it always leads to {scheme}',
    why: 'At ports other than 80 and 443 a redirect of a route has to name a scheme. vs2route writes the scheme of the listener, which does not know what a trusted proxy received.',
    remedy:
      'Set `scheme: https` in the redirect if clients use https in front of the proxy. No action needed if they use {scheme}.',
    example: '# at port 8080 of a gateway\nredirect:\n  uri: /new   # and no scheme',
  },
  'redirect-host': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'a redirect to host {host} cannot be converted',
    why: 'RequestRedirect allows only a hostname in lower case, and a port.',
    remedy: 'Correct the authority, or keep the VirtualService.',
  },
  'redirect-prefix': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'the redirect from prefix {from} to {to} cannot be converted',
    why: '{reason}',
    remedy: '{remedy}',
  },
  'timeout-too-fine': {
    severity: 'error',
    fate: 'unsupported',
    family: 'resilience',
    message: 'timeout {timeout} is not a valid duration of a route',
    why: 'Gateway API durations (GEP-2257) are whole milliseconds up to 99999 hours.',
    remedy: 'Write the timeout in whole milliseconds, and at most 99999h.',
  },
  'retries-unsupported': {
    severity: 'error',
    fate: 'unsupported',
    family: 'versions',
    message: 'these retries cannot be expressed in Gateway API {version} {channel}',
    why: 'HTTPRoute has retries in the experimental channel, and from 1.7 in the standard channel. Without them istiod uses its default, 2 attempts.',
    remedy:
      'Convert with --gateway-api 1.7 or --channel experimental. Or delete the retries if the default is enough, or leave them out with --partial.',
    example: 'retries:\n  attempts: 5\n  retryOn: 5xx',
  },
  'retries-off': {
    severity: 'error',
    fate: 'unsupported',
    family: 'versions',
    message: 'attempts: 0 switches retries off, and a route of Gateway API {version} cannot do that',
    why: 'Gateway API 1.6 does not allow 0 in retry.attempts; other versions do. A route without retry gets the 2 attempts of istiod.',
    remedy:
      'Convert with --gateway-api 1.7. Or set defaultHttpRetryPolicy.attempts to 0 for the mesh, or leave the retries out with --partial.',
    example: 'retries:\n  attempts: 0',
  },
  'retries-of-receivers': {
    severity: 'info',
    fate: 'note',
    family: 'resilience',
    message:
      'sidecars of {host} retry what they receive up to {attempts} times, before and after the conversion: {object} says so',
    why: 'defaultInboundHttpRetryPolicy of MeshConfig applies to what sidecars receive, whatever VirtualServices and routes say.',
    remedy:
      'No action needed. To switch these retries off too, set defaultInboundHttpRetryPolicy.attempts to 0 in {object}.',
    example: 'retries:\n  attempts: 0   # and in MeshConfig\ndefaultInboundHttpRetryPolicy:\n  attempts: 3',
  },
  'retries-approximate': {
    severity: 'warning',
    fate: 'approximate',
    family: 'resilience',
    message: 'retries on {conditions} become retries on {codes}',
    why: 'A route retries on status codes, and istiod adds connection conditions. {lost}',
    remedy:
      'No action needed if requests may also be retried after these connection failures. Else keep the VirtualService.',
    example: 'retries:\n  attempts: 3\n  retryOn: 5xx,reset',
  },
  'retries-field': {
    severity: 'error',
    fate: 'unsupported',
    family: 'resilience',
    message: 'retries.{field} cannot be expressed in a route',
    why: 'HTTPRoute has only attempts, codes and backoff.',
    remedy:
      'Delete the field if these requests do not need it. Or leave all retries of the entry out with --partial. Else keep the VirtualService.',
    example: 'retries:\n  attempts: 3\n  retryRemoteLocalities: true',
  },
  'per-try-timeout-clamped': {
    severity: 'info',
    fate: 'note',
    family: 'resilience',
    message: 'perTryTimeout {perTryTimeout} is longer than the timeout and becomes {timeout}',
    why: 'timeouts.backendRequest must not exceed timeouts.request. A try ends with its request today too.',
    remedy: 'No action needed.',
    example: 'timeout: 2s\nretries:\n  attempts: 3\n  perTryTimeout: 5s',
  },
  'fault-injection': {
    severity: 'error',
    fate: 'unsupported',
    family: 'resilience',
    message: 'fault injection ({what}) cannot be expressed in a route',
    why: 'The Gateway API has no fault injection.',
    remedy:
      'Remove the fault if the test is over, or leave it out with --partial. To keep it, use an EnvoyFilter, or keep the VirtualService.',
    example: 'fault:\n  delay:\n    percentage:\n      value: 10\n    fixedDelay: 5s',
  },
  'field-without-effect': {
    severity: 'info',
    fate: 'irrelevant',
    family: 'unused',
    message: '{field} has no effect today and is left out: {reason}',
    why: 'No request is treated differently without it.',
    remedy: 'No action needed.',
    example: 'redirect:\n  uri: /new\ntimeout: 5s',
  },
  'extra-dropped': {
    severity: 'warning',
    fate: 'approximate',
    family: 'resilience',
    message: '{field} is left out because of --partial; it applies to {request} today',
    why: 'Without --partial this field keeps the VirtualService from being converted; that run gives the reason.',
    remedy: 'Check that these requests work without it.',
  },
  'not-found-left-out': {
    severity: 'info',
    fate: 'irrelevant',
    family: 'actions',
    message:
      'the last entry returns 404 to all other requests, and is left out: without a match they get 404',
    why: 'Envoy returns 404 without a body where no rule matches, as this entry does.',
    remedy: 'No action needed.',
    example:
      'http:\n- match: [{uri: {prefix: /shop}}]\n  route: [{destination: {host: shop}}]\n- directResponse:\n    status: 404',
  },
  'direct-response': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'a route cannot return {status} by itself',
    why: 'The Gateway API has no direct response.',
    remedy:
      'Answer from a backend, or keep the VirtualService. If it is the last entry and returns 404, delete it: requests without a match get 404. For 403, use an AuthorizationPolicy.',
    example: 'directResponse:\n  status: 503\n  body:\n    string: closed',
  },
  'header-value-empty': {
    severity: 'error',
    fate: 'unsupported',
    family: 'actions',
    message: 'header {name} is set to an empty value, which a route does not allow',
    why: 'Values of the header filters need at least one character.',
    remedy: 'Remove the header instead, or keep the VirtualService.',
    example: 'headers:\n  request:\n    set:\n      x-user: ""',
  },
  'header-operations-too-many': {
    severity: 'error',
    fate: 'unsupported',
    family: 'limits',
    message: '{count} {operation} operations on {what} headers are too many for a rule',
    why: 'A header filter allows 16 entries of each kind, once on the rule and once on each backend.',
    remedy: 'Split the operations over two or more entries, or keep the VirtualService.',
  },
  'header-variable': {
    severity: 'info',
    fate: 'note',
    family: 'istio-only',
    message: 'value {value} of header {name} uses an Envoy variable, which only Istio replaces',
    why: 'Envoy replaces %...% in header values. In the Gateway API it is plain text.',
    remedy: 'No action needed on Istio. For other implementations, compute the value in the backend.',
    example: 'headers:\n  request:\n    set:\n      x-client: "%DOWNSTREAM_REMOTE_ADDRESS%"',
  },
  'cors-version': {
    severity: 'error',
    fate: 'unsupported',
    family: 'versions',
    message: 'corsPolicy needs the CORS filter of Gateway API 1.5, or of 1.4 experimental',
    why: 'Older versions of HTTPRoute have no CORS filter.',
    remedy:
      'Convert with --gateway-api 1.5 or later. Or answer CORS in the backend, or leave it out with --partial.',
    example: 'corsPolicy:\n  allowOrigins:\n  - exact: https://example.com',
  },
  'cors-origin': {
    severity: 'error',
    fate: 'unsupported',
    family: 'resilience',
    message: 'origin {origin} cannot be expressed in the CORS filter',
    why: 'The filter allows http and https origins, `*`, and a wildcard for the left part of a host.',
    remedy:
      'List the origins, or use a wildcard host such as https://*.example.com. Else keep the VirtualService.',
    example: 'corsPolicy:\n  allowOrigins:\n  - regex: https://[a-z]+\\.example\\.com',
  },
  'external-name-comes-to-life': {
    severity: 'warning',
    fate: 'approximate',
    family: 'destinations',
    message:
      '{request} fails today, because ExternalName Service {host} has {ports}; the route will send it to {target}',
    why: 'Today a sidecar follows the ExternalName only at ports that Service {host} has. A route follows it at every port of {service}.',
    remedy:
      'No action needed if {target} should get these requests. Else add `port: {port}` to the match of this entry.',
    example:
      'kind: Service\nspec:\n  type: ExternalName\n  ports:\n  - port: 80   # and the VirtualService is for ports 80 and 81',
  },
  'cors-approximate': {
    severity: 'warning',
    fate: 'approximate',
    family: 'resilience',
    message: 'the CORS filter differs from corsPolicy: {differences}',
    why: 'For a CORS filter istiod answers preflight requests itself, with a max-age of 5 seconds by default. `*` does not cover Origin: null, which browsers send from sandboxed frames and local files.',
    remedy:
      'No action needed if no client depends on the difference. To try the behaviour of the filter first, write it into corsPolicy: `unmatchedPreflights: IGNORE`, a maxAge, or a list of origins instead of `*`. Else keep the VirtualService.',
    example: 'corsPolicy:\n  allowOrigins:\n  - exact: "*"',
  },
  'cors-value': {
    severity: 'error',
    fate: 'unsupported',
    family: 'resilience',
    message: '{field} of corsPolicy cannot be expressed in the CORS filter: {reason}',
    why: 'The filter allows the nine HTTP methods or `*` alone, at most 64 headers, and whole seconds.',
    remedy: 'Correct the value, or keep the VirtualService.',
  },
  'target-differs': {
    severity: 'warning',
    fate: 'note',
    family: 'versions',
    message: 'these CRDs are Gateway API {version}, {channel}, but routes are written for {target}, {chosen}',
    why: '--gateway-api and --channel take precedence over the CRDs of the input. Newer CRDs accept routes of older versions, not the other way round.',
    remedy: 'If the flags name what the cluster has, no action needed. Else remove both flags.',
    example:
      'annotations:\n  gateway.networking.k8s.io/bundle-version: v1.5.1\n  gateway.networking.k8s.io/channel: standard',
  },
  'target-version-unknown': {
    severity: 'warning',
    fate: 'note',
    family: 'versions',
    message:
      'these CRDs are Gateway API {version}, which vs2route does not know; routes are written for {nearest}',
    why: 'vs2route writes routes for Gateway API 1.4 to 1.7.',
    remedy:
      'Install the CRDs of one of these versions before you apply the routes: others may refuse or drop fields.',
    example: 'annotations:\n  gateway.networking.k8s.io/bundle-version: v1.2.0',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
