import type { CatalogEntry } from '../catalog-entry.ts';

/** Istio Gateways. */
export const gatewayCodes = {
  'gateway-new-deployment': {
    severity: 'warning',
    fate: 'note',
    family: 'gateways',
    message: 'Gateway {gateway} will get its own Deployment and Service, with a new address',
    why: 'An Istio Gateway selects running pods. For a Gateway of class istio, istiod creates new pods with other labels.',
    remedy:
      'Move DNS and load balancers to the new address when it exists. Change policies and extensions that select the old pods to `targetRefs` on the new Gateway. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
  },
  'gateway-of-its-name': {
    severity: 'warning',
    fate: 'note',
    family: 'gateways',
    message:
      'Gateway {gateway} of the input replaces the Istio Gateway, and has its own Deployment and Service with another address',
    why: 'An Istio Gateway selects running pods. istiod creates other pods for a Gateway of class istio, unless its addresses name their Service.',
    remedy:
      'Move DNS and load balancers to the address of Gateway {gateway} before the VirtualServices are deleted. Change policies and extensions that select the old pods to `targetRefs`. No action needed for clients that use this address already.',
    example:
      'kind: Gateway\napiVersion: gateway.networking.k8s.io/v1\nmetadata:\n  name: edge   # as the Istio Gateway, for example after --stage 1',
  },
  'gateway-exposure': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'the Service of the new Gateway {gateway} will not have these fields of Service {service}: {fields}',
    why: 'istiod creates the Service of the new Gateway. Annotations of the Gateway cannot set these fields.',
    remedy:
      'Keep the running pods with --gateway-service {service}. Or set the fields in a ConfigMap that infrastructure.parametersRef of the Gateway names.',
    example: 'kind: Service\nspec:\n  type: LoadBalancer\n  externalTrafficPolicy: Local',
  },
  'gateway-pods-chosen': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      '{object} selects the pods of Istio Gateway {gateway}, but not those of the new Gateway: {effect}',
    why: 'istiod creates a new Deployment for the new Gateway, and its pods have other labels.',
    remedy: '{remedy} Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example:
      'kind: PodDisruptionBudget\nmetadata: {name: istio-ingress, namespace: istio-ingress}\nspec:\n  selector:\n    matchLabels: {istio: ingress}',
  },
  'ingress-beside-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'Ingress {ingress} serves host {host} at the old pods of Istio Gateway {gateway}, not at the new Gateway',
    why: 'Ingresses of class istio are served by the ingress gateway of the mesh. The new Gateway has its own pods and address.',
    remedy: 'Convert the Ingress to a route for the new Gateway before you move DNS.',
    example: 'kind: Ingress\nspec:\n  ingressClassName: istio\n  rules:\n  - host: shop.example.com',
  },
  'gateway-port-of-service': {
    severity: 'info',
    fate: 'note',
    family: 'gateways',
    message: 'port {number} is the port of the pods; the listener gets port {port} of Service {service}',
    why: 'Clients use the port of the Service. The Service of a new Gateway has the ports of its listeners.',
    remedy: 'No action needed.',
    example: '# the ports of the Service: port 80, targetPort 8080\nservers:\n- port:\n    number: 8080',
  },
  'gateway-port-may-be-of-pods': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'the listener gets port {number}; clients of port {port} fail if {number} is only the port of the pods',
    why: 'The Service of the gateway pods is not found in the input. A usual Istio installation forwards port {port} to {number}.',
    remedy:
      'Add that Service with `--with service.yaml`. If you know that it forwards {port} to {number}, write port {port} in the Istio Gateway. If it has port {number} itself, no action needed.',
    example:
      '# no Service of the gateway pods in the input\nservers:\n- port:\n    number: 8080\n    name: http\n    protocol: HTTP',
  },
  'gateway-shared-host': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'host {host} on port {port} is also served by Istio Gateway {others}; after the conversion, requests that arrive there do not reach the routes of this Gateway{redirects}',
    why: 'Istio Gateways with one selector share pods and VirtualServices. New Gateways have separate pods.',
    remedy:
      'Merge the Gateways into one. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
  },
  'attached-to-gateways-beside': {
    severity: 'info',
    fate: 'note',
    family: 'gateways',
    message:
      'Istio Gateways {gateways} serve host {host} at port {port} together today; the route is attached to the Gateways that replace them',
    why: 'Istio Gateways with the same pods merge the entries of all their VirtualServices. New Gateways have separate addresses, and each of them answers like the pods do today.',
    remedy:
      'No action needed. To have one address instead, bind the VirtualServices to one Istio Gateway before the conversion.',
    example:
      '# Gateways edge and public have the selector istio: ingressgateway\nkind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  gateways: [edge] # and another one with gateways: [public]',
  },
  'gateway-shared-address': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'host {host} has one address for port {port} and for port {other} of Istio Gateway {rival}; Gateway {gateway} will have an address of its own, without port {other}',
    why: 'Istio Gateways with one selector share pods, and clients reach all ports of a host at one address. New Gateways have separate pods.',
    remedy:
      'Move the servers into one Istio Gateway before the conversion. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example:
      '# Gateways plain (port 80) and secure (port 443) have the selector istio: ingressgateway\nkind: VirtualService\nspec:\n  hosts: [shop.example.com]\n  gateways: [plain, secure]',
  },
  'gateway-tls-of-another': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'clients of {hosts} on port {port} get the TLS settings of this Gateway at its new address; at the old pods Istio Gateway {other} serves these hosts with other settings',
    why: 'Istio Gateways with one selector share pods, and the pods serve a host by one of them. The new Gateway has only its own listeners.',
    remedy:
      'Write the same TLS settings in both Gateways. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
  },
  'gateway-api-refuses': {
    severity: 'error',
    fate: 'input',
    family: 'refused',
    message: 'the {channel} CRDs of the Gateway API {version} refuse this {kind}: {words}',
    why: 'The API server refuses the whole object, so the cluster does not have it as written.',
    remedy: '{remedy}',
    example:
      'kind: HTTPRoute\nspec:\n  rules:\n  - matches: [{path: {type: Exact, value: /a}}]\n    filters:\n    - type: URLRewrite\n      urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}',
  },
  'implementation-deviates': {
    severity: 'warning',
    fate: 'note',
    family: 'istio-only',
    message: '{route} uses a feature that {implementation} treats in its own way: it {behaviour}',
    why: '{promise}',
    remedy: 'Test these requests with the release that you run. docs/implementations.md lists what is known.',
    example: '# with --profile traefik\nhttp:\n- timeout: 5s',
  },
  'gateway-behind-route': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      '{request} goes to {service}, which leads to the pods of a converted Istio Gateway; after the conversion no gateway behind that Service serves {host}',
    why: 'The new Gateway has its own pods and Service. Requests still go to the Service of the old pods.',
    remedy: 'Keep the running pods: convert with --gateway-service {pods}. Else keep the VirtualService.',
    example:
      'hosts: [ext.example.org]\ngateways: [mesh, egress]\nhttp:\n- match: [{gateways: [mesh]}]\n  route: [{destination: {host: istio-egressgateway}}]\n- match: [{gateways: [egress]}]\n  route: [{destination: {host: ext.example.org}}]',
  },
  'gateway-in-another-namespace': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'the gateway pods are in namespace {pods} today, those of the new Gateway will be in {namespace}, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'Pods see DestinationRules, Services and ServiceEntries by their namespace and exportTo, and istiod compares sourceNamespace with the namespace of the pods.',
    remedy:
      'Keep the pods with --gateway-service NAMESPACE/NAME of their Service. Or move the Istio Gateway to namespace {pods} before the conversion, and write {pods}/NAME in `gateways`: the new Gateway will be there too.',
    example:
      '# the pods of Istio Gateway shop/edge are in istio-system\nkind: DestinationRule\nmetadata: {name: web, namespace: istio-system}\nspec:\n  host: web.shop.svc.cluster.local\n  exportTo: ["."]',
  },
  'gateway-closer-host': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'requests for {host} over TLS go to Istio Gateway {other} today, and the new Gateway answers them too, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'Istio Gateways with the same pods share port {port}, and the server with the closer name gets the connection. New Gateways have separate addresses.',
    remedy:
      'Merge the Gateways into one. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example:
      "# both with the selector istio: ingressgateway\nmetadata: {name: edge}\nspec:\n  servers:\n  - hosts: [pay.example.com]\n    port: {number: 443, name: https, protocol: HTTPS}\n---\nmetadata: {name: public}\nspec:\n  servers:\n  - hosts: ['*.example.com']\n    port: {number: 443, name: https, protocol: HTTPS}",
  },
  'gateway-uncovers-host': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'Istio Gateway {gateway} has {host} at its pods today, and once it goes Istio Gateway {other} has it there, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'Istio Gateways with one selector share pods. Behind TLS the older one has a host to itself, and a redirect to https of one is for both.',
    remedy:
      'Remove the host from one of the Gateways, or merge them into one. Or convert the VirtualServices of both.',
    example:
      '# both with the selector istio: ingressgateway\nmetadata: {name: older}\nspec:\n  servers:\n  - hosts: [shop.example.com, pay.example.com]\n    port: {number: 443, name: https, protocol: HTTPS}\n---\nmetadata: {name: younger}\nspec:\n  servers:\n  - hosts: [shop.example.com]\n    port: {number: 443, name: https, protocol: HTTPS}',
  },
  'gateway-listener-left-out': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'Istio Gateway {other} stays on the pods of Service {service} and has {what} at port {port}. The conversion would change {request}: today it {before}; after the conversion it {after}',
    why: 'istiod serves the older of two servers that have TLS and one host, or one port and different protocols.',
    remedy:
      'Convert all VirtualServices of Istio Gateway {other}, so that it goes. Or convert without --gateway-service: the new Gateway gets pods of its own.',
    example:
      '# --gateway-service istio-system/istio-ingressgateway, and another VirtualService of the Gateway is not converted\nspec:\n  servers:\n  - hosts: [shop.example.com]\n    port: {number: 443, name: https, protocol: HTTPS}',
  },
  'gateway-destination': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'the gateway has no cluster for {host}, which would change {request}: today it {before}; after the conversion it {after}',
    why: 'A gateway has clusters only for what is exported to its namespace. Without one a VirtualService returns 503, and a route 500.',
    remedy: 'Export {host} to the namespace of the gateway, or remove the destination.',
    example:
      'kind: ServiceEntry\nmetadata: {name: billing, namespace: shop}\nspec:\n  hosts: [billing.example.com]\n  exportTo: ["."]   # the gateway is in namespace edge',
  },
  'comes-to-life': {
    severity: 'error',
    fate: 'unsupported',
    family: 'proof',
    message: 'nothing answers {request} today; after the conversion it {after}',
    why: '{reason}',
    remedy: 'Delete the VirtualService if it has no use. Else {correction}, and convert again.',
    example:
      'kind: Gateway\nmetadata: {name: younger}\nspec:\n  selector: {istio: ingressgateway}   # an older one has host and port',
  },
  'gateway-secret': {
    severity: 'warning',
    fate: 'note',
    family: 'gateways',
    message: 'Secret {secret} must be in namespace {namespace}, the one of the Gateway',
    why: 'Istio reads Secrets of an Istio Gateway from the namespace of its pods, and those of a Gateway from its own namespace.',
    remedy:
      'Copy the Secret to namespace {namespace}. Or keep the pods with --gateway-service NAMESPACE/NAME, which puts the Gateway into their namespace.',
    example: 'tls:\n  mode: SIMPLE\n  credentialName: shop-cert',
  },
  'gateway-certificate-files': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'certificate files in the gateway pods cannot be expressed in a listener',
    why: 'A listener names Secrets, not files.',
    remedy: 'Create a Secret of type kubernetes.io/tls, and name it in credentialName.',
    example:
      'tls:\n  mode: SIMPLE\n  serverCertificate: /etc/certs/cert.pem\n  privateKey: /etc/certs/key.pem',
  },
  'gateway-udp': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'istiod supports no UDP listeners',
    why: 'Listeners of Istio are HTTP, HTTPS, TLS and TCP (conversion.go, listenerProtocolToIstio).',
    remedy: 'Remove the server, or keep the Gateway and its VirtualServices.',
    example: 'servers:\n- port: {number: 53, name: dns, protocol: UDP}',
  },
  'gateway-ca-certificate': {
    severity: 'error',
    fate: 'unsupported',
    family: 'versions',
    message: 'tls.caCertCredentialName with mode {mode} cannot be expressed in this Gateway API version',
    why: 'Client certificates need spec.tls.frontend of Gateway API 1.5, and mode MUTUAL or OPTIONAL_MUTUAL.',
    remedy: 'Convert with --gateway-api 1.5 or later, or keep the Gateway and its VirtualServices.',
    example: 'tls:\n  mode: MUTUAL\n  credentialName: shop-cert\n  caCertCredentialName: partners-ca',
  },
  'gateway-ca-certificate-per-port': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'the servers of port {port} verify client certificates differently',
    why: 'A Gateway has one setting for each port (spec.tls.frontend.perPort).',
    remedy: 'Use another port, or keep the Gateway and its VirtualServices.',
    example:
      '# two servers of port 443, of which one has\ntls:\n  mode: MUTUAL\n  caCertCredentialName: partners-ca',
  },
  'gateway-tls-field': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'tls.{field} cannot be expressed in a listener',
    why: 'A listener has only certificates, a mode, client certificates and cipher suites.',
    remedy:
      'Keep the Gateway and its VirtualServices. Or remove the field from the files that you convert, and set it with an EnvoyFilter for the pods of the new Gateway.',
    example: 'tls:\n  mode: SIMPLE\n  credentialName: shop-cert\n  minProtocolVersion: TLSV1_3',
  },
  'gateway-tls-mode-not-portable': {
    severity: 'error',
    fate: 'unsupported',
    family: 'istio-only',
    message: 'tls.mode {mode} of this server works on Istio only, and you passed --profile portable',
    why: 'The Gateway API verifies client certificates from version 1.5, for MUTUAL with caCertCredentialName. Other modes work on Istio only.',
    remedy:
      'Convert with --profile istio. For MUTUAL, set caCertCredentialName, and convert with --gateway-api 1.5 or later.',
  },
  'gateway-server-field': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'server field {field} cannot be expressed in a listener',
    why: 'A listener has only a name, a port, a protocol, a hostname and TLS settings.',
    remedy:
      'Keep the Gateway and its VirtualServices. Or delete `{field}`, if this is what you want: {effect}.',
    example: 'servers:\n- bind: 10.0.0.1',
  },
  'gateway-port-of-pods': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'port {number} is the port of the pods; requests use port {port} of Service {service}',
    why: 'A new Gateway gets a Service with the ports of its listeners, so nothing would listen on port {port}.',
    remedy:
      'Write port {port} in this server, and in `match.port` of VirtualServices for this Gateway. istiod finds the port of the pods by itself, and nothing else changes.',
    example:
      '# the ports of the Service: port 80, targetPort 8080\nservers:\n- port:\n    number: 8080\n    name: http\n    protocol: HTTP',
  },
  'gateway-of-unknown-age': {
    severity: 'error',
    fate: 'needs-input',
    family: 'gateways',
    message:
      'Istio Gateways {gateway} and {other} cannot both serve {what} at port {port} of their pods, and their ages are unknown',
    why: 'istiod leaves out the server of the younger Gateway, with all its hosts.',
    remedy:
      'Add metadata.creationTimestamp to both, as `kubectl get -o yaml` prints it. Or change one of the two servers.',
    example:
      '# Gateways edge and public have the selector istio: ingressgateway, and each has this server\nservers:\n- port:\n    number: 443\n    name: https\n    protocol: HTTPS\n  hosts: [shop.example.com]',
  },
  'gateway-ports-of-one-target': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'ports {ports} lead to one port of the gateway pods, {target}, and serve their hosts together',
    why: 'istiod merges servers that share a port of the pods (model/gateway.go, GetProxyServiceTargetsByPod). Each listener of a Gateway serves only its own hosts.',
    remedy:
      'Give each port of the Service its own targetPort: then each port serves only its own hosts. Or write one server with all hosts, for the first of these ports: clients of the other ports then have to use that port.',
    example:
      '# the ports of the Service: 80 and 81, both with targetPort 8080\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]\n- port: {number: 81, name: http-spare, protocol: HTTP}\n  hosts: [spare.example.com]',
  },
  'gateway-port-left-out': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message: 'clients of port {port} of Service {service} will not find this port at the new Gateway',
    why: 'Ports {port} and {own} lead to the same port of the pods. The Service of a new Gateway has the ports of its listeners.',
    remedy:
      'Move those clients to port {own}. Or keep the running pods with --gateway-service NAMESPACE/NAME of their Service.',
    example: '# the ports of the Service: 80 and 8080, both with targetPort 8080',
  },
  'gateway-host-is-an-address': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'a listener cannot serve host {host}',
    why: 'Hostnames of listeners are DNS names. A wildcard is allowed as the first label.',
    remedy: 'Use a DNS name, or `*`.',
  },
  'gateway-too-many-listeners': {
    severity: 'error',
    fate: 'unsupported',
    family: 'limits',
    message: 'the Gateway would need {count} listeners, but allows at most 64',
    why: 'Each host of each port becomes a listener.',
    remedy: 'Join hosts with wildcards, or split the Gateway.',
  },
  'gateway-held-back': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'Gateway {gateway} is not converted, so the route has no parent',
    why: 'A route attaches to a Gateway of the Gateway API.',
    remedy:
      'Correct the errors of Gateway {gateway} first. Or write the Gateway by hand and name it with --gateway {gateway}=NAMESPACE/NAME.',
  },
  'gateway-of-a-platform': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message: 'Gateway {gateway} is owned by {owner} and is not converted, so the route has no parent',
    why: 'The platform goes on using this Istio Gateway, its pods and its address. A new Gateway would have others.',
    remedy: 'Name a Gateway of yours with --gateway {gateway}=NAMESPACE/NAME. Or keep the VirtualService.',
  },
  'gateway-still-needed': {
    severity: 'warning',
    fate: 'note',
    family: 'gateways',
    message: 'Istio Gateway {gateway} stays beside the new Gateway, because of {users}',
    why: 'A VirtualService that is not converted or a controller needs the Istio Gateway. A file that is not readable as manifests may need it.',
    remedy:
      'Convert or remove these, and then delete the Istio Gateway. Until then two deployments serve these hosts.',
  },
  'gateway-assumed': {
    severity: 'warning',
    fate: 'note',
    family: 'gateways',
    message: 'the route is attached to Gateway {target}, which is not found in the input and must exist',
    why: 'Istio Gateways are not converted in this run (--gateways keep).',
    remedy:
      'Create that Gateway, or name another one with --gateway FROM=TO. To convert the Istio Gateways, pass --gateways convert.',
  },
  'gateway-unused': {
    severity: 'info',
    fate: 'note',
    family: 'gateways',
    message: 'the Istio Gateway stays: no VirtualService of the input is converted for it',
    why: 'VirtualServices elsewhere may be bound to it.',
    remedy:
      'No action needed if another repository has these VirtualServices. Else add them to the input, or delete the Istio Gateway if it has no use.',
  },
  'https-redirect-elsewhere': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'Istio Gateway {gateway} redirects {request} to https on port {port} today; Gateway {target} will not, unless it has such a redirect itself',
    why: 'httpsRedirect belongs to the Istio Gateway, which is not converted in this run. The converted routes do not redirect.',
    remedy:
      'Write an HTTPRoute for the http listener of Gateway {target}, with filter RequestRedirect and `scheme: https`.',
    example: 'servers:\n- port: {number: 80, name: http, protocol: HTTP}\n  tls:\n    httpsRedirect: true',
  },
  'https-redirect-of-another-gateway': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      '{request} is redirected to https today, because Istio Gateway {redirecting} has httpsRedirect and shares pods with {gateway}; after the conversion Gateway {gateway} does not redirect it',
    why: 'Istio Gateways with one selector share httpsRedirect on a port. Gateways of the Gateway API do not.',
    remedy:
      'If the redirect is wanted, give Istio Gateway {gateway} a server with httpsRedirect for this port before the conversion.',
    example:
      '# two Gateways of one selector, one of them with\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: ["*.example.com"]\n  tls: {httpsRedirect: true}',
  },
  'https-redirect-without-https': {
    severity: 'warning',
    fate: 'approximate',
    family: 'gateways',
    message:
      'the HTTPS redirect becomes an HTTPRoute for {host}, which has no HTTPS server; it also redirects requests that a proxy forwards from https',
    why: 'A load balancer may terminate TLS there, and numTrustedProxies is not found in the input. The redirect would then repeat forever.',
    remedy:
      'If no proxy in front is trusted, convert with --trusted-proxies 0. Else pass their number; the Gateway is then not converted.',
    example:
      '# no server with protocol HTTPS for the host\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: ["shop.example.com"]\n  tls: {httpsRedirect: true}',
  },
  'https-redirect-trusts-proxy': {
    severity: 'error',
    fate: 'unsupported',
    family: 'gateways',
    message:
      'the Gateway is not converted: requests that a trusted proxy received as https are served today, but a RequestRedirect would redirect them (numTrustedProxies: {count})',
    why: 'With httpsRedirect Envoy uses X-Forwarded-Proto of a trusted proxy as the scheme.',
    remedy:
      'Let the load balancer redirect, or redirect in the VirtualService on `x-forwarded-proto: http`. Then remove httpsRedirect.',
    example:
      '# and numTrustedProxies: 1\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  tls: {httpsRedirect: true}',
  },
  'https-redirect-behind-proxy': {
    severity: 'info',
    fate: 'note',
    family: 'gateways',
    message:
      'the HTTPS redirect becomes an HTTPRoute, which redirects forever behind a load balancer that terminates TLS',
    why: 'Today Envoy accepts X-Forwarded-Proto of a trusted proxy as the scheme. A route ignores that header.',
    remedy:
      'Delete the redirect if a load balancer in front terminates TLS (numTrustedProxies is set). Else no action needed.',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
