import type { CatalogEntry } from '../catalog.ts';

/** Where a VirtualService applies, and where its routes attach. */
export const attachCodes = {
  'host-not-a-service': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'host {host} is no Service, so that only sidecars see it, in requests to port 80 for just this name',
    why: 'A host with a dot is never completed: inside the mesh only NAME and NAME.NAMESPACE.svc.cluster.local name a Service, and a route attaches to one.',
    remedy: 'Write {suggestion}, or remove the host.',
    example: 'hosts:\n- reviews.bookinfo   # matches no Service',
  },
  'host-not-in-registry': {
    severity: 'error',
    fate: 'needs-input',
    message: 'host {host} is no Service, and no ServiceEntry was shown that has it',
    why: 'Inside the mesh a route attaches to a Service or a ServiceEntry.',
    remedy:
      'Show the ServiceEntry, as a path or by --with, or write one. Where only a gateway needs the host, take mesh out of the gateways, or split the VirtualService: one for the mesh, one for the gateway.',
    example: 'hosts:\n- api.example.com',
  },
  'host-of-gateways-in-the-mesh': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'requests for {host} from clients inside the mesh are no longer routed by this; they go where DNS says, to the gateway as a rule',
    why: 'Sidecars route a name that no Service and no ServiceEntry has by the VirtualService that lists it. Inside the mesh a route attaches to a Service or a ServiceEntry.',
    remedy:
      'Let clients inside the mesh call the Service by its name, or write a ServiceEntry for {host} and convert it along.',
    example: 'hosts:\n- reviews\n- reviews.example.com\ngateways:\n- mesh\n- istio-ingress/public',
  },
  'gateways-become-one': {
    severity: 'error',
    fate: 'unsupported',
    message: 'Gateways {gateways} become {target}, where {request} would end as {after} instead of {before}',
    why: 'What differed between the Gateways, such as matches for one of them or another VirtualService there, meets in one place.',
    remedy:
      'Map them to listeners of their own by --gateway FROM=TO#LISTENER, or make them say the same first.',
    example:
      '# --gateway istio/public=infra/edge --gateway istio/private=infra/edge\nmatch:\n- gateways:\n  - istio/private',
  },
  'gateway-takes-no-route': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'Gateway {gateway} would not take {route}, since {reason}: {request} would end as {after} instead of {before}',
    why: 'A listener takes the routes that its protocol, its hostname and its allowedRoutes fit.',
    remedy:
      'Add what is missing to the listeners of the Gateway, or name another one by --gateway FROM=TO#LISTENER.',
    example:
      '# --gateway istio/public=infra/edge\nkind: Gateway\nmetadata:\n  name: edge\n  namespace: infra\nspec:\n  listeners: # without allowedRoutes, for routes of namespace infra only\n  - name: http\n    port: 80\n    protocol: HTTP',
  },
  'host-is-an-address': {
    severity: 'error',
    fate: 'unsupported',
    message: 'host {host} is an IP address, which no route can name',
    why: 'Hostnames of a route and names of Services are DNS names.',
    remedy: 'Use a name, or keep the VirtualService.',
    example: 'hosts:\n- 10.0.0.1',
  },
  'host-not-a-hostname': {
    severity: 'error',
    fate: 'unsupported',
    message: 'host {host} is no hostname that a route takes',
    why: 'Hostnames of a route are DNS names; a wildcard may only be the whole first label.',
    remedy: 'Write the names out, or use a wildcard for the whole label.',
    example: 'hosts:\n- "*-staging.example.com"\ngateways:\n- istio-ingress/public',
  },
  'host-placeholder': {
    severity: 'error',
    fate: 'needs-input',
    message: 'the placeholders of {host} are filled in by field, and the field would be another one',
    why: 'Kustomize fills in $(VAR) where its configuration names the field, here spec.hosts.',
    remedy: 'Convert what comes out of kustomize build, or write the name and the namespace out.',
    example: 'hosts:\n- reviews.$(NAMESPACE).svc.cluster.local',
  },
  'host-taken-as-whole': {
    severity: 'warning',
    fate: 'note',
    message: 'host {host} is taken for a full name: what is filled in has to have a dot',
    why: 'istiod completes a name without a dot by the namespace and the domain of the cluster, also at a Gateway; it does not complete the hostnames of a route.',
    remedy:
      'Nothing, when a domain is filled in. For the name of a Service write NAME.NAMESPACE.svc.cluster.local.',
    example: 'hosts:\n- ${DOMAIN}\ngateways:\n- istio-ingress/public',
  },
  'host-without-services': {
    severity: 'error',
    fate: 'needs-input',
    message: 'no Service was shown that {host} covers',
    why: 'A wildcard becomes a parentRef for each Service it covers.',
    remedy: 'Show the Services, as paths or by --with.',
    example: 'hosts:\n- "*.bookinfo.svc.cluster.local"',
  },
  'host-wildcard-expanded': {
    severity: 'warning',
    fate: 'note',
    message: 'host {host} becomes parentRefs for the Services there are: {services}',
    why: 'A route names its Services one by one, so that Services created later are not covered.',
    remedy: 'Add later Services to the parentRefs.',
    example: 'hosts:\n- "*.bookinfo.svc.cluster.local"',
  },
  'service-entry-hosts': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the route would take every host of ServiceEntry {serviceEntry}, also {host}, which the VirtualService does not name: {request} would end as {after} instead of {before}',
    why: 'A route attached to a ServiceEntry applies to each of its hosts.',
    remedy: 'Split the ServiceEntry, so that the hosts of the VirtualService have one of their own.',
    example: 'hosts:\n- stream.example.com\n- archive.example.com   # in no VirtualService',
  },
  'host-left-out': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the VirtualService decides for {host} today, and no route is made for it: {request} would end as {after} instead of {before}',
    why: 'Another VirtualService or a route names the host more closely, and some clients or ports do not have that one.',
    remedy:
      'Name the host in a VirtualService for the clients that see this one today, or export the other one to all of them.',
    example:
      'hosts:\n- "*.shop.svc.cluster.local"   # and a VirtualService with exportTo "." for a.shop.svc.cluster.local',
  },
  'wildcard-service-entry': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a route for the wildcard host {host} of a ServiceEntry has no effect on sidecars',
    why: 'istiod takes wildcard hosts of routes on waypoints only (route.go, separateVSHostsAndServices).',
    remedy: 'Convert with --from ambient for waypoints, or keep the VirtualService.',
  },
  'port-not-http': {
    severity: 'warning',
    fate: 'irrelevant',
    message:
      'no port of Service {service} carries HTTP, so the http entries do nothing today and are dropped',
    why: 'istiod applies http routes to ports whose name or appProtocol says HTTP, or says nothing.',
    remedy: 'Name the port http, http2 or grpc, or set its appProtocol, if it carries HTTP.',
    example: 'ports:\n- name: tcp-reviews\n  port: 9080',
  },
  'port-80-of-others': {
    severity: 'info',
    fate: 'approximate',
    message:
      'requests to port 80 of {service}, which has no such port, follow the VirtualService today and pass the route by',
    why: 'A sidecar with HTTP of any host on port 80 applies a VirtualService there to hosts without that port (istiod, route.go); a route is for the ports of its Service.',
    remedy:
      'No action needed where clients use the ports of {service}. If any of them use port 80, add it to {service}.',
    example: 'hosts:\n- reviews   # Service reviews has port 9080 only, and some other Service has port 80',
  },
  'route-namespace-moved': {
    severity: 'warning',
    fate: 'note',
    message: 'the route goes to namespace {namespace}, where Service {service} is',
    why: 'istiod applies a route from elsewhere only to clients of its own namespace, and on waypoints not at all.',
    remedy: 'See to it that the owner of namespace {namespace} agrees and that the route is applied there.',
    example: 'metadata:\n  namespace: frontend\nspec:\n  hosts:\n  - reviews.bookinfo.svc.cluster.local',
  },
  'envoy-filter-route': {
    severity: 'error',
    fate: 'unsupported',
    message: 'EnvoyFilter {filter} patches the route {route}, and what stands for it would have another name',
    why: 'Envoy knows routes by the name of the http entry and, behind a dot, that of the match. Of a route of the Gateway API the name of the rule counts, which is unique, a DNS name, and one for all matches.',
    remedy:
      'Give the entry a name of lower-case letters, digits and dashes that no other entry has, write it into the EnvoyFilter, and take away the names of its matches; where one entry becomes several rules, write it as several entries, each with a name and a patch.',
    example:
      '# of the EnvoyFilter: applyTo: HTTP_ROUTE, match.routeConfiguration.vhost.route.name: Checkout\nhttp:\n- name: Checkout\n  route:\n  - destination: {host: reviews}',
  },
  'envoy-filter-cluster': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'EnvoyFilter {filter} is for the cluster of subset {subset} of {host}, which a Service of its own takes the place of',
    why: 'Envoy knows the cluster of a subset as outbound|PORT|{subset}|{host}. A route names a Service, whose cluster has neither the subset nor the host in its name.',
    remedy:
      'Repeat a patch that matches clusters by service and subset for the Service of the version, by its full name in match.cluster.service. Where the name of the cluster is written out, write that of the Service of the version, once it is there.',
    example:
      '# of the EnvoyFilter: applyTo: CLUSTER, match.cluster: {service: reviews.bookinfo.svc.cluster.local, subset: v1}\nroute:\n- destination:\n    host: reviews\n    subset: v1',
  },
  'sidecar-egress': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'clients that Sidecar {sidecar} is for see Service {host}; the VirtualService {today}, {afterwards}, since that is in namespace {namespace}',
    why: 'The egress hosts of a Sidecar name namespaces and hosts: a client sees a VirtualService by the namespace that this is in and any of its hosts, and a route by its own namespace and the host of the Service it is attached to.',
    remedy:
      'Name {host} for both namespaces in the egress hosts of the Sidecar, or for neither; or move the VirtualService to namespace {namespace} first.',
    example:
      '# VirtualService reviews is in namespace frontend, Service reviews in namespace bookinfo\nkind: Sidecar\nspec:\n  egress:\n  - hosts: [bookinfo/*]',
  },
  'sidecar-egress-by-name': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'clients that Sidecar {sidecar} is for do not see Service {host}, and come to it by its full name alone: through the VirtualService, and not through a route',
    why: 'Of a VirtualService that a client sees by its namespace or another of its hosts it has all hosts, under the names that are written. A route is for one Service, and is not seen where that is not.',
    remedy: 'Name {host} in the egress hosts of the Sidecar if its clients are meant to come there.',
    example:
      '# VirtualService reviews names the hosts reviews and ratings\nkind: Sidecar\nspec:\n  egress:\n  - hosts: [bookinfo/reviews.bookinfo.svc.cluster.local]',
  },
  'export-to-narrowed': {
    severity: 'error',
    fate: 'unsupported',
    message: 'that only clients in {namespace} see it has no portable form in a route for Service {service}',
    why: 'A route in the namespace of its clients is a consumer route, which implementations need not support.',
    remedy:
      'Convert with --profile istio, set exportTo to "*" if every client may see it, or keep the VirtualService.',
    example: 'exportTo:\n- staging',
  },
  'export-to-widened': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'exportTo {namespaces} has no form in a route beside Service {service}: {request} from other namespaces is routed by it, too',
    why: 'A route in the namespace of the Service applies to all clients; a VirtualService that is not exported only to those it is exported to.',
    remedy: 'Set exportTo to "*" if every client may see it, or keep the VirtualService.',
    example: 'exportTo:\n- "."',
  },
  'export-to-gateway-pods': {
    severity: 'error',
    fate: 'needs-input',
    message:
      'exportTo {namespaces} may leave out the pods of Istio Gateway {gateway} ({pods}), and no Service was found in the input that tells their namespace',
    why: 'A gateway sees VirtualServices that are exported to the namespace of its pods, which need not be that of the Istio Gateway. A route would come to life.',
    remedy:
      'Show the Service of the pods by --with; or set exportTo to "*" if the gateway sees the VirtualService.',
    example: 'gateways: [edge]\nexportTo: ["."]   # and the pods run in istio-system',
  },
  'export-to-misses-gateway': {
    severity: 'error',
    fate: 'needs-input',
    message:
      'exportTo {namespaces} leaves out namespace {namespace} of Gateway {gateway}, so that the Gateway does not see this if its pods run there',
    why: 'A gateway sees VirtualServices that are exported to the namespace of its pods.',
    remedy: 'Add the namespace of the gateway pods to exportTo, or remove the gateway.',
    example: 'exportTo:\n- "."\ngateways:\n- istio-ingress/public',
  },
  'consumer-route': {
    severity: 'info',
    fate: 'note',
    message:
      'clients in namespace {namespace} get a route for Service {service} of their own, in their namespace',
    why: 'A route beside its Service is for all clients; one elsewhere is for the clients of its namespace, and replaces the other for them.',
    remedy: 'See to it that the owners of both namespaces know.',
    example: 'match:\n- sourceNamespace: staging',
  },
  'consumer-route-at-waypoint': {
    severity: 'warning',
    fate: 'note',
    message:
      'waypoint {waypoint} does not honour the route for clients in {namespace}: those that reach Service {service} through it get the route for all',
    why: 'Sidecars know the namespace of their pods; a waypoint only takes routes of the namespace of the Service and of its own (listener_waypoint.go).',
    remedy: 'Keep sidecars in {namespace}, or let its clients send a header and match that.',
  },
  'waypoint-does-not-see': {
    severity: 'warning',
    fate: 'irrelevant',
    message:
      'the waypoint of Service {service}, in namespace {waypoint}, does not see this, so it does nothing today',
    why: 'A waypoint takes VirtualServices of the namespace of the Service and of its own, if they are exported to its own (listener_waypoint.go).',
    remedy: 'Move the VirtualService into the namespace of the Service if it was meant to apply.',
  },
  'no-waypoint': {
    severity: 'info',
    fate: 'note',
    message: 'no waypoint of {service} is known, so the route is attached to that alone',
    why: 'Sidecars honour the route as it is; in ambient mode only a waypoint does, and the Service or its Namespace names it by the label istio.io/use-waypoint.',
    remedy:
      'In ambient mode set the label, name the waypoint by --waypoint, or write one by --create-waypoints.',
  },
  'from-contradicts-labels': {
    severity: 'error',
    fate: 'needs-input',
    message:
      '--from {from} contradicts the label {label} of {object}, by which {proxy} the VirtualServices of Service {service}',
    why: 'Sidecars and waypoints honour different parts of a VirtualService, and treat several for one host differently.',
    remedy:
      'Leave out --from, so that the labels decide for each Service. If the label is wrong, correct it.',
    example:
      '# converted with --from sidecar\nkind: Namespace\nmetadata:\n  name: bookinfo\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}',
  },
  'namespace-is-ambient': {
    severity: 'info',
    fate: 'note',
    message:
      'Namespace {namespace} of Service {service} is in ambient mode and has no waypoint for it; the VirtualService was taken to be honoured by sidecars',
    why: 'Pods without sidecars follow VirtualServices only where a waypoint does, which honours less of them: neither sourceLabels nor routes for some clients.',
    remedy: 'Pass --from ambient where waypoints honour the VirtualServices today.',
  },
  'waypoint-parent-alone': {
    severity: 'warning',
    fate: 'note',
    message:
      'the route is attached to waypoint {waypoint} alone, which istiod passes over: no sidecar and no waypoint of Istio honours it',
    why: 'istiod takes the routes of a Service by the Service they are attached to, at waypoints, too. That the Gateway of a waypoint is a parent is for other implementations.',
    remedy: 'Convert with --attach both, unless another implementation serves the waypoint.',
    example: 'parentRefs:\n- group: gateway.networking.k8s.io\n  kind: Gateway\n  name: waypoint',
  },
  'waypoint-without-label': {
    severity: 'info',
    fate: 'note',
    message: 'neither Service {service} nor its Namespace names waypoint {waypoint} in a label',
    why: 'Requests for a Service go through the waypoint that the label istio.io/use-waypoint of the Service or its Namespace names. Until one does, a route is honoured by sidecars only.',
    remedy:
      'Set the label istio.io/use-waypoint: {name} on the Service or its Namespace. --create-waypoints sets it in the manifests of Services that are converted along.',
  },
  'waypoint-not-for-services': {
    severity: 'warning',
    fate: 'note',
    message:
      'the label istio.io/waypoint-for of waypoint {waypoint} is {traffic}, so that it does not honour the route of Service {service}',
    why: 'The label istio.io/waypoint-for of the Gateway decides which traffic goes through it.',
    remedy: 'Set istio.io/waypoint-for to service or all.',
  },
  'waypoint-is-east-west': {
    severity: 'error',
    fate: 'unsupported',
    message: 'Gateway {waypoint} is an east-west gateway, to which no route attaches',
    why: 'East-west gateways pass connections on between networks and look into none.',
    remedy: 'Name a Gateway of class istio-waypoint by the label istio.io/use-waypoint or by --waypoint.',
  },
  'waypoint-canary': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'Service {service} names {waypoint} as its canary waypoint, which was not found in the input as a waypoint of class istio-waypoint',
    why: 'A share of the connections goes through that waypoint (label istio.io/use-waypoint-canary). It may apply the route and not the VirtualService.',
    remedy:
      'Add its Gateway to the input, or end the canary before you convert: remove the label istio.io/use-waypoint-canary.',
    example:
      'kind: Service\nmetadata:\n  labels: {istio.io/use-waypoint: wp, istio.io/use-waypoint-canary: wp-next}',
  },
  'waypoint-of-another-proxy': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'waypoint {waypoint} of Service {service} has class {class}, which applies no VirtualService: nothing honours this one today',
    why: 'Only waypoints of class istio-waypoint apply VirtualServices, DestinationRules and policies of Istio. A route would be applied by the waypoint, so that traffic would change.',
    remedy:
      'Remove the VirtualService if no client with a sidecar needs it, convert with --from sidecar if some do, or write the route by hand.',
    example:
      'kind: Gateway\nmetadata:\n  labels: {istio.io/waypoint-for: service}\nspec:\n  gatewayClassName: istio-agentgateway-waypoint',
  },
  'waypoint-starts-to-route': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'waypoint {waypoint} of Service {service} has class {class}: it applies no VirtualService today, and will apply the route',
    why: 'Clients without sidecars are not routed by this VirtualService today. DestinationRules, AuthorizationPolicies and other objects of Istio do not apply at that waypoint; the proof is about sidecars alone.',
    remedy:
      'Check the requests of clients without sidecars at the waypoint before you apply the route. Express policies and DestinationRules in the forms that the class knows.',
    example:
      'kind: Gateway\nmetadata:\n  labels: {istio.io/waypoint-for: service}\nspec:\n  gatewayClassName: istio-agentgateway-waypoint',
  },
  'waypoint-is-a-gateway': {
    severity: 'warning',
    fate: 'note',
    message: 'Gateway {waypoint} is no waypoint, so the route is attached to the Service alone',
    why: 'Only Gateways of class istio-waypoint, or of a class with the same controller, are waypoints.',
    remedy: 'Name a waypoint by the label istio.io/use-waypoint or by --waypoint.',
  },
  'gateway-not-shown': {
    severity: 'warning',
    fate: 'note',
    message:
      'Istio Gateway {gateway} was not shown, so the route is attached to a Gateway {target} that has to exist',
    why: 'A route attaches to a Gateway of the Gateway API; nobody showed us the one of Istio, to be converted.',
    remedy:
      'Show the Istio Gateway, as a path or by --with, or name the Gateway that stands in for it by --gateway {gateway}=NAMESPACE/NAME.',
    example: 'gateways:\n- istio-ingress/public',
  },
  'gateway-shares-no-host': {
    severity: 'warning',
    fate: 'irrelevant',
    message: 'no server of Gateway {gateway} serves a host of this VirtualService, so it does nothing there',
    why: 'A gateway serves the hosts that both the server and the VirtualService name, for the namespaces that the server admits.',
    remedy: 'Correct the hosts, or remove the gateway from the list.',
  },
  'behind-https-redirect': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the entries only apply at port {port} of {gateway}, which redirects to https what no trusted proxy forwarded from https',
    why: 'With httpsRedirect Envoy serves requests whose X-Forwarded-Proto a trusted proxy set to https. A RequestRedirect does not ask for it.',
    remedy:
      'Run with `--trusted-proxies 0` if no proxy in front is trusted: then nothing applies the VirtualService. Else remove httpsRedirect, and let the load balancer redirect.',
    example:
      '# the only server for the host\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  tls: {httpsRedirect: true}',
  },
  'nothing-to-attach': {
    severity: 'error',
    fate: 'unsupported',
    message: 'nothing applies this VirtualService today, so there is nothing to convert',
    why: 'None of its hosts and gateways is known to serve any request, or none of its entries takes one.',
    remedy: 'Correct the hosts, the gateways or the entries, or remove it.',
  },
  'host-claimed-for-others': {
    severity: 'error',
    fate: 'unsupported',
    message: 'host {host} is also claimed by VirtualService {other}, for other clients',
    why: 'exportTo and Sidecars decide which of two VirtualServices a client sees, and each client follows the first that it sees. Routes beside the Service are for all clients and are merged.',
    remedy: 'Put both into one VirtualService, export both to the same namespaces, or keep them.',
    example: '# one of two VirtualServices for the host reviews\nexportTo:\n- "."',
  },
  'host-claimed-twice': {
    severity: 'error',
    fate: 'needs-input',
    message: 'host {host} is also claimed by VirtualService {other}, and which of them is older is not known',
    why: 'On sidecars the older VirtualService has the host to itself, at gateways its entries come first, and the manifests do not tell their age.',
    remedy:
      'Merge them into one, or show them with their metadata.creationTimestamp, as kubectl get -o yaml prints it.',
  },
  'catch-all-claimed-twice': {
    severity: 'error',
    fate: 'needs-input',
    message:
      'VirtualService {other} matches all requests for {host}, too, and which of them is older is not known',
    why: 'At gateways the catch-all of the older VirtualService comes first, so that the other one is never reached. The manifests do not tell their age.',
    remedy:
      'Delete the VirtualService that does nothing in the cluster, or show both with their metadata.creationTimestamp, as kubectl get -o yaml prints it.',
    example:
      '# in two VirtualServices of one gateway and host\nhttp:\n- route:\n  - destination:\n      host: shop',
  },
  'host-claimed-elsewhere': {
    severity: 'warning',
    fate: 'approximate',
    message: 'its hosts are also claimed by {others}, which are taken for alternatives to it',
    why: 'A sidecar applies only one VirtualService per host, and a gateway only one that matches all requests. Files that no kustomization lists together look like different environments, so each is converted on its own.',
    remedy:
      'No action needed for environments. If the files are deployed to one cluster, list them in one kustomization, or merge them, and convert again.',
  },
  'defined-twice-beside': {
    severity: 'warning',
    fate: 'approximate',
    message: 'this VirtualService is converted with {first}; with {second} it would become something else',
    why: 'Both documents define one object that it uses, and a cluster has one of them. The manifests do not tell which, so the document that sets the least counts.',
    remedy:
      'Which of the two is in the cluster? Leave the other one out: --exclude {first} or --exclude {second}.',
    example:
      '# rule-strict.yaml and rule-plain.yaml in one folder\nkind: DestinationRule\nmetadata:\n  name: reviews',
  },
  'differs-by-environment': {
    severity: 'error',
    fate: 'needs-input',
    message: 'this VirtualService would become one thing with {first} and another with {second}',
    why: 'Two documents define one object that it uses, or it is deployed to two environments. A cluster has one of them, and the manifests do not tell which.',
    remedy:
      'Which of the two is in the cluster? Leave the other one out with --exclude, or convert one environment at a time.',
    example:
      '# rule-strict.yaml and rule-plain.yaml in one folder\nkind: DestinationRule\nmetadata:\n  name: reviews',
  },
  'route-of-unknown-age': {
    severity: 'error',
    fate: 'needs-input',
    message: '{route} is attached to {host} as well, and which of the two is older is not known',
    why: 'A sidecar applies the older of a VirtualService and a route; a waypoint applies the older one first. The manifests do not tell their age.',
    remedy:
      'Delete whichever of the two is not meant, or show both with their metadata.creationTimestamp, as kubectl get -o yaml prints it.',
    example:
      'kind: HTTPRoute\nspec:\n  parentRefs:\n  - group: ""\n    kind: Service\n    name: reviews   # a host of a VirtualService, too',
  },
  'invalid-object-used': {
    severity: 'error',
    fate: 'unsupported',
    message: '{object}, which this VirtualService uses, is invalid',
    why: 'The API server or istiod refuses the object, so that the cluster has none or an older one. Its content is not known.',
    remedy: 'Correct the errors of {object}, and convert again.',
    example:
      'kind: DestinationRule\nspec:\n  host: reviews\n  subsets:\n  - nmae: v1   # no name: the API server refuses the object',
  },
  'host-owned-by-another': {
    severity: 'warning',
    fate: 'irrelevant',
    message:
      'host {host} belongs to the older VirtualService {other}, so that nothing of this one applies to it',
    why: 'On sidecars the first VirtualService for a host has it to itself; the entries of later ones are never asked.',
    remedy: 'Merge them into one if these entries were meant to apply.',
  },
  'same-rules-twice': {
    severity: 'info',
    fate: 'irrelevant',
    message: 'VirtualService {other} says the same for host {host}, and its route stands for both',
    why: 'On sidecars the older VirtualService has the host to itself. Which of the two is older is not known, and makes no difference.',
    remedy: 'No action needed.',
  },
  'gateways-share-a-host': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'host {host} at port {port} is served by the VirtualServices of Gateways {gateways} together, and each Gateway would serve its own only',
    why: 'Istio Gateways whose selectors choose the same pods put the entries of all their VirtualServices for a host into one list. Each Gateway of the Gateway API has an address and a list of its own.',
    remedy:
      'Bind these VirtualServices to one Istio Gateway first, or keep the running pods by --gateway-service NAMESPACE/NAME of their Service.',
    example:
      '# Gateways edge and public have the selector istio: ingressgateway\nkind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  gateways: [edge] # and another one with gateways: [public]',
  },
  'host-has-a-route': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'host {host} has {other} beside this, and together their routes would treat {request} otherwise: {before} before, {after} after',
    why: 'Today a proxy asks one of the two, or one after the other. Routes of one Service are merged, and the most specific match decides.',
    remedy: 'Take the entries into the route by hand, or remove whichever of the two is not meant.',
  },
  'host-shared-with-held-back': {
    severity: 'error',
    fate: 'unsupported',
    message: 'host {host} is shared with {other}, which stays as it is',
    why: 'What shares a host is decided together: a route beside the VirtualService that stays would take its requests, or lose them to it.',
    remedy: 'See to what keeps {other} as it is.',
  },
  'delegate-not-shown': {
    severity: 'error',
    fate: 'needs-input',
    message: 'delegate {delegate} was not shown',
    why: 'A route cannot delegate: the entries of the delegate take the place of the one that names it.',
    remedy: 'Show the VirtualService {delegate}, as a path or by --with; remove the entry if there is none.',
    example: 'http:\n- delegate:\n    name: reviews\n    namespace: team-a',
  },
  'delegate-not-exported': {
    severity: 'warning',
    fate: 'irrelevant',
    message:
      'delegate {delegate} is not exported to {namespace}, so that this entry does nothing and is dropped',
    why: 'istiod leaves out an entry whose delegate is not visible to the root (virtualservice.go, MergeHTTPRoutes).',
    remedy: 'Add {namespace} to exportTo of the delegate if the entry was meant to apply.',
    example: 'exportTo:\n- .',
  },
  'delegate-has-hosts': {
    severity: 'warning',
    fate: 'irrelevant',
    message: '{delegate} has hosts of its own, so that this entry does nothing and is dropped',
    why: 'istiod takes only VirtualServices without hosts for delegates.',
    remedy: 'Remove hosts from the delegate if the entry was meant to apply.',
    example: 'http:\n- delegate:\n    name: reviews   # a VirtualService with hosts',
  },
  'delegate-flattened': {
    severity: 'info',
    fate: 'note',
    message: 'the entries of delegate {delegate} are taken into the route',
    why: 'A route cannot delegate; istiod merges delegates the same way.',
    remedy:
      'See to it that the owner of the delegate knows: from now on the entries are changed in the route.',
    example: 'http:\n- delegate:\n    name: reviews\n    namespace: team-a',
  },
  'delegate-conflict': {
    severity: 'warning',
    fate: 'irrelevant',
    message: 'the matches of this entry do not lie within those of {root}, so that it does nothing there',
    why: 'istiod drops entries of a delegate that conflict with the root (virtualservice.go, mergeHTTPRoute).',
    remedy: 'Correct the matches if the entry was meant to apply.',
    example:
      '# the root matches prefix /reviews, the delegate:\nhttp:\n- match:\n  - uri:\n      prefix: /ratings',
  },
  'delegate-of-held-back': {
    severity: 'error',
    fate: 'unsupported',
    message: '{root} delegates to this and is held back',
    why: 'A delegate goes when everything that delegates to it is converted.',
    remedy: 'See what holds {root} back.',
  },
  'delegate-unused': {
    severity: 'info',
    fate: 'irrelevant',
    message: 'no VirtualService of the input delegates to this one, which has no hosts of its own',
    why: 'A VirtualService without hosts only does something where another names it as a delegate.',
    remedy: 'Show the VirtualService that delegates to it.',
  },
  'route-kind-version': {
    severity: 'error',
    fate: 'unsupported',
    message: '{field} entries become {kind}s, which istiod takes from Gateway API {since} on',
    why: 'Of older versions istiod ignores the kind (minimumversions.go).',
    remedy:
      'Convert with --gateway-api {since} or later, or move the entries to a VirtualService of their own.',
    example: 'tcp:\n- route:\n  - destination:\n      host: redis',
  },
  'tls-any-name': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a TLSRoute cannot take every name',
    why: 'Its hostnames are required, and `*` alone is none.',
    remedy: 'Name the hosts, with a wildcard as their first label where that helps.',
    example: 'tls:\n- match:\n  - sniHosts: ["*"]',
  },
  'sni-beyond-server': {
    severity: 'error',
    fate: 'unsupported',
    message: 'no server of Gateway {gateway} has the name {name}, which is let in all the same today',
    why: 'istiod looks for the names of a tls entry in every handshake at the port, whatever hosts the server lists; a TLSRoute only gets the names of its listeners.',
    remedy: 'Add the name to the hosts of the server, or write those names that are meant.',
    example: 'servers:\n- hosts: [a.example.com]\n---\ntls:\n- match:\n  - sniHosts: ["*.example.com"]',
  },
  'tls-on-waypoint': {
    severity: 'warning',
    fate: 'note',
    message: 'waypoints do not honour this route, sidecars do',
    why: 'A waypoint takes a TLSRoute only where its one hostname is {service}, as it does for tls entries today.',
    remedy: 'Nothing on sidecars.',
  },
  'tls-names-ignored': {
    severity: 'warning',
    fate: 'irrelevant',
    message:
      'the waypoint of Service {service} takes no connections by this, so it does nothing today and is dropped',
    why: 'A waypoint takes the first tls entry with a match whose one name is that of the Service, and no other (listener_waypoint.go, getWaypointTCPRoutes).',
    remedy: 'Write tcp entries if it was meant to apply.',
    example: 'tls:\n- match:\n  - sniHosts: [a.example.com, b.example.com]',
  },
  'connections-share-waypoint': {
    severity: 'warning',
    fate: 'note',
    message:
      'to an implementation that acts on the Gateway of waypoint {waypoint} the {route} is for connections to {others}, too',
    why: 'A TCPRoute names neither hosts nor ports, and a TLSRoute no ports: a Gateway as their parent cannot tell its Services apart, and of several routes takes the oldest. istiod acts on the Service, whose port is named.',
    remedy:
      'Convert with --attach service where istiod serves the waypoint; elsewhere give each of these ports a waypoint of its own.',
    example: 'ports:\n- {name: tcp-db, port: 5432}\n- {name: tcp-cache, port: 6379}',
  },
  'connections-share-waypoint-alone': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'attached to the Gateway of waypoint {waypoint} alone, the {route} would be for connections to {others}, too',
    why: 'A TCPRoute names neither hosts nor ports, and a TLSRoute no ports: a Gateway as their parent cannot tell its Services apart, and of several routes takes the oldest.',
    remedy:
      'Convert with --attach service, by which the route names the Service and its port; or give each of these ports a waypoint of its own.',
    example: 'ports:\n- {name: tcp-db, port: 5432}\n- {name: tcp-cache, port: 6379}',
  },
  'connection-export-to': {
    severity: 'error',
    fate: 'unsupported',
    message: 'that only clients in {namespaces} see it has no form for connections',
    why: 'On sidecars a TLSRoute or a TCPRoute is for clients of all namespaces, wherever it is (listener.go).',
    remedy: 'Set exportTo to "*" if every client may see it, or keep the VirtualService.',
    example: 'exportTo:\n- "."\ntcp:\n- route:\n  - destination:\n      host: redis',
  },
  'connection-match': {
    severity: 'error',
    fate: 'unsupported',
    message: 'TLSRoutes and TCPRoutes cannot match {field}',
    why: 'They tell connections by port and name only.',
    remedy: 'Use an AuthorizationPolicy where the match only guards, or keep the VirtualService.',
    example: 'tcp:\n- match:\n  - destinationSubnets: [10.1.0.0/16]',
  },
  'owned-by-controller': {
    severity: 'info',
    fate: 'note',
    message: 'it belongs to {owner} and stays as it is ({sign})',
    why: 'A controller writes or names this object at run time, so that a change of the manifest does not last.',
    remedy:
      'No action needed. To move it, let the controller use the Gateway API: Argo Rollouts by its Gateway API plugin, Flagger by `provider: gatewayapi:v1`.',
  },
  'duplicate-name': {
    severity: 'warning',
    fate: 'input',
    message: 'another document defines {kind} {name} too; each is converted as if the other were not there',
    why: 'A cluster has only one object of a kind, namespace and name, so that these are taken for alternatives.',
    remedy: 'Nothing for overlays. Else rename one, or convert the folders one by one.',
  },
  'not-proven': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the route would treat {request} otherwise: {before} before, {after} after',
    why: 'The conversion was tried out on requests before anything was written, and this difference was not meant.',
    remedy: 'Keep the VirtualService and report it, since this is a fault of vs2route.',
  },
  'waypoint-differs': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the waypoint of {host} applies what sidecars do not: {request} would end as {after} instead of {before} there',
    why: 'Labels send clients in ambient mode through the waypoint, which goes through all VirtualServices of a host one after the other; a sidecar takes the first.',
    remedy:
      'Convert with --from ambient where no client has a sidecar; or merge the VirtualServices of the host first.',
    example:
      'kind: Namespace\nmetadata:\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}',
  },
  'sidecars-differ': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'clients with sidecars apply less of the VirtualServices of {host} than its waypoint: {request} would end as {after} instead of {before} there',
    why: 'Labels of other Namespaces or pods say that there are sidecars. A sidecar takes the first VirtualService of a host; the waypoint goes through all of them, one after the other.',
    remedy:
      'Merge the VirtualServices of the host first; or convert with --from ambient where no client with a sidecar calls it.',
    example:
      '# and pods with sidecars elsewhere\nkind: Namespace\nmetadata:\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}',
  },
  'nothing-tried': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'no client, waypoint or gateway was found that sends requests to the hosts of the VirtualService',
    why: 'A conversion counts as proven only when requests were tried before and after. A Sidecar object can hide a host from every client.',
    remedy: 'Show the Sidecar objects that import the hosts; or delete the VirtualService if it has no use.',
    example:
      'kind: Sidecar\nmetadata: {name: default, namespace: istio-system}\nspec:\n  egress:\n  - hosts: [istio-system/*]',
  },
  'proof-sampled': {
    severity: 'info',
    fate: 'note',
    message: 'the proof tried {requests} requests, which is not every combination',
    why: 'There are too many combinations of paths, headers and parameters to try, or an expression could not be taken apart.',
    remedy: 'Nothing, or split the VirtualService.',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
