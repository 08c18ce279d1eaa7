/** @returns a Gateway of the usual pods, with one server for HTTP at port 80 */
export const istioGateway = (
  name: string,
  namespace: string,
  host: string,
): string => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - ${host}
`;

/** @returns a DestinationRule of the namespace shop, with a subset for each version and what every subset has in common */
export const subsetsOf = (
  name: string,
  versions: readonly string[],
  trafficPolicy = '',
): string => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
  namespace: shop
spec:
  host: ${name}
${trafficPolicy}  subsets:
${versions.map(version => `  - name: ${version}\n    labels:\n      version: ${version}\n`).join('')}`;

/** Settings that every client has to keep. */
export const tightPool = `  trafficPolicy:
    connectionPool:
      http:
        http2MaxRequests: 7
`;
