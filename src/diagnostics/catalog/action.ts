import type { CatalogEntry } from '../catalog.ts';

/** What becomes of what an http entry does: destinations, rewrites, redirects, headers and policies. */
export const actionCodes = {
  'weight-unset': {
    severity: 'warning',
    fate: 'note',
    message: 'a destination without a weight gets no requests, as today',
    why: 'Among several destinations an unset weight is 0 in a VirtualService, while it is 1 in a route.',
    remedy: 'Set the weight if the destination was meant to get requests.',
    example:
      'route:\n- destination:\n    host: reviews\n  weight: 90\n- destination:\n    host: reviews-canary   # weight 0',
  },
  'hash-of-sole-backend': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'requests to {host} are spread by the hash of its DestinationRule from now on, and retries may meet the same pod: {request}',
    why: 'Among several destinations istiod applies no hash to the route; backends of weight 0 do not count in a route, so that the other one is alone.',
    remedy:
      'Nothing, when the hash was meant. Else give the other destination a weight, or take the hash away.',
    example:
      'route:\n- destination:\n    host: carts   # with a consistentHash\n  weight: 100\n- destination:\n    host: carts-next\n  weight: 0',
  },
  'hash-without-use': {
    severity: 'info',
    fate: 'approximate',
    message:
      'subset {subset} balances otherwise than by the hash of {host}, which only kept retries on one pod: {request}',
    why: 'istiod writes the hash of the host into the route although the cluster of the subset has no use for it; the Service of the subset has no such host.',
    remedy: 'Nothing. Where the hash was meant for the subset, too, write it there.',
    example:
      'trafficPolicy:\n  loadBalancer:\n    consistentHash: {httpHeaderName: x-cart}\nsubsets:\n- name: v2\n  trafficPolicy:\n    loadBalancer: {simple: LEAST_REQUEST}',
  },
  'weight-too-large': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the weight {weight} is more than the million that a backend of a route takes',
    why: 'The CRD limits weights, and these have no common divisor that would make them smaller.',
    remedy: 'Use smaller numbers: weights are shares of their sum.',
  },
  'backends-too-many': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a rule of a route takes at most 16 backends, and this entry has {count} destinations',
    why: 'The CRD limits the backends of a rule.',
    remedy: 'Join destinations, or keep the VirtualService.',
  },
  'destination-port-not-known': {
    severity: 'error',
    fate: 'needs-input',
    message: 'the port of {host} is not known',
    why: 'A backend of a route needs a port. The destination has none, and nobody showed us the Service.',
    remedy:
      'Show the Service, as a path or by --with (for example the output of kubectl get services -A -o yaml), or name its port by --default-port.',
    example: 'route:\n- destination:\n    host: reviews',
  },
  'destination-port-not-found': {
    severity: 'error',
    fate: 'unsupported',
    message: '{host} has no port {port}',
    why: 'istiod has no cluster for such a port, so the requests are answered with 503 today, and a route would answer 500.',
    remedy: 'Correct the port: the Service has {ports}.',
    example: 'route:\n- destination:\n    host: reviews\n    port:\n      number: 9081',
  },
  'destination-port-left-out': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the destination names no port, and {host} has no port {port}, the one that requests come in by',
    why: 'For a destination without a port sidecars take the port of the request, so the requests are answered with 503 today.',
    remedy:
      'Name the port in the destination: {host} has {ports}. Where waypoints honour the VirtualService today, convert with --from ambient.',
    example:
      '# VirtualService for a Service with port 9080, reviews has port 80\nroute:\n- destination:\n    host: reviews',
  },
  'destination-port-of-several': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the destination names no port, and {host} has several ports, of which none is {port}, the one that requests come in by',
    why: 'For a destination without a port gateways and waypoints take the only port of the Service, else the port that requests come in by. istiod has no cluster for that port, so the requests are answered with 503 today.',
    remedy: 'Name the port in the destination: {host} has {ports}.',
    example:
      '# VirtualService of a Gateway at port 80, Service reviews has ports 8080 and 9090\nroute:\n- destination:\n    host: reviews',
  },
  'destination-host-not-found': {
    severity: 'error',
    fate: 'unsupported',
    message: '{host} is no Service, and no ServiceEntry was shown that has it',
    why: 'istiod has no cluster for a host that is in no registry, so the requests are answered with 503 today. A name with a dot is never completed.',
    remedy:
      'Write NAME or NAME.NAMESPACE.svc.cluster.local for a Service; show the ServiceEntry of a host outside, as a path or by --with.',
    example: 'route:\n- destination:\n    host: reviews.bookinfo',
  },
  'destination-host-placeholder': {
    severity: 'error',
    fate: 'needs-input',
    message: 'the placeholders of {host} are filled in by field, and the field would be another one',
    why: 'Kustomize fills in $(VAR) where its configuration names the field, here spec.http.route.destination.host.',
    remedy: 'Convert what comes out of kustomize build, or write the name and the namespace out.',
    example: 'route:\n- destination:\n    host: reviews.$(NAMESPACE).svc.$(CLUSTER_DOMAIN)',
  },
  'subset-not-found': {
    severity: 'warning',
    fate: 'note',
    message:
      'DestinationRule {rule} for {host} has no subset {subset}: what is sent there fails today (503, or a closed connection), and goes on failing at Service {service}, which selects no pods',
    why: 'istiod names a cluster that does not exist where the DestinationRule of a host has no such subset. Of a Service without endpoints Envoy says the same, with “no healthy upstream” as the body, and the specification asks every implementation for a 503.',
    remedy:
      'Correct the name of the subset, or define it, before the conversion; give {service} a selector after it; or remove the destination.',
    example:
      'route:\n- destination:\n    host: reviews\n    subset: v4   # the DestinationRule of reviews has v1 to v3',
  },
  'subset-not-found-for-others': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'nobody is behind subset {subset} of {host}, and the route would send requests there from more namespaces than {namespaces}',
    why: 'A route in the namespace of the Service applies to all clients. Those whom the VirtualService is not exported to would be answered with 503, and are not today.',
    remedy: 'Correct the name of the subset, define it, or remove the destination.',
    example: 'exportTo:\n- "."\nhttp:\n- route:\n  - destination:\n      host: reviews\n      subset: v4',
  },
  'destination-rule-not-shown': {
    severity: 'error',
    fate: 'needs-input',
    message:
      'what subset {subset} of {host} is to proxies {client} is not known, for no DestinationRule that names the host was shown',
    why: 'istiod has a cluster for a subset only where a DestinationRule defines it. Without one the requests are answered with 503 today; it may as well be somewhere else.',
    remedy: 'Show the DestinationRule, as a path or by --with, or define the subset.',
    example: 'route:\n- destination:\n    host: reviews\n    subset: v3',
  },
  'subset-of-alternative': {
    severity: 'error',
    fate: 'needs-input',
    message: 'subset {subset} of {host} is in another document of DestinationRule {rule} than the nearest',
    why: 'Of several documents for one object only one is in a cluster. Without the subset the requests are answered with 503 today, with it they are not.',
    remedy:
      'Convert the folders of alternatives one by one, each with the DestinationRule that belongs to it.',
  },
  'service-not-shown': {
    severity: 'error',
    fate: 'needs-input',
    message: 'the Service {host} was not shown, so its subset {subset} cannot become a Service of its own',
    why: 'A route cannot name subsets. A Service per version needs the selector and the ports of the whole Service.',
    remedy:
      'Show the Service, as a path or by --with, or let --default-port N stand in for its port and see to it that a Service {service} exists.',
    example: 'route:\n- destination:\n    host: reviews\n    subset: v1',
  },
  'subset-policy-without-labels': {
    severity: 'error',
    fate: 'needs-input',
    message:
      'subset {subset} of {host} has a trafficPolicy and no labels, and Service {host} is not found in the input',
    why: 'A Service of its own carries the trafficPolicy of a subset. For a subset without labels it has the selector of the whole Service.',
    remedy: 'Pass the manifest of Service {host}, as a path or by --with.',
    example:
      '# of the DestinationRule; Service reviews is not found in the input\nsubsets:\n- name: all\n  trafficPolicy:\n    connectionPool: {tcp: {maxConnections: 7}}',
  },
  'service-assumed': {
    severity: 'warning',
    fate: 'note',
    message:
      'Service {service} in namespace {namespace} has to exist, with the pods of {host} that have {labels}',
    why: 'A route cannot name subsets, and nobody showed us the Service, so that its version is referenced by a usual name.',
    remedy: 'Create the Service with the selector of {host} and {labels}, before the route is applied.',
    example: 'route:\n- destination:\n    host: reviews\n    subset: v1',
  },
  'version-policy': {
    severity: 'warning',
    fate: 'approximate',
    message: 'Service {service} stands for subset {subset} of {host} and has a trafficPolicy of its own',
    why: 'Clusters take their settings from the DestinationRule of the backend, which is now the one of {service}.',
    remedy: 'Make the DestinationRule of {service} say what the subset says, or nothing.',
  },
  'version-service-differs': {
    severity: 'warning',
    fate: 'approximate',
    message: 'Service {service} differs from Service {root} in: {fields}',
    why: 'Requests for the subset go to {root} today, and will go to {service}. istiod and Kubernetes read these fields of the Service that is called.',
    remedy: 'Write the same in both Services, unless the difference is meant.',
    example:
      '# Service reviews has it, Service reviews-v1 has not\nspec:\n  trafficDistribution: PreferClose',
  },
  'version-policy-added': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'Service {service} stands for subset {subset} of {host} and gets its settings, also for those who call {service} itself',
    why: 'Clusters take their settings from the DestinationRule of the backend, and {service} had none.',
    remedy:
      'See who calls {service} by its own name; the DestinationRule that is added applies to them, too.',
  },
  'tls-mode-at-waypoint': {
    severity: 'info',
    fate: 'note',
    message: 'waypoints take no notice of tls.mode {mode} of DestinationRule {rule}',
    why: 'A waypoint reaches pods of the mesh by HBONE and others by plain text, by itself (cluster_waypoint.go).',
    remedy: 'Remove the mode once nobody calls the Service by a sidecar any more.',
    example: 'trafficPolicy:\n  tls:\n    mode: ISTIO_MUTUAL',
  },
  'workload-selector-at-waypoint': {
    severity: 'warning',
    fate: 'note',
    message: 'DestinationRule {rule} chooses clients by their labels, which waypoints take no notice of',
    why: 'A workloadSelector is for sidecars; a waypoint applies the DestinationRules without one to all clients.',
    remedy: 'Say the same without a workloadSelector, or see that these clients can do without.',
    example: 'workloadSelector:\n  matchLabels:\n    app: productpage',
  },
  'tls-not-portable': {
    severity: 'error',
    fate: 'unsupported',
    message: 'no BackendTLSPolicy asks for the TLS of {host}: {reason}',
    why: 'Other implementations do not read DestinationRules; they would send plain text, or verify something else.',
    remedy:
      'Write the TLS in terms of a BackendTLSPolicy (a ConfigMap with the CA or that of the system, and a hostname), or convert with --profile istio.',
    example: 'trafficPolicy:\n  tls:\n    mode: MUTUAL\n    credentialName: client',
  },
  'traffic-policy-not-portable': {
    severity: 'warning',
    fate: 'note',
    message: 'only Istio reads {fields} of DestinationRule {rule}',
    why: 'The Gateway API has no standard form for the settings of clusters.',
    remedy: 'Use the policies of the implementation that the routes are for.',
    example: 'trafficPolicy:\n  connectionPool:\n    tcp:\n      maxConnections: 10',
  },
  'external-name-at-waypoint': {
    severity: 'error',
    fate: 'unsupported',
    message: '{host} is another name for {target}, which waypoints do not follow: they answer 503 today',
    why: 'Sidecars and gateways take a Service of type ExternalName for the one that it names; waypoints have no cluster for it.',
    remedy:
      'Name {target} as the destination. Where sidecars honour the VirtualService today, convert with --from sidecar.',
  },
  'subset-not-exported': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'clients that do not see DestinationRule {rule} got nothing but 503 from {host}, or no connection, and reach subset {subset} afterwards: {request}',
    why: 'A cluster for a subset is there only for those who see its DestinationRule: to whom it is exported, and who have none of their own for the host. A Service is there for everybody.',
    remedy: 'See that these clients may, or refuse them by an AuthorizationPolicy.',
  },
  'destination-rules-conflict': {
    severity: 'error',
    fate: 'needs-input',
    message:
      'DestinationRules {rule} and {other} for {host} do not say the same, and which of them is older is not known',
    why: 'Of several for one host istiod takes the trafficPolicy of the oldest that has one, and the oldest subset of a name.',
    remedy:
      'Merge them into one, or show them with their metadata.creationTimestamp, as kubectl get -o yaml prints it.',
  },
  'subset-of-clients': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'proxies {client} have DestinationRule {rule} for {host}, which says something else of subset {subset}',
    why: 'A proxy takes the DestinationRules of its own namespace before those of the Service, and those that choose its pods before all. The Service that stands for a subset is the same for everybody.',
    remedy:
      'Make both say the same, give the subset of these clients another name and a VirtualService with exportTo ["."] in their namespace, or remove it.',
    example:
      '# beside another DestinationRule for it in namespace bookinfo\nmetadata:\n  namespace: clients\nspec:\n  host: reviews.bookinfo.svc.cluster.local\n  subsets:\n  - name: v2\n    labels:\n      version: v2-beta',
  },
  'subset-of-service-entry': {
    severity: 'error',
    fate: 'unsupported',
    message: 'subset {subset} is of {host}, which is no Service with pods to select',
    why: 'A Service per version selects pods by labels; a ServiceEntry and an ExternalName have none.',
    remedy:
      'Write a ServiceEntry for each subset with the endpoints of its labels, or keep the VirtualService.',
  },
  'subset-without-selector': {
    severity: 'error',
    fate: 'unsupported',
    message: 'Service {host} has no selector, so subset {subset} cannot become a Service of its own',
    why: 'A Service per version adds the labels of the subset to the selector of the whole Service.',
    remedy: 'Give the Service a selector, or write the Services and their EndpointSlices by hand.',
  },
  'subset-by-istio-labels': {
    severity: 'error',
    fate: 'unsupported',
    message: 'subset {subset} of {host} selects by labels that istiod adds, which pods do not have',
    why: 'Region, zone, cluster, network and node are labels of endpoints in istiod, not of pods.',
    remedy: 'Label the pods, or use locality settings of the DestinationRule. Else keep the VirtualService.',
    example: 'subsets:\n- name: eu\n  labels:\n    topology.kubernetes.io/region: eu-west-1',
  },
  'subset-written-by-controller': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'a controller writes the labels of subset {subset} of {host}, so that no Service can stand for it',
    why: 'Argo Rollouts changes the labels of its subsets with each rollout; the labels in the manifest select other pods.',
    remedy:
      'Send to the canaryService or stableService of the Rollout instead of the subset. Else keep the VirtualService.',
    example: 'route:\n- destination:\n    host: web\n    subset: canary   # a Rollout names it',
  },
  'subset-without-endpoints': {
    severity: 'warning',
    fate: 'note',
    message:
      'the labels of subset {subset} contradict the selector of {host}: what is sent there fails today (503, or a closed connection), and goes on failing at Service {service}, which selects no pods',
    why: 'No pod can have both labels, so that the cluster of the subset has no endpoints. A Service without a selector has none either.',
    remedy:
      'Correct the labels of the subset before the conversion, give {service} a selector after it, or remove the destination.',
  },
  'subset-unused': {
    severity: 'info',
    fate: 'note',
    message: 'subset {subset} stays: no VirtualService of the input refers to it',
    why: 'The conversion removes only subsets that converted VirtualServices refer to. A VirtualService elsewhere may use this one.',
    remedy: 'No action needed. Remove the subset by hand if no VirtualService in the cluster uses it.',
  },
  'subset-still-needed': {
    severity: 'info',
    fate: 'note',
    message: 'subset {subset} stays: {path}, which cannot be read as manifests, may use it',
    why: 'A template, a patch, values or a broken document names the subset.',
    remedy:
      'No action needed. To have the subset removed, convert what the template renders, or leave the text out with --exclude {path}.',
  },
  'hostname-backend': {
    severity: 'warning',
    fate: 'note',
    message:
      'backend {host} is written with kind Hostname, which Istio honours and other implementations do not know',
    why: 'The host is one of a ServiceEntry; the Gateway API has no backend for hosts outside the cluster.',
    remedy: 'Nothing on Istio.',
    example: 'route:\n- destination:\n    host: api.example.com',
  },
  'hostname-in-other-namespace': {
    severity: 'warning',
    fate: 'note',
    message:
      'ServiceEntry {serviceEntry} lies in another namespace than the route, whose status will say ResolvedRefs False',
    why: 'istiod looks a Hostname up in the namespace of the route, and sends the requests there all the same.',
    remedy: 'Move the ServiceEntry to namespace {namespace}, or expect the status.',
  },
  'rewrite-slashes': {
    severity: 'warning',
    fate: 'approximate',
    message: 'rewriting {from} to {to} joins segments, so that the backend sees another path for {request}',
    why: 'A VirtualService replaces letters, so that slashes can double or vanish; ReplacePrefixMatch replaces whole segments.',
    remedy: 'Nothing, when single slashes were meant. Else keep the VirtualService.',
    example: 'match:\n- uri:\n    prefix: /api\nrewrite:\n  uri: /',
  },
  'rewrite-of-root': {
    severity: 'warning',
    fate: 'note',
    message:
      'the prefix / is replaced by {to}, which is written {written} for Istio and read otherwise elsewhere',
    why: 'istiod puts the replacement of the prefix / straight before the path, without its last slash; the specification puts a slash between.',
    remedy: 'Nothing on Istio. To move elsewhere, convert with --profile portable.',
    example: 'rewrite:\n  uri: /v2/',
  },
  'rewrite-needs-segments': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the prefix {prefix} cannot be rewritten, since a route can only match it by a regular expression',
    why: 'ReplacePrefixMatch asks for a PathPrefix, whose value may not hold such characters and whose case counts.',
    remedy: 'Match a plain prefix, or keep the VirtualService.',
  },
  'uri-regex-rewrite': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot rewrite the path by the expression {pattern}',
    why: 'URLRewrite replaces a prefix or the whole path; groups of an expression have no form.',
    remedy:
      'Say it by a prefix and rewrite.uri where that is the same, let the backend do it, or keep the VirtualService.',
    example: 'rewrite:\n  uriRegexRewrite:\n    match: /users/(\\d+)\n    rewrite: /u/\\1',
  },
  'host-as-header': {
    severity: 'warning',
    fate: 'note',
    message: 'the host {host} is written by a Host header, which Istio honours',
    why: 'URLRewrite takes a plain hostname without a port, and only for a whole rule.',
    remedy: 'Nothing on Istio.',
    example: 'rewrite:\n  authority: api.example.com:8443',
  },
  'redirect-code-version': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a redirect with {code} needs Gateway API 1.5',
    why: 'RequestRedirect knows 301 and 302 only before.',
    remedy: 'Convert with --gateway-api 1.5 or later, or redirect with 301 or 302.',
  },
  'redirect-code-unknown': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a redirect cannot have the code {code}',
    why: 'istiod knows 301, 302, 303, 307 and 308; for any other code the entry does nothing.',
    remedy: 'Correct the code.',
  },
  'redirect-scheme-of-listener': {
    severity: 'warning',
    fate: 'approximate',
    message: 'the redirect leads to {scheme} now, also where a trusted proxy forwarded {request} from https',
    why: 'Without a scheme istiod writes the port of the listener into the Location, so that the route names the scheme of the listener.',
    remedy:
      'Name the scheme in the redirect of the VirtualService. Or let the listener have port 80 for http, 443 for https.',
    example: '# at port 8080 of a gateway\nredirect:\n  uri: /new   # and no scheme',
  },
  'redirect-host': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a redirect of a route cannot lead to the host {host}',
    why: 'RequestRedirect takes a plain hostname in lower case and a port.',
    remedy: 'Correct the authority, or keep the VirtualService.',
  },
  'redirect-prefix': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the redirect cannot replace prefix {from} by {to}',
    why: 'ReplacePrefixMatch asks for a PathPrefix and replaces whole segments; istiod writes its value into the Location as it is.',
    remedy:
      'Let both prefixes end with a slash, or neither; the root alone cannot take the place of a prefix. Else keep the VirtualService.',
  },
  'timeout-too-fine': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a timeout of a route counts whole milliseconds, up to 99999 hours, and {timeout} does not',
    why: 'Durations of the Gateway API are those of GEP-2257.',
    remedy: 'Round the timeout.',
  },
  'retries-unsupported': {
    severity: 'error',
    fate: 'unsupported',
    message: 'retries other than istiod’s default have no form in Gateway API {version} {channel}',
    why: 'HTTPRoute has retry in the experimental channel to 1.6, in the standard channel from 1.7. Without it istiod retries twice on connect-failure, refused-stream, unavailable, cancelled and retriable-status-codes.',
    remedy:
      'Convert with --gateway-api 1.7 or --channel experimental, drop the retries where the default will do, or leave them out by --partial. Else keep the VirtualService.',
    example: 'retries:\n  attempts: 5\n  retryOn: 5xx',
  },
  'retries-off': {
    severity: 'error',
    fate: 'unsupported',
    message: 'retries cannot be switched off in Gateway API {version}',
    why: 'retry.attempts takes 0 to 1.5 and from 1.7; without retry istiod retries twice.',
    remedy:
      'Set defaultHttpRetryPolicy.attempts to 0 for the whole mesh, convert with --gateway-api 1.7, or leave it to --partial. Else keep the VirtualService.',
    example: 'retries:\n  attempts: 0',
  },
  'retries-approximate': {
    severity: 'warning',
    fate: 'approximate',
    message: 'retries on {conditions} become retries on {codes}',
    why: 'A route names status codes, and istiod adds the conditions. {lost}',
    remedy: 'Nothing, when answers of the backend were meant. Else keep the VirtualService.',
    example: 'retries:\n  attempts: 3\n  retryOn: 5xx,reset',
  },
  'retries-field': {
    severity: 'error',
    fate: 'unsupported',
    message: 'retries.{field} has no form in a route',
    why: 'HTTPRoute knows attempts, codes and backoff.',
    remedy:
      'Drop the field where the default will do, or leave the retries out by --partial. Else keep the VirtualService.',
    example: 'retries:\n  attempts: 3\n  retryRemoteLocalities: true',
  },
  'per-try-timeout-clamped': {
    severity: 'info',
    fate: 'note',
    message: 'perTryTimeout {perTryTimeout} is longer than the timeout and becomes {timeout}',
    why: 'timeouts.backendRequest may not exceed timeouts.request, and a try cannot outlast its request.',
    remedy: 'Nothing.',
    example: 'timeout: 2s\nretries:\n  attempts: 3\n  perTryTimeout: 5s',
  },
  'fault-delay': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot delay requests',
    why: 'The Gateway API has no fault injection.',
    remedy:
      'Remove the fault once it has done its work, inject it by an EnvoyFilter on sidecars and gateways, or leave it out by --partial. Else keep the VirtualService.',
    example: 'fault:\n  delay:\n    percentage:\n      value: 10\n    fixedDelay: 5s',
  },
  'fault-abort': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot abort requests',
    why: 'The Gateway API has no fault injection.',
    remedy:
      'Remove the fault once it has done its work, inject it by an EnvoyFilter on sidecars and gateways, or leave it out by --partial. Else keep the VirtualService.',
    example: 'fault:\n  abort:\n    percentage:\n      value: 10\n    httpStatus: 503',
  },
  'fault-without-effect': {
    severity: 'info',
    fate: 'irrelevant',
    message: 'the fault has no effect today and is dropped',
    why: 'A fault of 0 % takes no request, and istiod does not know exponential delays.',
    remedy: 'Nothing.',
    example: 'fault:\n  delay:\n    percentage:\n      value: 0\n    fixedDelay: 5s',
  },
  'extra-dropped': {
    severity: 'warning',
    fate: 'approximate',
    message: '{field} is left out, as --partial asks; {request} is affected',
    why: 'A route has no form for it.',
    remedy: 'Look whether the requests can do without it.',
  },
  'direct-response': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot answer with {status} by itself',
    why: 'The Gateway API has no direct response.',
    remedy:
      'For 404 at the end, leave the entry out: what no rule takes is answered so. For 403, use an AuthorizationPolicy. Else let a small backend answer, or keep the VirtualService.',
    example: 'directResponse:\n  status: 503\n  body:\n    string: closed',
  },
  'mirror-percentage': {
    severity: 'info',
    fate: 'note',
    message:
      'mirroring {percent} % becomes percent or fraction of RequestMirror, which needs Gateway API 1.3',
    why: 'Implementations older than that mirror every request.',
    remedy: 'Nothing on Istio 1.26 and later.',
    example: 'mirrorPercentage:\n  value: 25',
  },
  'mirror-off': {
    severity: 'info',
    fate: 'irrelevant',
    message: 'mirroring 0 % is dropped',
    why: 'No request is mirrored today either.',
    remedy: 'Nothing.',
    example: 'mirror:\n  host: reviews-shadow\nmirrorPercentage:\n  value: 0',
  },
  'header-value-empty': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route cannot write an empty value to header {name}',
    why: 'Values of the header filters have at least one character.',
    remedy: 'Remove the header instead of emptying it, or keep the VirtualService.',
    example: 'headers:\n  request:\n    set:\n      x-user: ""',
  },
  'header-operations-too-many': {
    severity: 'error',
    fate: 'unsupported',
    message:
      '{count} {operation} operations on {what} headers are more than the filters of a rule and its backends hold',
    why: 'A header filter takes 16 entries of each kind, once on the rule and once on each backend.',
    remedy: 'Split the operations over several rules, or keep the VirtualService.',
  },
  'header-variable': {
    severity: 'warning',
    fate: 'note',
    message: 'the value {value} of header {name} has a variable of Envoy, which Istio fills in',
    why: 'Envoy reads %...% in values of headers; for the Gateway API they are plain letters.',
    remedy: 'Nothing on Istio. To move elsewhere, let the backend find the value out.',
    example: 'headers:\n  request:\n    set:\n      x-client: "%DOWNSTREAM_REMOTE_ADDRESS%"',
  },
  'field-without-effect': {
    severity: 'info',
    fate: 'irrelevant',
    message: '{field} has no effect beside {action} and is dropped',
    why: 'What is answered by the proxy itself waits for no backend and is sent to none.',
    remedy: 'Nothing.',
    example: 'redirect:\n  uri: /new\ntimeout: 5s',
  },
  'cors-version': {
    severity: 'error',
    fate: 'unsupported',
    message: 'corsPolicy needs the CORS filter of Gateway API 1.5, or the experimental channel of 1.4',
    why: 'Before, HTTPRoute has no CORS filter.',
    remedy: 'Convert with --gateway-api 1.5 or later, let the backend answer, or leave it out by --partial.',
    example: 'corsPolicy:\n  allowOrigins:\n  - exact: https://example.com',
  },
  'cors-origin': {
    severity: 'error',
    fate: 'unsupported',
    message: 'origin {origin} has no form in the CORS filter',
    why: 'The filter takes http and https origins, `*`, and a wildcard for the left part of a host.',
    remedy:
      'List the origins, or use a wildcard host such as https://*.example.com. Else keep the VirtualService.',
    example: 'corsPolicy:\n  allowOrigins:\n  - regex: https://[a-z]+\\.example\\.com',
  },
  'external-name-comes-to-life': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'sidecars follow ExternalName {host} at its own ports alone ({ports}): {request} gets no answer today, and the route sends it on',
    why: 'At another port of {service} istiod knows nothing of a Service of type ExternalName, so that the VirtualService leads to no cluster; the backend of a route is there.',
    remedy:
      'No action needed, when requests were meant to be sent on. Else match the port in the VirtualService.',
    example:
      'kind: Service\nspec:\n  type: ExternalName\n  ports:\n  - port: 80   # and the VirtualService is for ports 80 and 81',
  },
  'cors-approximate': {
    severity: 'warning',
    fate: 'approximate',
    message: 'the CORS filter differs from corsPolicy: {differences}',
    why: 'istiod answers preflights itself for a CORS filter, sends a max-age of 5 seconds where none was set, and takes no opaque origin (Origin: null) for `*`.',
    remedy:
      'Nothing, when browsers are the clients. Set unmatchedPreflights: IGNORE and maxAge before converting to see that nothing else differs.',
    example: 'corsPolicy:\n  allowOrigins:\n  - exact: "*"',
  },
  'cors-value': {
    severity: 'error',
    fate: 'unsupported',
    message: '{field} of corsPolicy has no form in the CORS filter: {reason}',
    why: 'The filter takes the nine methods of HTTP or `*` alone, at most 64 headers, and whole seconds.',
    remedy: 'Correct the value, or keep the VirtualService.',
  },
  'needs-gateway-api': {
    severity: 'info',
    fate: 'note',
    message: 'this becomes {feature}, which asks for Gateway API {since} or later',
    why: 'An API server with older CRDs drops or refuses the field.',
    remedy: 'Install the CRDs of that version, or name the version that is installed by --gateway-api.',
    example: 'corsPolicy:\n  allowOrigins:\n  - exact: https://example.com',
  },
  'target-differs': {
    severity: 'warning',
    fate: 'note',
    message:
      'these CRDs are of Gateway API {version}, {channel}; routes are written for {target}, {chosen}, as was asked for',
    why: 'Without --gateway-api and --channel the CRDs of the input would decide.',
    remedy: 'Leave out both flags, or install the CRDs of the version they name.',
    example:
      'annotations:\n  gateway.networking.k8s.io/bundle-version: v1.5.1\n  gateway.networking.k8s.io/channel: standard',
  },
  'target-version-unknown': {
    severity: 'warning',
    fate: 'note',
    message: 'these CRDs are of Gateway API {version}, which is not known; routes are written for {nearest}',
    why: 'Routes are written for Gateway API 1.4 to 1.7.',
    remedy: 'Install the CRDs of one of these versions, or name the nearest by --gateway-api.',
    example: 'annotations:\n  gateway.networking.k8s.io/bundle-version: v1.2.0',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
