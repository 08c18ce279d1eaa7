import type { CatalogEntry } from '../catalog-entry.ts';

/** Where a VirtualService applies, and where its routes attach. */
export const attachCodes = {
  'host-not-a-service': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message:
      'host {host} is not a Service; today only sidecars route it, and only requests for exactly this name on port 80',
    why: 'A host with a dot is not completed, and istiod serves a host without a Service on port 80. Inside the mesh only NAME and NAME.NAMESPACE.svc.cluster.local name a Service.',
    remedy: 'Write {suggestion}, or remove the host.',
    example: 'hosts:\n- reviews.bookinfo   # matches no Service',
  },
  'host-not-in-registry': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message: 'host {host} is not a Service, and no ServiceEntry in the input has this host',
    why: 'Inside the mesh a route attaches to a Service or a ServiceEntry.',
    remedy:
      'Add the ServiceEntry with --with FILE, or write one. If only a gateway needs the host, remove `mesh` from gateways, or split the VirtualService in two.',
    example: 'hosts:\n- api.example.com',
  },
  'host-of-gateways-in-the-mesh': {
    severity: 'warning',
    fate: 'approximate',
    family: 'hosts',
    message:
      'the VirtualService routes clients inside the mesh that call {host} today; after the conversion their requests go where DNS says, or fail where outboundTrafficPolicy is REGISTRY_ONLY',
    why: 'Sidecars apply a VirtualService to any name that it lists. A route in the mesh needs a Service or a ServiceEntry.',
    remedy:
      'Let clients inside the mesh call a Service by its own name instead of {host}. Or write a ServiceEntry for {host}, and convert it too.',
    example: 'hosts:\n- reviews\n- reviews.example.com\ngateways:\n- mesh\n- istio-ingress/public',
  },
  'gateways-become-one': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'Gateways {gateways} become {target}, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'The VirtualServices have different entries for these Gateways today. On one Gateway all of them would apply.',
    remedy:
      'Map them to separate listeners with --gateway FROM=TO#LISTENER. Or make their entries equal first.',
    example:
      '# --gateway istio/public=infra/edge --gateway istio/private=infra/edge\nmatch:\n- gateways:\n  - istio/private',
  },
  'gateway-takes-no-route': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'Gateway {gateway} would not accept {route}, because {reason}. It would change {request}: today it {before}; after the conversion it {after}',
    why: 'A listener accepts only routes that fit its protocol, its hostname and its allowedRoutes.',
    remedy: 'Change the listeners of the Gateway, or name another one with --gateway FROM=TO#LISTENER.',
    example:
      '# --gateway istio/public=infra/edge\nkind: Gateway\nmetadata:\n  name: edge\n  namespace: infra\nspec:\n  listeners: # without allowedRoutes, for routes of namespace infra only\n  - name: http\n    port: 80\n    protocol: HTTP',
  },
  'host-is-an-address': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message: 'host {host} is an IP address, which a route does not allow',
    why: 'Hostnames of a route and names of Services are DNS names.',
    remedy: 'Use a DNS name, or keep the VirtualService.',
    example: 'hosts:\n- 10.0.0.1',
  },
  'host-not-a-hostname': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message: 'host {host} is not a valid hostname of a route',
    why: 'Hostnames of a route are DNS names. A wildcard is allowed only as the whole first label.',
    remedy: 'List the names, or use a wildcard for the whole first label.',
    example: 'hosts:\n- "*-staging.example.com"\ngateways:\n- istio-ingress/public',
  },
  'placeholder-kept': {
    severity: 'info',
    fate: 'note',
    family: 'hosts',
    message: '{text} is in {field} with its placeholders, which are filled in as before',
    why: 'envsubst, postBuild of Flux and similar tools fill in whole files. A route gets the same values as the VirtualService.',
    remedy: 'No action needed if the value is {limit}.',
    example: 'hosts:\n- songs.${DOMAIN}\ngateways:\n- istio-ingress/public',
  },
  'host-taken-as-short': {
    severity: 'warning',
    fate: 'note',
    family: 'hosts',
    message:
      'the value of {host} is not known, and the route takes it as the short name of a Service, without a dot',
    why: 'parentRefs of the route name the Service, and only a short name is valid there. With a full name the API server refuses the route.',
    remedy:
      'No action needed if the value is a short name, such as `reviews`. For a full name, write `NAME.NAMESPACE.svc.cluster.local` with a placeholder for each part, or pass the Service with `--with FILE`.',
    example: 'hosts:\n- ${APP}',
  },
  'host-taken-as-whole': {
    severity: 'warning',
    fate: 'note',
    family: 'hosts',
    message: 'the value of {host} is not known, and the route takes it as a full name, with a dot',
    why: 'The value becomes a hostname of the route, and istiod does not complete hostnames of routes.',
    remedy:
      'No action needed if the value is a domain, such as `songs.example.com`. For the short name of a Service, write `NAME.NAMESPACE.svc.cluster.local`.',
    example: 'hosts:\n- ${DOMAIN}\ngateways:\n- istio-ingress/public',
  },
  'host-without-services': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message: 'no Service in the input matches {host}',
    why: 'A wildcard becomes a parentRef for each Service that it matches.',
    remedy: 'Add the Services to the input, as paths or with --with FILE.',
    example: 'hosts:\n- "*.bookinfo.svc.cluster.local"',
  },
  'host-left-to-others': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message: 'each Service in the input that matches {host} is left to a closer VirtualService or route',
    why: 'Sidecars ask the closest one alone (sidecar.go, computeWildcardHostVirtualServiceIndex). The wildcard may still have Services that are not in the input.',
    remedy:
      'Add the other Services to the input, as paths or with --with FILE. If there are none, delete the VirtualService.',
    example: 'hosts:\n- "*.bookinfo.svc.cluster.local"   # other VirtualServices name each Service',
  },
  'host-wildcard-expanded': {
    severity: 'warning',
    fate: 'note',
    family: 'hosts',
    message: 'host {host} becomes a parentRef for each matching Service: {services}',
    why: 'A route lists its Services by name. Services that are created later are not included.{unnamed}',
    remedy: 'When a matching Service is created later, add it to the parentRefs of the route.',
    example: 'hosts:\n- "*.bookinfo.svc.cluster.local"',
  },
  'service-entry-hosts': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message:
      'the route would also apply to {host} of ServiceEntry {serviceEntry}. It would change {request}: today it {before}; after the conversion it {after}',
    why: 'A route attached to a ServiceEntry applies to each of its hosts. The VirtualService does not list this one.',
    remedy: 'Split the ServiceEntry: one for the hosts of the VirtualService, one for the other hosts.',
    example: 'hosts:\n- stream.example.com\n- archive.example.com   # in no VirtualService',
  },
  'version-under-wildcard': {
    severity: 'info',
    fate: 'approximate',
    family: 'hosts',
    message:
      'wildcard host {host} also matches {service}, the Service that an earlier stage wrote for a subset; the route will not apply to that name',
    why: 'A VirtualService with a wildcard host applies to each Service that is created later. A route lists its Services by name.',
    remedy:
      'No action needed if no client calls {service} by its name. Else add it to the parentRefs of the route.',
    example:
      '# converted with --stage 2, after --stage 1 wrote Service reviews-v1\nhosts:\n- "*.bookinfo.svc.cluster.local"\nhttp:\n- route:\n  - destination: {host: reviews, subset: v1}',
  },
  'host-of-several-objects': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message:
      '{host} is a host of {objects}. The route for {own} would change {request}: today it {before}; after the conversion it {after}',
    why: 'A client uses the objects of its own namespace, else one that is exported to it. A route applies only to clients that use the object it is attached to, and to the ports of that object.',
    remedy:
      'Export the VirtualService only to the namespace of {own}, with exportTo ".". Or write one Service or ServiceEntry for the host and all its ports.',
    example:
      'kind: ServiceEntry\nmetadata:\n  namespace: shop   # and another one in namespace pay\nspec:\n  hosts:\n  - api.example.com',
  },
  'host-left-out': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message:
      '{closer} names {host}, so {wildcard} becomes no route for it. It does not apply to {clients}, and {request} would change: today it {before}; after the conversion it {after}',
    why: 'A sidecar applies the object that names a host most exactly, of those that its client sees. For other clients the wildcard host applies today.',
    remedy:
      'Let {closer} apply to {clients} by exportTo or by the egress hosts of their Sidecar, if it may. Else write a VirtualService for {host} with the rules of this one.',
    example:
      'hosts:\n- "*.shop.svc.cluster.local"   # and a VirtualService with exportTo "." for a.shop.svc.cluster.local',
  },
  'wildcard-service-entry': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message: 'a route for wildcard host {host} of a ServiceEntry has no effect on sidecars',
    why: 'istiod supports wildcard hosts of routes on waypoints only (route.go, separateVSHostsAndServices).',
    remedy:
      'If waypoints apply the VirtualService, convert with --from ambient. Else keep the VirtualService.',
  },
  'port-not-http': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'unused',
    message:
      'no port of Service {service} carries HTTP: the http entries have no effect today and are left out',
    why: 'istiod applies http entries to ports whose name or appProtocol says HTTP, or says nothing.',
    remedy:
      'If a port carries HTTP, name it http, http2 or grpc, or set its appProtocol. Else no action needed.',
    example: 'ports:\n- name: tcp-reviews\n  port: 9080',
  },
  'port-80-of-others': {
    severity: 'info',
    fate: 'approximate',
    family: 'hosts',
    message:
      '{service} has no port 80: today sidecars route requests to this port by the VirtualService, and after the conversion they will not',
    why: 'A sidecar that has HTTP on port 80 for any other host applies all VirtualServices there (route.go). A route applies only to ports that its Service has.',
    remedy: 'No action needed if no client calls {service} on port 80. Else add port 80 to it.',
    example: 'hosts:\n- reviews   # Service reviews has port 9080 only, and some other Service has port 80',
  },
  'port-of-another-host': {
    severity: 'info',
    fate: 'approximate',
    family: 'hosts',
    message:
      '{service} has no port {port}: today sidecars route requests to this port by the VirtualService, and after the conversion they will not',
    why: 'If a VirtualService has several hosts, sidecars apply it at all ports that one of the hosts has. Port {port} is a port of {others} (route.go). A route applies only to ports that its Service has.',
    remedy: 'No action needed if no client calls {service} on port {port}. Else add port {port} to it.',
    example:
      'hosts:   # Service ratings has port 9080 only, and Service reviews has port 8081\n- reviews\n- ratings',
  },
  'routes-together': {
    severity: 'warning',
    fate: 'note',
    family: 'hosts',
    message:
      'the routes {routes} for Service {service} have to be applied together: as soon as one of them is there, the wildcard host does not match the requests of the others',
    why: 'A sidecar applies no wildcard host to a Service that a route names (sidecar.go).',
    remedy:
      'Apply these routes by one kubectl apply command, when few requests are sent. With Argo CD or Flux, put them in one commit.',
    example:
      'hosts:\n- "*.bookinfo.svc.cluster.local"\nhttp:   # Service reviews has the ports 9080 and 9090\n- match:\n  - port: 9080\n  route:\n  - destination: {host: reviews}',
  },
  'service-not-exported': {
    severity: 'info',
    fate: 'approximate',
    family: 'visibility',
    message:
      'clients in namespaces that {service} is not exported to send requests to its port {port} by the VirtualService today; the route will not match them',
    why: 'A sidecar that does not know a Service applies a VirtualService to its name: at port 80, and at the ports of the other hosts (route.go). A route applies where its Service is known.',
    remedy: 'No action needed if these clients do not call {service}. Else export it to their namespaces.',
    example:
      '# Service ratings has the annotation networking.istio.io/exportTo: "."\nhosts:\n- reviews\n- ratings',
  },
  'route-namespace-moved': {
    severity: 'warning',
    fate: 'note',
    family: 'visibility',
    message: 'the route is written to namespace {namespace}, the one of Service {service}',
    why: 'istiod applies a route in another namespace only to clients of that namespace, and waypoints ignore it.',
    remedy: 'Check that the owner of namespace {namespace} agrees, and that the route is applied there.',
    example: 'metadata:\n  namespace: frontend\nspec:\n  hosts:\n  - reviews.bookinfo.svc.cluster.local',
  },
  'envoy-filter-route': {
    severity: 'error',
    fate: 'unsupported',
    family: 'extensions',
    message: 'EnvoyFilter {filter} patches route {route}, whose name would change',
    why: 'Envoy names a route by its http entry and match. A Gateway API rule needs a unique DNS name for all its matches.',
    remedy:
      'Give the entry a unique name of lower-case letters, digits and dashes, and remove the names of its matches. Use the name in the EnvoyFilter.',
    example:
      '# of the EnvoyFilter: applyTo: HTTP_ROUTE, match.routeConfiguration.vhost.route.name: Checkout\nhttp:\n- name: Checkout\n  route:\n  - destination: {host: reviews}',
  },
  'envoy-filter-cluster': {
    severity: 'error',
    fate: 'unsupported',
    family: 'extensions',
    message:
      'EnvoyFilter {filter} patches the Envoy cluster of subset {subset} of {host}; after the conversion requests would use another cluster, without the patch',
    why: 'Envoy names this cluster outbound|PORT|{subset}|{host}. A route cannot name subsets, so another Service replaces the subset, and its cluster has another name.',
    remedy: '{fix}',
    example:
      '# of the EnvoyFilter: applyTo: CLUSTER, match.cluster: {service: reviews.bookinfo.svc.cluster.local, subset: v1}\nroute:\n- destination:\n    host: reviews\n    subset: v1',
  },
  'sidecar-egress': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message:
      'clients of Sidecar {sidecar} see Service {host}; the VirtualService {today}, {afterwards}, because the route is in namespace {namespace}',
    why: 'Egress hosts of a Sidecar name namespaces and hosts. A route in another namespace than the VirtualService is seen by other clients.',
    remedy:
      'Add {host} for both namespaces to the egress hosts of the Sidecar, or for neither. Or move the VirtualService to namespace {namespace} first.',
    example:
      '# VirtualService reviews is in namespace frontend, Service reviews in namespace bookinfo\nkind: Sidecar\nspec:\n  egress:\n  - hosts: [bookinfo/*]',
  },
  'sidecar-egress-by-name': {
    severity: 'warning',
    fate: 'approximate',
    family: 'visibility',
    message:
      'workloads with Sidecar {sidecar} do not see Service {host}; the VirtualService routes their requests to this host today, and the route will not',
    why: 'A workload that sees a VirtualService gets routes for all its hosts, even without their Services. A route needs its Service.',
    remedy: 'Add {host} to the egress hosts of the Sidecar if its clients should call it.',
    example:
      '# VirtualService reviews names the hosts reviews and ratings\nkind: Sidecar\nspec:\n  egress:\n  - hosts: [bookinfo/reviews.bookinfo.svc.cluster.local]',
  },
  'sidecar-destination': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message:
      'sidecars in namespace {namespace} have no cluster for {host} {when}; the conversion would change {request}: today it {before}; after the conversion it {after}',
    why: 'istiod gives a sidecar clusters for what its Sidecar takes in, and for the destinations of VirtualServices and routes there. It skips an entry whose matches name only other namespaces as sourceNamespace.',
    remedy:
      'Add {host} to the egress hosts of the Sidecar if these clients should reach it. Else write an entry of its own for each sourceNamespace.',
    example:
      '# a client in namespace web with a Sidecar\nhttp:\n- match:\n  - headers:\n      x-beta:\n        exact: "1"\n  - uri:\n      prefix: /beta/\n    sourceNamespace: labs\n  route:\n  - destination:\n      host: beta.labs.svc.cluster.local',
  },
  'waypoint-destination': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message:
      'the waypoint has no cluster for {host}, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'A waypoint has clusters for the Services behind it, and for destinations that are exported to its namespace. Without one a VirtualService returns 503, and a route 500.',
    remedy: 'Export {host} to the namespace of the waypoint, or remove the destination.',
    example:
      '# VirtualService reviews is in namespace bookinfo, like the waypoint\nkind: Service\nmetadata:\n  name: ratings\n  namespace: stars\n  annotations:\n    networking.istio.io/exportTo: .',
  },
  'waypoint-loses-cluster': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message:
      'the waypoint would lose its cluster for {host}, which {other} needs for {request}: today it {before}; after the conversion it {after}',
    why: 'A waypoint has clusters for the Services behind it, and for destinations of VirtualServices and routes that name one of these without a wildcard. Only what is converted here does that for this destination.',
    remedy:
      'Write {name} in place of the wildcard in {other}, which brings the cluster along. Or keep this VirtualService.',
    example:
      '# Service api is not behind the waypoint of web, and subset v2 becomes Service api-v2\nkind: VirtualService\nmetadata: {name: web}\nspec:\n  hosts: [web]\n  http:\n  - route:\n    - destination: {host: api.front.svc.cluster.local, subset: v2}\n---\nkind: VirtualService\nmetadata: {name: partners}\nspec:\n  hosts: ["*.example"]\n  http:\n  - route:\n    - destination: {host: api.front.svc.cluster.local}',
  },
  'subset-not-seen': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message:
      '{place} does not see subset {subset} of {host}, and the Service that replaces the subset is there for all clients. This would change {request}: today it {before}; after the conversion it {after}',
    why: 'A proxy has the subsets of DestinationRules that are exported to its namespace. It returns 503 for the share of requests that goes to any other subset.',
    remedy: 'Export the DestinationRule to the namespace of the proxy, or remove the destination.',
    example:
      '# the gateway is in namespace edge\nkind: DestinationRule\nmetadata: {name: reviews, namespace: bookinfo}\nspec:\n  host: reviews\n  exportTo: ["."]\n---\nhttp:\n- route:\n  - destination: {host: reviews, subset: v1}\n    weight: 80\n  - destination: {host: ratings}\n    weight: 20',
  },
  'export-to-narrowed': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message: 'a portable route for Service {service} cannot be limited to clients in namespace {namespace}',
    why: 'The limit needs a route in the namespace of these clients, which implementations need not support.',
    remedy:
      'Convert with --profile istio, or set exportTo to "*" if every client may see it. Else keep the VirtualService.',
    example: 'exportTo:\n- staging',
  },
  'export-to-widened': {
    severity: 'warning',
    fate: 'approximate',
    family: 'visibility',
    message:
      'the VirtualService is exported to {namespaces} only; its route for Service {service} also applies to clients in other namespaces, for example {request}',
    why: 'A route in the namespace of its Service applies to all clients.',
    remedy: 'Set exportTo to "*" if every client may see it, or keep the VirtualService.',
    example: 'exportTo:\n- "."',
  },
  'export-to-gateway-pods': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message:
      'the VirtualService is exported to {namespaces} only, and it is not known whether the pods of Istio Gateway {gateway} ({pods}) run there',
    why: 'The Service of these pods is not found in the input. If the pods do not see the VirtualService, the route would serve requests that the gateway does not serve today.',
    remedy:
      'Add the Service of the pods with --with FILE. Or set exportTo to "*" if the gateway sees the VirtualService.',
    example: 'gateways: [edge]\nexportTo: ["."]   # and the pods run in istio-system',
  },
  'gateway-pods-elsewhere': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message:
      'the namespace of the pods of Istio Gateway {gateway} is not known. If it is {namespace}, the conversion changes {request}: today it {before}; after the conversion it {after}',
    why: 'The Service of these pods is not found in the input. A gateway uses only VirtualServices, DestinationRules and Services that its namespace sees: it may see others of them in {namespace}.',
    remedy:
      'Keep the pods with --gateway-service NAMESPACE/NAME of the Service that selects {pods}. Or add that Service with --with FILE, which tells their namespace.',
    example:
      'kind: DestinationRule\nmetadata: {name: wide, namespace: shop}   # the Gateway is in shop, its pods may not be\nspec: {host: "*.local"}',
  },
  'export-to-misses-gateway': {
    severity: 'error',
    fate: 'needs-input',
    family: 'visibility',
    message:
      'exportTo does not export the VirtualService to namespace {namespace} of Gateway {gateway}, but only to {namespaces}; if the gateway pods run in {namespace}, this Gateway does not use it',
    why: 'A gateway sees VirtualServices that are exported to the namespace of its pods.',
    remedy:
      'Add the namespace of the gateway pods to exportTo. Or delete this Gateway from `gateways` of the VirtualService.',
    example: 'exportTo:\n- "."\ngateways:\n- istio-ingress/public',
  },
  'consumer-route': {
    severity: 'info',
    fate: 'note',
    family: 'visibility',
    message: 'clients in namespace {namespace} get their own route for Service {service}, in their namespace',
    why: 'A route in another namespace than its Service applies only to clients of that namespace, and replaces the other route for them.',
    remedy: 'Tell the owners of namespace {namespace} that a route is written there.',
    example: 'match:\n- sourceNamespace: staging',
  },
  'consumer-route-at-waypoint': {
    severity: 'warning',
    fate: 'note',
    family: 'visibility',
    message:
      'waypoint {waypoint} ignores the route that is written for clients in namespace {namespace}; through it they get the route of Service {service} instead',
    why: 'exportTo or sourceNamespace limits rules to these clients, so they need a route in their namespace. A waypoint applies only routes of its own namespace and of the Service (listener_waypoint.go).',
    remedy: 'Keep sidecars in {namespace}, or send a header from its clients and match that.',
  },
  'export-to-of-the-mesh': {
    severity: 'error',
    fate: 'unsupported',
    family: 'visibility',
    message: 'MeshConfig sets {setting} to {value}, {effect}',
    why: 'istiod applies this default to objects without exportTo. Routes have no exportTo, so the default of VirtualServices holds for all of them.',
    remedy: '{remedy} Then convert again.',
    example: '# MeshConfig\ndefaultVirtualServiceExportTo:\n- "."',
  },
  'root-namespace-contradicted': {
    severity: 'error',
    fate: 'needs-input',
    family: 'visibility',
    message: '{counts} contradicts {setting} {value} of {object}',
    why: 'DestinationRules, Sidecars, EnvoyFilters and policies of the root namespace apply to the whole mesh, so a conversion depends on its name.',
    remedy:
      'Remove --root-namespace, so that MeshConfig decides. If two MeshConfigs differ, leave out the one of another cluster or revision with --exclude.',
    example: '# converted with --root-namespace istio-config\nmesh: |\n  rootNamespace: istio-system',
  },
  'waypoint-does-not-see': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'waypoints',
    message:
      'no route is written, because this VirtualService has no effect today: the waypoint of Service {service}, in namespace {waypoint}, does not see it',
    why: 'A waypoint applies VirtualServices of its own namespace and of the Service, if they are exported to it (listener_waypoint.go).',
    remedy:
      'Move the VirtualService to the namespace of the Service if it should apply. Else no action needed.',
  },
  'read-by-sidecars-alone': {
    severity: 'error',
    fate: 'unsupported',
    family: 'waypoints',
    message:
      'clients with sidecars follow this VirtualService, and the waypoint of Service {service}, in namespace {waypoint}, does not see it',
    why: 'A waypoint applies VirtualServices of its own namespace and of the Service. A route of the Service would apply at the waypoint, too.',
    remedy:
      'Keep the VirtualService until no client has a sidecar. Or move it to the namespace of the Service if it should apply to all clients.',
    example:
      '# namespace shop is in ambient mode and has a waypoint; namespace web has sidecars\nmetadata: {name: cart, namespace: web}\nspec:\n  hosts: [cart.shop.svc.cluster.local]',
  },
  'no-waypoint': {
    severity: 'info',
    fate: 'note',
    family: 'waypoints',
    message: 'no waypoint is found for {service}, so the route is attached to the Service only',
    why: 'Sidecars apply this route. In ambient mode only a waypoint applies it; label istio.io/use-waypoint names the waypoint.',
    remedy:
      'No action needed for sidecars. In ambient mode, set the label, pass --waypoint NAME, or create one with --create-waypoints.',
  },
  'from-contradicts-labels': {
    severity: 'error',
    fate: 'needs-input',
    family: 'waypoints',
    message:
      '--from {from} contradicts label {label} of {object}: {proxy} the VirtualServices of Service {service}',
    why: 'Sidecars and waypoints apply different parts of a VirtualService.',
    remedy: 'Remove --from, so that the labels decide for each Service. If the label is wrong, correct it.',
    example:
      '# converted with --from sidecar\nkind: Namespace\nmetadata:\n  name: bookinfo\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}',
  },
  'namespace-is-ambient': {
    severity: 'info',
    fate: 'note',
    family: 'waypoints',
    message:
      'Namespace {namespace} is ambient, and {waypoint}, so the VirtualService is converted for sidecars',
    why: 'In an ambient namespace, VirtualServices and routes apply only at a waypoint, or for clients that have a sidecar.',
    remedy:
      'If the Service has a waypoint of class istio-waypoint in the cluster, convert with --from ambient. No action needed if its clients have sidecars. With neither, nothing applies the VirtualService today, nor the route.',
  },
  'waypoint-parent-alone': {
    severity: 'warning',
    fate: 'note',
    family: 'waypoints',
    message: 'the route is attached to waypoint {waypoint} only, which Istio ignores',
    why: 'istiod applies routes that are attached to a Service. A waypoint as the parent is for other implementations.',
    remedy: 'Convert with --attach both, unless another implementation runs the waypoint.',
    example: 'parentRefs:\n- group: gateway.networking.k8s.io\n  kind: Gateway\n  name: waypoint',
  },
  'waypoint-without-label': {
    severity: 'info',
    fate: 'note',
    family: 'waypoints',
    message: 'neither Service {service} nor its Namespace has a label that names waypoint {waypoint}',
    why: 'Requests go through the waypoint that label istio.io/use-waypoint names. Without the label only sidecars apply the route.',
    remedy:
      'Set label istio.io/use-waypoint: {name} on the Service or its Namespace. --create-waypoints sets it on Services in the converted files.',
  },
  'waypoint-not-for-services': {
    severity: 'warning',
    fate: 'note',
    family: 'waypoints',
    message:
      'waypoint {waypoint} will ignore the route of Service {service}, because label istio.io/waypoint-for of the waypoint is {traffic}',
    why: 'A waypoint applies routes only to traffic for Services. The label takes the values service, workload, all and none.',
    remedy:
      'Set label `istio.io/waypoint-for: service` on Gateway {waypoint}, or `all` if it serves workloads too.',
  },
  'waypoint-is-east-west': {
    severity: 'error',
    fate: 'unsupported',
    family: 'waypoints',
    message: '{named} names Gateway {waypoint}, an east-west gateway, which does not apply routes',
    why: 'East-west gateways forward connections between networks.',
    remedy: 'Write the name of a Gateway of class istio-waypoint in the label or flag.',
  },
  'waypoint-canary': {
    severity: 'error',
    fate: 'unsupported',
    family: 'waypoints',
    message:
      'Service {service} names canary waypoint {waypoint}, which is not found in the input as a waypoint of class istio-waypoint',
    why: 'A share of the connections uses the canary waypoint. It may apply the route and not the VirtualService.',
    remedy:
      'Add its Gateway to the input. Or end the canary first: remove label istio.io/use-waypoint-canary.',
    example:
      'kind: Service\nmetadata:\n  labels: {istio.io/use-waypoint: wp, istio.io/use-waypoint-canary: wp-next}',
  },
  'waypoint-of-another-proxy': {
    severity: 'error',
    fate: 'unsupported',
    family: 'waypoints',
    message:
      'waypoint {waypoint} of Service {service} has class {class}, which ignores VirtualServices: the waypoint does not apply this one today',
    why: 'Only class istio-waypoint applies VirtualServices, DestinationRules and Istio policies. This waypoint would apply the route.',
    remedy:
      'If clients have sidecars, convert with --from sidecar. If nothing uses the VirtualService, delete it. If the waypoint should apply it, write the route by hand.',
    example:
      'kind: Gateway\nmetadata:\n  labels: {istio.io/waypoint-for: service}\nspec:\n  gatewayClassName: istio-agentgateway-waypoint',
  },
  'waypoint-starts-to-route': {
    severity: 'warning',
    fate: 'approximate',
    family: 'waypoints',
    message:
      'waypoint {waypoint} of Service {service} has class {class}: it ignores the VirtualService today and will apply the route',
    why: 'Clients without sidecars are not routed by this VirtualService today. vs2route compared only requests of sidecars.',
    remedy:
      'Test requests of clients without sidecars before you apply the route. This class also ignores Istio policies and DestinationRules: if these clients need them, write policies of the Gateway API or of the class.',
    example:
      'kind: Gateway\nmetadata:\n  labels: {istio.io/waypoint-for: service}\nspec:\n  gatewayClassName: istio-agentgateway-waypoint',
  },
  'gateway-of-another-proxy': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message: 'Gateway {target} has class {class}, which is not served by the Envoy of istiod',
    why: 'DestinationRules, AuthorizationPolicies, EnvoyFilters and other objects of Istio do not apply there. vs2route compared the requests as istiod routes them.',
    remedy:
      'Check the requests at {target} before clients are sent there, or name a Gateway of class istio. `--profile portable` keeps to what the specification promises.',
    example:
      '# --gateway infra/edge=infra/agents\nkind: Gateway\nspec:\n  gatewayClassName: istio-agentgateway',
  },
  'gateway-class-not-known': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'Gateway {target} has class {class}, which is no class of Istio, and no GatewayClass of the input says that istiod serves it',
    why: 'vs2route compared the requests as istiod routes them. Another implementation can order rules and read regular expressions in another way, and objects of Istio do not apply there.',
    remedy:
      'If istiod serves the class, add its GatewayClass with `--with FILE`. Else convert with the profile of the implementation, such as `--profile envoy-gateway`, or with `--profile portable`.',
    example:
      '# --gateway infra/edge=infra/cloud\nkind: Gateway\nspec:\n  gatewayClassName: cloud-load-balancer',
  },
  'waypoint-is-a-gateway': {
    severity: 'warning',
    fate: 'note',
    family: 'waypoints',
    message:
      '{named} names Gateway {waypoint}, which is not a waypoint; the route is attached to Service {service} only',
    why: 'Only Gateways of class istio-waypoint, or of a class with the same controller, are waypoints.',
    remedy:
      'Write the name of a Gateway of class istio-waypoint in the label or flag. If sidecars apply the route, remove the label or flag.',
  },
  'gateway-not-shown': {
    severity: 'warning',
    fate: 'note',
    family: 'not-found',
    message:
      'Istio Gateway {gateway} is not found in the input; the route is attached to Gateway {target}, which must exist',
    why: 'A route attaches to a Gateway of the Gateway API.',
    remedy:
      'Add the Istio Gateway to the input, as a path or with --with FILE. Or name the Gateway that replaces it: --gateway {gateway}=NAMESPACE/NAME.',
    example: 'gateways:\n- istio-ingress/public',
  },
  'gateway-shares-no-host': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'unused',
    message:
      'no server of Istio Gateway {gateway} accepts host {hosts} from namespace {namespace}, so the VirtualService has no effect there today; the route is not attached to it',
    why: 'A server serves hosts that are in its own list and in the VirtualService. NAMESPACE/HOST in that list admits only VirtualServices of that namespace.',
    remedy:
      'Correct `hosts` of the VirtualService or of the server. If the Gateway is not needed, delete it from `gateways`.',
  },
  'host-case-differs': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message:
      'host {host} and host {served} of Istio Gateway {gateway} differ in capitals; the gateway does not serve it today, and would serve its route',
    why: 'istiod compares these hosts as they are written. Hostnames of the Gateway API have no capitals.',
    remedy:
      'If the gateway should serve the host, write both without capitals. Else delete it from the VirtualService.',
    example: 'servers:\n- hosts: [Shop.example.com]\n---\nhosts:\n- shop.example.com',
  },
  'host-in-capitals': {
    severity: 'error',
    fate: 'unsupported',
    family: 'hosts',
    message:
      'host {host} has capitals; {who} do not apply the VirtualService to it today, and would apply its route',
    why: 'istiod compares hosts as they are written. Only for HTTP requests to a host without a wildcard, sidecars ignore capitals.',
    remedy: 'If the VirtualService should apply, write the host without capitals. Else delete the host.',
    example: 'hosts:\n- Shop.web.svc.cluster.local',
  },
  'behind-https-redirect': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'port {port} of Istio Gateway {gateway} redirects all requests to https, except those that a trusted proxy received as https; a route cannot express this exception',
    why: 'With httpsRedirect Envoy redirects http requests, except those with X-Forwarded-Proto: https from a trusted proxy. A RequestRedirect ignores that header.',
    remedy:
      'If no proxy in front is trusted, convert with --trusted-proxies 0. Else let the load balancer redirect, then delete httpsRedirect from the Gateway.',
    example:
      '# the only server for the host\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  tls: {httpsRedirect: true}',
  },
  'nothing-to-attach': {
    severity: 'error',
    fate: 'unsupported',
    family: 'unused',
    message: 'the VirtualService has no effect today, so there is nothing to convert',
    why: 'None of its hosts and gateways serves requests, or none of its entries matches a request.',
    remedy:
      'Delete the VirtualService if it has no use. Else correct its hosts, gateways or entries; the other messages about it say which.',
  },
  'matches-no-request': {
    severity: 'error',
    fate: 'unsupported',
    family: 'unused',
    message: 'no entry of the VirtualService matches a request, so that requests to its hosts get 404 today',
    why: 'A VirtualService has its hosts to itself. A request that none of its entries matches gets 404.',
    remedy:
      'Correct the matches; the other messages about it say what is wrong. If it is deleted, the requests go to the Service of the host.',
    example:
      'hosts: [reviews]\nhttp:\n- match:\n  - uri:\n      exact: reviews   # no path begins without a slash\n  route: [...]',
  },
  'host-is-an-alias': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message: 'host {host} is another name of {service}, which VirtualService {other} claims',
    why: 'A sidecar gives the names of an ExternalName Service to the older one of both (httproute.go, dedupeDomains). Their routes come in another order, and clients in the namespace of a route ask that one first.',
    remedy: 'If both may say the same, name both hosts in one VirtualService. Else keep both.',
    example:
      '# Service legacy: type: ExternalName, externalName: reviews.bookinfo.svc.cluster.local\nhosts: [legacy]   # another VirtualService has hosts: [reviews]',
  },
  'host-claimed-for-others': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message: 'host {host} is also claimed by VirtualService {other}, for other clients',
    why: 'By exportTo or a Sidecar some clients see only the other one. Routes of a Service apply to all of its clients.',
    remedy: 'If all clients may get the same rules, merge both into one VirtualService. Else keep both.',
    example: '# one of two VirtualServices for the host reviews\nexportTo:\n- "."',
  },
  'host-claimed-twice': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message:
      'host {host} is also claimed by VirtualService {other}, and it is not known which of the two is older',
    why: 'A sidecar applies only the older VirtualService of a host. At gateways the older one takes precedence.',
    remedy:
      'Merge the two into one VirtualService. Or add metadata.creationTimestamp to both, as `kubectl get -o yaml` prints it.',
  },
  'gateway-order-not-known': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message:
      'VirtualService {other} matches the same requests for {host} by Istio Gateway {rival}, and it is not known whether {gateway} or {rival} is older',
    why: 'Istio Gateways with the same pods serve the entries of one host one Gateway after the other, the older Gateway first. The ages of the VirtualServices do not matter.',
    remedy:
      'Add metadata.creationTimestamp to both Istio Gateways, as `kubectl get -o yaml` prints it. Or bind both VirtualServices to one of them.',
    example:
      '# Gateways edge and public have the selector istio: ingressgateway\nkind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  gateways: [edge] # and another one with gateways: [public]\n  http:\n  - match: [{uri: {exact: /cart}}]',
  },
  'catch-all-claimed-twice': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message:
      'VirtualService {other} also matches all requests for {host}, and it is not known which of the two is older',
    why: 'At gateways the older VirtualService gets these requests. The entry that matches all requests in the younger one gets none.',
    remedy:
      'Delete the entry that matches all requests from the younger VirtualService. Or add metadata.creationTimestamp to both, as `kubectl get -o yaml` prints it.',
    example:
      '# in two VirtualServices of one gateway and host\nhttp:\n- route:\n  - destination:\n      host: shop',
  },
  'host-claimed-elsewhere': {
    severity: 'warning',
    fate: 'approximate',
    family: 'claims',
    message:
      'other VirtualServices also claim hosts of this one: {others}; each is converted as its own environment',
    why: 'In one cluster one of them decides, or their entries are merged. Files without a common kustomization look like different environments.',
    remedy:
      'No action needed for environments. If the files are deployed to one cluster, list them in one kustomization, and convert again.',
  },
  'defined-twice-beside': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message:
      'the routes of this VirtualService would differ between {first} and {second}, which define the same object',
    why: 'Both documents define one object, and a cluster has only one of them. The manifests do not tell which.',
    remedy:
      'Exclude the document that is not in the cluster: --exclude {first} or --exclude {second}. Else move it to a folder of its own.',
    example:
      '# rule-strict.yaml and rule-plain.yaml in one folder\nkind: DestinationRule\nmetadata:\n  name: reviews',
  },
  'differs-by-environment': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message: 'the result for this VirtualService would differ between {first} and {second}',
    why: 'Two documents define one object that it uses, or two environments deploy it. A cluster has only one of them.',
    remedy:
      'Convert one environment at a time, or exclude the document that is not in the cluster with --exclude FILE.',
    example:
      '# rule-strict.yaml and rule-plain.yaml in one folder\nkind: DestinationRule\nmetadata:\n  name: reviews',
  },
  'route-of-unknown-age': {
    severity: 'error',
    fate: 'needs-input',
    family: 'claims',
    message:
      '{route} is attached to {host}, a host of this VirtualService, and it is not known which of the two is older',
    why: 'A sidecar applies only the older of a VirtualService and a route. At a waypoint the older one takes precedence.',
    remedy:
      'If an earlier run wrote the route, convert with the flags of that run. Else delete the VirtualService or the route, whichever you do not want. Or add metadata.creationTimestamp to both, as `kubectl get -o yaml` prints it.',
    example:
      'kind: HTTPRoute\nspec:\n  parentRefs:\n  - group: ""\n    kind: Service\n    name: reviews   # a host of a VirtualService, too',
  },
  'invalid-object-used': {
    severity: 'error',
    fate: 'unsupported',
    family: 'refused',
    message: '{object}, which this VirtualService uses, is not valid',
    why: 'The API server or istiod refuses it, so the cluster has no such object or an older one. Or a placeholder stands for one of its values.',
    remedy: 'Correct the errors of {object}, and convert again.',
    example:
      'kind: DestinationRule\nspec:\n  host: reviews\n  subsets:\n  - nmae: v1   # no name: the API server refuses the object',
  },
  'host-owned-by-another': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'claims',
    message:
      'host {host} belongs to VirtualService {other}, which comes first, so this one has no effect for it',
    why: 'A sidecar applies only one VirtualService of a host. First come those of its own namespace that some namespaces see, then others that some namespaces see, then those for everybody; among equals the oldest.',
    remedy: 'Merge them into one if these entries should apply. Else no action needed.',
  },
  'connections-owned-by-another': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'claims',
    message:
      'connections to {host} belong to VirtualService {other}, which comes first, so the tls and tcp entries of this one have no effect for them',
    why: 'A proxy takes connections by one VirtualService only: one that some namespaces see before one for everybody, and among equals the oldest.',
    remedy: 'Merge them into one if these entries should apply. Else no action needed.',
  },
  'same-rules-twice': {
    severity: 'info',
    fate: 'irrelevant',
    family: 'claims',
    message: 'VirtualService {other} has the same entries for host {host}; one route replaces both',
    why: 'A sidecar applies only the older one. Both do the same.',
    remedy: 'No action needed.',
  },
  'gateways-share-a-host': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'host {host} at port {port} is served by Gateways {gateways} together; the new Gateways would not share their routes',
    why: 'Istio Gateways with the same pods merge the entries of all their VirtualServices. New Gateways have separate addresses. Here a route cannot be attached to all of them: one of them redirects to https, does not admit the namespace of a VirtualService, serves another host of it as well, or is not converted.',
    remedy:
      'Bind all VirtualServices of this host to one Istio Gateway first. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example:
      '# Gateways edge and public have the selector istio: ingressgateway\nkind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  gateways: [edge] # and another one with gateways: [public]',
  },
  'gateways-merge-by-age': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'host {host} at port {port} is served by Gateways {gateways} together; the new Gateways would merge their routes in the order in which they are created',
    why: 'Gateways on the same pods serve the routes of one host one Gateway after the other, the older Gateway first. Manifests do not set the order. Another order, or httpsRedirect of one of them, would change requests.',
    remedy: 'Bind all VirtualServices of this host to one Istio Gateway first.',
    example:
      '# --gateway-service istio-system/istio-ingressgateway; Gateways edge and public have the selector istio: ingressgateway\nkind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  gateways: [edge] # and another one with gateways: [public]',
  },
  'hostnames-overlap': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message:
      'VirtualServices {first} and {second} have {host} at one Gateway by different hosts, {hostnames}, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'istiod sorts the routes of one hostname together. It puts those of another hostname before or after all of them, by the age of the new routes.',
    remedy:
      'Write the same hosts in both VirtualServices. Or give each hostname a server of its own in an Istio Gateway with pods of its own.',
    example:
      '# servers with the hosts *.example.com and shop.example.com\nhosts:\n- "*.example.com"   # and another VirtualService with shop.example.com',
  },
  'host-has-a-route': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message:
      'host {host} also has {other}, and both together would change {request}: today it {before}; after the conversion it {after}',
    why: 'Today a proxy applies the VirtualService and the route apart. After the conversion their rules are merged. A waypoint applies both even if only one has a `port`.',
    remedy: 'Move the entries to that route by hand, or delete one of the two.',
  },
  'gateway-has-a-route': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message:
      'the Gateway also has {other} for host {host}, and both together would change {request}: today it {before}; after the conversion it {after}',
    why: 'Routes of one listener and host are merged, and the most specific match decides. A closer hostname, and a listener of a ListenerSet, take precedence.',
    remedy: 'Move the entries to that route by hand, or delete one of the two.',
    example: 'kind: ListenerSet\nspec:\n  parentRef: {name: edge}   # with a route for the same host',
  },
  'host-shared-with-held-back': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message: 'host {host} is also claimed by {other}, which is not converted',
    why: 'Objects that share a host are converted together. A route beside a VirtualService would take its requests, or lose requests to it. Clients of a Gateway have one address for all ports of a host.',
    remedy: 'Correct the errors of {other} first.',
  },
  'host-of-a-canary': {
    severity: 'error',
    fate: 'unsupported',
    family: 'claims',
    message:
      'host {host} is also claimed by VirtualService {other}, which Flagger writes for Canary {canary}',
    why: 'Flagger writes that VirtualService at run time, and it stays. A route beside it would take its requests, or lose requests to it.',
    remedy:
      'Give this VirtualService a host of its own, or keep it. To migrate both, set `provider: gatewayapi:v1` in the Canary first.',
    example:
      'apiVersion: flagger.app/v1beta1\nkind: Canary\nspec:\n  provider: istio\n  service:\n    gateways: [infra/edge]\n    hosts: [shop.example.com]',
  },
  'delegate-not-shown': {
    severity: 'error',
    fate: 'needs-input',
    family: 'not-found',
    message: 'delegate {delegate} is not found in the input',
    why: 'A route cannot delegate, so the entries of the delegate must be copied into the route.',
    remedy:
      'Add VirtualService {delegate} to the input, as a path or with --with FILE. If it does not exist, remove the entry.',
    example: 'http:\n- delegate:\n    name: reviews\n    namespace: team-a',
  },
  'delegate-not-exported': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'delegates',
    message:
      'delegate {delegate} is not exported to {namespace}: this entry has no effect today and is left out',
    why: 'istiod ignores an entry whose delegate is not visible (virtualservice.go, MergeHTTPRoutes).',
    remedy: 'If the entry should apply, add {namespace} to exportTo of the delegate. Else no action needed.',
    example: 'exportTo:\n- .',
  },
  'delegate-has-hosts': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'delegates',
    message: 'delegate {delegate} has hosts, so this entry has no effect today and is left out',
    why: 'istiod accepts only VirtualServices without hosts as delegates.',
    remedy: 'If the entry should apply, remove hosts from the delegate. Else no action needed.',
    example: 'http:\n- delegate:\n    name: reviews   # a VirtualService with hosts',
  },
  'delegate-flattened': {
    severity: 'info',
    fate: 'note',
    family: 'delegates',
    message: 'the entries of delegate {delegate} are copied into the route',
    why: 'A route cannot delegate. istiod merges delegates the same way.',
    remedy: 'Tell the owner of the delegate: later changes go to the route.',
    example: 'http:\n- delegate:\n    name: reviews\n    namespace: team-a',
  },
  'delegate-conflict': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'delegates',
    message: 'the matches of this entry are not within those of {root}, so it has no effect there',
    why: 'istiod ignores such entries of a delegate (virtualservice.go, mergeHTTPRoute).',
    remedy: 'Correct the matches if the entry should apply. Else no action needed.',
    example:
      '# the root matches prefix /reviews, the delegate:\nhttp:\n- match:\n  - uri:\n      prefix: /ratings',
  },
  'delegate-of-held-back': {
    severity: 'error',
    fate: 'unsupported',
    family: 'delegates',
    message: 'this delegate stays, because {root} delegates to it and is not converted',
    why: 'A delegate is removed only when every VirtualService that delegates to it is converted.',
    remedy: 'Correct the errors of {root} first.',
  },
  'delegate-unused': {
    severity: 'info',
    fate: 'irrelevant',
    family: 'delegates',
    message:
      'this VirtualService stays as it is: it has no hosts, and no VirtualService of the input delegates to it',
    why: 'Without hosts a VirtualService has an effect only as a delegate.',
    remedy: 'Add the VirtualService that delegates to it to the input. If none exists, delete this one.',
  },
  'route-kind-version': {
    severity: 'error',
    fate: 'unsupported',
    family: 'versions',
    message: '{field} entries become {kind}s, which istiod supports from Gateway API {since}',
    why: 'istiod ignores this kind in older versions (minimumversions.go).',
    remedy:
      'Convert with --gateway-api {since} or later. Or move these entries to a separate VirtualService.',
    example: 'tcp:\n- route:\n  - destination:\n      host: redis',
  },
  'tls-any-name': {
    severity: 'error',
    fate: 'unsupported',
    family: 'connections',
    message: 'a TLSRoute cannot match every name',
    why: 'A TLSRoute needs hostnames, and `*` alone is not one.',
    remedy: 'List the hosts; a wildcard is allowed as the first label.',
    example: 'tls:\n- match:\n  - sniHosts: ["*"]',
  },
  'sni-beyond-server': {
    severity: 'error',
    fate: 'unsupported',
    family: 'connections',
    message:
      'no server of Gateway {gateway} lists {name} in its hosts; the Gateway accepts connections for this name today, and a TLSRoute would not get them',
    why: 'istiod accepts the sniHosts of a tls entry at the port, whatever hosts the server has. A listener accepts only its own hostname.',
    remedy: 'Add {name} to the hosts of the server, or list in sniHosts only the names that you need.',
    example: 'servers:\n- hosts: [a.example.com]\n---\ntls:\n- match:\n  - sniHosts: ["*.example.com"]',
  },
  'tls-names-at-one-listener': {
    severity: 'error',
    fate: 'unsupported',
    family: 'connections',
    message:
      'TLSRoutes for {name} and for {other} would share the listener for {host}; the older one would take connections for {host}, and today the closer name takes them',
    why: 'Gateway {gateway} has {host} among the hosts of its servers, so that it becomes a listener of its own. A listener takes the routes for all names that cover it.',
    remedy: 'Remove {host} from the hosts of the server if a wildcard of the server covers it.',
    example:
      'servers:\n- hosts: ["*.example.com", a.example.com]\n---\ntls:\n- match:\n  - sniHosts: ["*.example.com"]\n- match:\n  - sniHosts: [a.example.com]',
  },
  'tls-on-waypoint': {
    severity: 'info',
    fate: 'note',
    family: 'connections',
    message:
      'waypoints ignore this TLSRoute, but sidecars apply it; the tls entries are treated the same way today',
    why: 'A waypoint applies a TLSRoute only if its one hostname is {service}. It treats tls entries the same way today.',
    remedy: 'No action needed.',
  },
  'tls-names-ignored': {
    severity: 'warning',
    fate: 'irrelevant',
    family: 'connections',
    message: 'the waypoint of Service {service} ignores this entry: it has no effect today and is left out',
    why: 'A waypoint applies only the first tls entry whose one name is the Service (listener_waypoint.go, getWaypointTCPRoutes).',
    remedy: 'Write tcp entries if it should apply. Else no action needed.',
    example: 'tls:\n- match:\n  - sniHosts: [a.example.com, b.example.com]',
  },
  'connections-share-waypoint': {
    severity: 'warning',
    fate: 'note',
    family: 'connections',
    message:
      'the {route} for {own} is also attached to the Gateway of waypoint {waypoint}; implementations other than Istio would apply it to connections to {others} too',
    why: 'A TCPRoute has no hosts or ports, and a TLSRoute has no ports, so a Gateway as the parent cannot distinguish them. istiod uses the Service and its port.',
    remedy:
      'Convert with --attach service if istiod runs the waypoint. If another implementation runs it, {apart}.',
    example: 'ports:\n- {name: tcp-db, port: 5432}\n- {name: tcp-cache, port: 6379}',
  },
  'connections-share-waypoint-alone': {
    severity: 'error',
    fate: 'unsupported',
    family: 'connections',
    message:
      'the {route} for {own} is attached only to the Gateway of waypoint {waypoint}, and would also apply to connections to {others}',
    why: 'A TCPRoute has no hosts or ports, so a Gateway as its parent cannot distinguish Services.',
    remedy:
      'Convert with --attach service if istiod runs the waypoint. If another implementation runs it, {apart}.',
    example: 'ports:\n- {name: tcp-db, port: 5432}\n- {name: tcp-cache, port: 6379}',
  },
  'connection-export-to': {
    severity: 'error',
    fate: 'unsupported',
    family: 'connections',
    message:
      'the VirtualService is exported to {namespaces} only; TLSRoutes and TCPRoutes for sidecars cannot be limited to namespaces',
    why: 'On sidecars a TLSRoute or TCPRoute applies to clients of all namespaces (listener.go).',
    remedy: 'Set exportTo to "*" if every client may see it, or keep the VirtualService.',
    example: 'exportTo:\n- "."\ntcp:\n- route:\n  - destination:\n      host: redis',
  },
  'connection-match': {
    severity: 'error',
    fate: 'unsupported',
    family: 'connections',
    message: 'a TLSRoute or TCPRoute cannot match {field}',
    why: 'TLSRoutes and TCPRoutes match connections only by port and SNI.',
    remedy: 'If the match restricts access, use an AuthorizationPolicy. Else keep the VirtualService.',
    example: 'tcp:\n- match:\n  - destinationSubnets: [10.1.0.0/16]',
  },
  'owned-by-controller': {
    severity: 'info',
    fate: 'note',
    family: 'gitops',
    message: 'not ours to convert: owned by {owner} ({sign})',
    why: 'A controller writes or names this object at run time, and would undo the change.',
    remedy:
      'No action needed. To migrate it, configure the controller: Argo Rollouts with its Gateway API plugin, Flagger with `provider: gatewayapi:v1`.',
  },
  'duplicate-name': {
    severity: 'info',
    fate: 'note',
    family: 'claims',
    message: 'another document also defines {kind} {name}; each is converted as its own environment',
    why: 'A cluster has one object per kind, namespace and name, so these documents look like different environments.',
    remedy:
      'No action needed for environments. If one cluster has both files, rename one of the objects, or delete one.',
  },
  'not-proven': {
    severity: 'error',
    fate: 'unsupported',
    family: 'proof',
    message: 'the conversion would change {request}: today it {before}; after the conversion it {after}',
    why: 'vs2route tried requests before and after, and this difference is not expected.',
    remedy: 'Keep the VirtualService, and report this as a fault of vs2route.',
  },
  'waypoint-differs': {
    severity: 'error',
    fate: 'unsupported',
    family: 'proof',
    message:
      'the conversion would change {request} at the waypoint of {host}: today it {before}; after the conversion it {after}',
    why: 'vs2route converts for sidecars here, but labels also send clients through this waypoint. A waypoint applies all VirtualServices of a host, a sidecar only the first.',
    remedy:
      'If no client has a sidecar, convert with --from ambient. Else merge the VirtualServices of the host first.',
    example:
      'kind: Namespace\nmetadata:\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}',
  },
  'sidecars-differ': {
    severity: 'error',
    fate: 'unsupported',
    family: 'proof',
    message:
      'the conversion would change {request} for clients with sidecars: today it {before}; after the conversion it {after}',
    why: 'vs2route converts for the waypoint of {host} here, but some clients have sidecars. A sidecar applies only the first VirtualService of a host, a waypoint all of them.',
    remedy:
      'Merge the VirtualServices of the host first. If no client with a sidecar calls it, convert with --from ambient.',
    example:
      '# and pods with sidecars elsewhere\nkind: Namespace\nmetadata:\n  labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}',
  },
  'nothing-tried': {
    severity: 'error',
    fate: 'unsupported',
    family: 'proof',
    message: 'no client, waypoint or gateway in the input sends requests to the hosts of the VirtualService',
    why: 'A conversion is proven only by requests. A Sidecar object can hide a host from every client.',
    remedy:
      'Delete the VirtualService if it has no use. Else add Sidecar objects whose egress hosts include its hosts.',
    example:
      'kind: Sidecar\nmetadata: {name: default, namespace: istio-system}\nspec:\n  egress:\n  - hosts: [istio-system/*]',
  },
  'proof-sampled': {
    severity: 'info',
    fate: 'note',
    family: 'proof',
    message: 'the proof tried {requests} requests, but not every combination',
    why: 'There are too many combinations of paths, headers and parameters, or a regular expression is too complex.',
    remedy: 'No action needed. For a complete proof, split the VirtualService.',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
