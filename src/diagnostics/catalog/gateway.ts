import type { CatalogEntry } from '../catalog.ts';

/** What becomes of an Istio Gateway. */
export const gatewayCodes = {
  'gateway-new-deployment': {
    severity: 'warning',
    fate: 'note',
    message:
      'Gateway {gateway} makes istiod create a Deployment and a Service of its own, with another address',
    why: 'An Istio Gateway selects pods that run already; a Gateway of class istio brings its own, with other labels. EnvoyFilters, WasmPlugins, Telemetries and whatever else chooses the old pods does not reach them.',
    remedy:
      'Write anew what chooses the old pods, by targetRefs where the kind has them, and point DNS and load balancers to the new address once it is there; or keep the running pods by --gateway-service NAMESPACE/NAME of their Service.',
  },
  'gateway-exposure': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the Service that istiod makes for Gateway {gateway} has not what Service {service} of the old pods has: {fields}',
    why: 'istiod takes the type of that Service and its annotations from the Gateway, and writes nothing else of it.',
    remedy:
      'Keep the running pods by --gateway-service NAMESPACE/NAME of their Service; or set the fields by a ConfigMap that infrastructure.parametersRef of the Gateway names.',
    example: 'kind: Service\nspec:\n  type: LoadBalancer\n  externalTrafficPolicy: Local',
  },
  'gateway-pods-chosen': {
    severity: 'warning',
    fate: 'approximate',
    message:
      '{object} chooses the pods of Istio Gateway {gateway} and not those of the new Gateway: {effect}',
    why: 'istiod creates a Deployment of another name for the new Gateway, and its pods have other labels.',
    remedy: '{remedy} Or keep the running pods by --gateway-service NAMESPACE/NAME of their Service.',
    example:
      'kind: PodDisruptionBudget\nmetadata: {name: istio-ingress, namespace: istio-ingress}\nspec:\n  selector:\n    matchLabels: {istio: ingress}',
  },
  'ingress-beside-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'Ingress {ingress} serves host {host} at the old pods of Istio Gateway {gateway}, and not at the new Gateway',
    why: 'istiod has the ingress gateway of the mesh serve Ingresses of class istio. The new Gateway has pods and an address of its own.',
    remedy: 'Convert the Ingress to a route for the new Gateway before you move DNS to its address.',
    example: 'kind: Ingress\nspec:\n  ingressClassName: istio\n  rules:\n  - host: shop.example.com',
  },
  'gateway-port-of-service': {
    severity: 'info',
    fate: 'note',
    message:
      'port {number} is one of the pods: the listener gets port {port} of Service {service}, which leads there',
    why: 'Clients come by the port of the Service. The Service that a Gateway brings has the ports of its listeners.',
    remedy: 'No action needed.',
    example: '# the ports of the Service: port 80, targetPort 8080\nservers:\n- port:\n    number: 8080',
  },
  'gateway-port-may-be-of-pods': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the listener gets port {number}; clients that ask port {port} today find nothing at the new Gateway if {number} is only the port of the pods',
    why: 'The Service of the gateway pods was not found in the input. In usual installations of Istio it has port {port} and leads to port {number} of the pods.',
    remedy:
      'Add that Service to the input (`--with service.yaml`), or write port {port} in the Istio Gateway: istiod finds the port of the pods by itself.',
    example:
      '# no Service of the gateway pods in the input\nservers:\n- port:\n    number: 8080\n    name: http\n    protocol: HTTP',
  },
  'gateway-shared-host': {
    severity: 'warning',
    fate: 'approximate',
    message: 'host {host} on port {port} is also served by {others}, whose requests no longer arrive here',
    why: 'Istio Gateways with one selector share pods, which serve all of their VirtualServices under one address; Gateways have pods of their own.',
    remedy:
      'Merge the Gateways into one, or keep the running pods by --gateway-service NAMESPACE/NAME of their Service.',
  },
  'gateway-behind-route': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'requests go on to the pods of an Istio Gateway, which take them no longer once that is converted: {request} would end as {after} instead of {before}',
    why: 'A Gateway of class istio has pods of its own, so that the old ones lose what they served; a route that sends to their Service does not follow.',
    remedy:
      'Keep the running pods by --gateway-service NAMESPACE/NAME of their Service; or convert with --gateways keep and --gateway to name the Gateway that takes their place.',
    example:
      'hosts: [ext.example.org]\ngateways: [mesh, egress]\nhttp:\n- match: [{gateways: [mesh]}]\n  route: [{destination: {host: istio-egressgateway}}]\n- match: [{gateways: [egress]}]\n  route: [{destination: {host: ext.example.org}}]',
  },
  'comes-to-life': {
    severity: 'error',
    fate: 'unsupported',
    message: 'no rule takes {request} at {place} today, and the route would: {after}',
    why: 'Something else has the port and the host there, such as an older Istio Gateway on the same pods, or the proxies do not see the VirtualService.',
    remedy:
      'Delete the VirtualService if it has no use; or mend what keeps requests from it, and convert again.',
    example:
      'kind: Gateway\nmetadata: {name: younger}\nspec:\n  selector: {istio: ingressgateway}   # an older one has host and port',
  },
  'gateway-secret': {
    severity: 'warning',
    fate: 'note',
    message: 'Secret {secret} has to be in namespace {namespace}, where the Gateway is',
    why: 'Istio reads the Secrets of an Istio Gateway from the namespace of the gateway pods, those of a Gateway from its own namespace.',
    remedy:
      'Copy the Secret there if it is elsewhere, or let --gateway-service put the Gateway beside the pods.',
    example: 'tls:\n  mode: SIMPLE\n  credentialName: shop-cert',
  },
  'gateway-certificate-files': {
    severity: 'error',
    fate: 'unsupported',
    message: 'certificates of files mounted into the gateway pods have no form in a listener',
    why: 'A listener names Secrets.',
    remedy: 'Make a Secret of type kubernetes.io/tls and name it by credentialName.',
    example:
      'tls:\n  mode: SIMPLE\n  serverCertificate: /etc/certs/cert.pem\n  privateKey: /etc/certs/key.pem',
  },
  'gateway-udp': {
    severity: 'error',
    fate: 'unsupported',
    message: 'istiod makes no listener for UDP',
    why: 'Listeners of Istio speak HTTP, HTTPS, TLS and TCP (conversion.go, listenerProtocolToIstio).',
    remedy: 'Remove the server, or keep the Gateway and its VirtualServices.',
    example: 'servers:\n- port: {number: 53, name: dns, protocol: UDP}',
  },
  'gateway-ca-certificate': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'tls.caCertCredentialName has no form here: clients are verified from Gateway API 1.5 on, by the modes MUTUAL and OPTIONAL_MUTUAL, and not by {mode}',
    why: 'A Gateway names the certificates of those who vouch for its clients in spec.tls.frontend, which is new in 1.5.',
    remedy: 'Convert with --gateway-api 1.5 or later, or keep the Gateway and its VirtualServices.',
    example: 'tls:\n  mode: MUTUAL\n  credentialName: shop-cert\n  caCertCredentialName: partners-ca',
  },
  'gateway-ca-certificate-per-port': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the servers of port {port} verify clients in different ways',
    why: 'A Gateway verifies the clients of a port in one way (spec.tls.frontend.perPort).',
    remedy: 'Use another port, or keep the Gateway and its VirtualServices.',
    example:
      '# two servers of port 443, of which one has\ntls:\n  mode: MUTUAL\n  caCertCredentialName: partners-ca',
  },
  'gateway-tls-field': {
    severity: 'error',
    fate: 'unsupported',
    message: 'tls.{field} has no form in a listener',
    why: 'Listeners know certificates, the mode, and what istiod takes as options: client certificates and cipher suites.',
    remedy:
      'Set it for the whole mesh by meshConfig.tlsDefaults where that will do, or by an EnvoyFilter. Else keep the Gateway and its VirtualServices.',
    example: 'tls:\n  mode: SIMPLE\n  credentialName: shop-cert\n  minProtocolVersion: TLSV1_3',
  },
  'gateway-tls-mode-not-portable': {
    severity: 'error',
    fate: 'unsupported',
    message: 'tls.mode {mode} works on Istio only',
    why: 'The Gateway API has client certificates from 1.5, and nothing for the other modes.',
    remedy: 'Convert with --profile istio, or for MUTUAL with --gateway-api 1.5 or later.',
  },
  'gateway-server-field': {
    severity: 'error',
    fate: 'unsupported',
    message: '{field} of a server has no form in a listener',
    why: 'Listeners have a name, a port, a protocol, a hostname and TLS settings.',
    remedy: 'Drop the field, or keep the Gateway and its VirtualServices.',
    example: 'servers:\n- bind: 10.0.0.1',
  },
  'gateway-port-of-pods': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'port {number} is one of the pods: requests come to port {port} of Service {service}, which leads there',
    why: 'The Service that a listener brings has the port of the listener, so that nobody would answer at {port} any more. istiod takes the port of a server for one of the Service, and for one of the pods only where no Service has it.',
    remedy:
      'Write {port} instead, here and in the port of matches: istiod finds the port of the pods by itself, and nothing else changes.',
    example:
      '# the ports of the Service: port 80, targetPort 8080\nservers:\n- port:\n    number: 8080\n    name: http\n    protocol: HTTP',
  },
  'gateway-ports-of-one-target': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'ports {ports} lead to one port of the gateway pods, {target}, and there have their hosts in common',
    why: 'istiod serves what the servers of one port of the pods serve as one list, at every port that leads there; and of the ports of a Service that lead to one port of the pods and speak one protocol it knows the first alone, so that a server of another is never asked (model/gateway.go, GetProxyServiceTargetsByPod). Each listener of a Gateway serves its own hosts.',
    remedy:
      'Give each port of the Service a targetPort of its own. Or write one server, for the port that stands first in the Service, with all the hosts that are to be served.',
    example:
      '# the ports of the Service: 80 and 81, both with targetPort 8080\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: [shop.example.com]\n- port: {number: 81, name: http-spare, protocol: HTTP}\n  hosts: [spare.example.com]',
  },
  'gateway-port-left-out': {
    severity: 'warning',
    fate: 'approximate',
    message: 'clients that come by port {port} of Service {service} find no such port at the Gateway',
    why: 'It leads to the same port of the pods as port {own}, so that its clients are served today. The Service that a Gateway brings has the ports of its listeners.',
    remedy:
      'Send those clients to port {own}, or keep the running pods by --gateway-service NAMESPACE/NAME of their Service.',
    example: '# the ports of the Service: 80 and 8080, both with targetPort 8080',
  },
  'gateway-host-is-an-address': {
    severity: 'error',
    fate: 'unsupported',
    message: 'a listener cannot serve the host {host}',
    why: 'Hostnames of listeners are DNS names, with a wildcard as their first label at most.',
    remedy: 'Use a name, or `*`.',
  },
  'gateway-too-many-listeners': {
    severity: 'error',
    fate: 'unsupported',
    message: 'the Gateway would need {count} listeners, and takes at most 64',
    why: 'Each host of each port is a listener of its own.',
    remedy: 'Join hosts by wildcards, or split the Gateway.',
  },
  'gateway-held-back': {
    severity: 'error',
    fate: 'unsupported',
    message: 'Gateway {gateway} cannot be converted, so there is nothing to attach to',
    why: 'A route attaches to a Gateway of the Gateway API.',
    remedy:
      'See to what holds the Gateway back, or convert with --gateways keep or --gateway {gateway}=NAMESPACE/NAME.',
  },
  'gateway-still-needed': {
    severity: 'warning',
    fate: 'note',
    message: 'the Istio Gateway stays beside the new one, since it is still needed by {others}',
    why: 'VirtualServices that are not converted are bound to it, or a text that cannot be read as manifests names it.',
    remedy: 'Remove it once they are converted. Until then two deployments serve these hosts.',
  },
  'gateway-assumed': {
    severity: 'warning',
    fate: 'note',
    message: 'the route is attached to a Gateway {target}, which was not shown and has to exist',
    why: 'Istio Gateways are not converted here, and a route attaches to a Gateway of the Gateway API.',
    remedy:
      'Show that Gateway, as a path or by --with, write it, name another by --gateway, or convert with --gateways convert.',
  },
  'gateway-unused': {
    severity: 'info',
    fate: 'note',
    message: 'no VirtualService of the input is converted for it, so it stays as it is',
    why: 'VirtualServices elsewhere may be bound to it.',
    remedy: 'Show the VirtualServices that are bound to it.',
  },
  'https-redirect-elsewhere': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'Gateway {target} has to redirect {request} to https by itself, as Istio Gateway {gateway} does on port {port}',
    why: 'httpsRedirect belongs to the Gateway, which is not converted here.',
    remedy: 'Write an HTTPRoute with a RequestRedirect for its http listener.',
    example: 'servers:\n- port: {number: 80, name: http, protocol: HTTP}\n  tls:\n    httpsRedirect: true',
  },
  'https-redirect-of-another-gateway': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'Gateway {gateway} no longer redirects {request}, since it shares nothing with this one any more',
    why: 'Istio Gateways of one selector share their pods and virtual hosts on a port, and with them httpsRedirect; Gateways of the Gateway API do not.',
    remedy: 'Where the redirect was meant, set httpsRedirect in this Gateway, too, before it is converted.',
    example:
      '# two Gateways of one selector, one of them with\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: ["*.example.com"]\n  tls: {httpsRedirect: true}',
  },
  'https-redirect-without-https': {
    severity: 'warning',
    fate: 'approximate',
    message:
      'the redirect to https becomes an HTTPRoute for {host}, which no HTTPS server has: it also redirects what a trusted proxy forwarded from https',
    why: 'A load balancer may end TLS there. With numTrustedProxies, which was not found in the input, Envoy serves what comes with `x-forwarded-proto: https`; a RequestRedirect sends it to https again and again.',
    remedy:
      'Run with `--trusted-proxies 0` if no proxy in front is trusted. Else give their number, and the Gateway is held back.',
    example:
      '# no server with protocol HTTPS for the host\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  hosts: ["shop.example.com"]\n  tls: {httpsRedirect: true}',
  },
  'https-redirect-trusts-proxy': {
    severity: 'error',
    fate: 'unsupported',
    message:
      'the Gateway cannot be converted: httpsRedirect passes on what {count} trusted proxies forward from https, and a RequestRedirect redirects it',
    why: 'Envoy takes the X-Forwarded-Proto of a trusted proxy for the scheme of the request when httpsRedirect is set.',
    remedy:
      'Let the load balancer redirect, and remove httpsRedirect. Or match `x-forwarded-proto: http` in the VirtualService and redirect there.',
    example:
      '# and numTrustedProxies: 1\nservers:\n- port: {number: 80, name: http, protocol: HTTP}\n  tls: {httpsRedirect: true}',
  },
  'https-redirect-behind-proxy': {
    severity: 'info',
    fate: 'note',
    message:
      'the redirect to https becomes an HTTPRoute, which also redirects what a trusted proxy forwarded from https',
    why: 'Envoy takes a trusted x-forwarded-proto for the scheme when httpsRedirect is set; a RequestRedirect does not ask.',
    remedy:
      'Nothing, unless a load balancer in front terminates TLS and numTrustedProxies is set: then do without the redirect.',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;
