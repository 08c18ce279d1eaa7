import { buildGateway } from '../2-decode/build-resource.ts';
import { mappingIn } from '../2-decode/helm-values.ts';
import type { Facts, IstioGateway } from '../3-link/facts.ts';
import { commonTarget } from '../3-link/gitops/external-dns.ts';
import { carriedMetadata } from '../3-link/gitops/ownership.ts';
import { settingAt } from '../3-link/mesh-config.ts';
import { proxyConfigAnnotation } from '../3-link/trusted-proxies.ts';
import type { TranslatedListener } from '../4-translate/server.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { Options } from '../options.ts';
import { isRecord } from '../yaml/yaml-node.ts';
import type { Output } from './edit.ts';
import { exposureOf } from './gateway-exposure.ts';
import { redirectOutputs, redirectsOf } from './https-redirects.ts';
import { readMetadata } from './route-metadata.ts';

/** An Istio Gateway and its listeners. */
export interface TranslatedGateway {
  readonly istio: IstioGateway;
  readonly listeners: readonly TranslatedListener[];
}

/** Writes the Gateway for an Istio Gateway, and the route that redirects http to https where its servers do. */
export function gatewayOutputs(
  { istio, listeners }: TranslatedGateway,
  { options, virtualServices }: Pick<Facts, 'options' | 'virtualServices'>,
): readonly Output[] {
  const { resource } = istio;
  const home = resource.source;
  if (home === undefined) return [];
  const namespace = gatewayNamespace(resource.namespace, options);
  const exposure = options.gatewayService === undefined ? exposureOf(istio) : undefined;
  const key = `${resource.namespace}/${resource.name}`;
  const target = commonTarget(virtualServices, key, resource.metadata.annotations);
  const metadata = withAnnotations(metadataOf(resource.metadata, resource.namespace, namespace), {
    ...exposure?.ofGateway,
    ...(target === undefined ? {} : { [target[0]]: target[1] }),
  });
  const infrastructure = { ...exposure?.ofService, ...proxyConfigFor(istio, options) };
  const spec: gateway.Gateway = {
    gatewayClassName: 'istio',
    ...(options.gatewayService === undefined ? {} : { addresses: [addressOf(options.gatewayService)] }),
    listeners: listeners.map(({ listener }) => listener),
    ...(Object.keys(infrastructure).length === 0 ? {} : { infrastructure: { annotations: infrastructure } }),
    ...frontendOf(listeners),
  };
  const origins = listeners.map(({ server }, index) => ({
    output: ['spec', 'listeners', index],
    input: ['spec', 'servers', server],
  }));
  const made: Output = { resource: buildGateway({ namespace, metadata }, spec), home, origins };
  return [made, ...redirectOutputs(made, redirectsOf(key, listeners, virtualServices))];
}

/** The annotation of the old pods about their proxies, with the number of trusted proxies that the flag says. */
function proxyConfigFor(
  { trusted, proxyConfig }: IstioGateway,
  { gatewayService, trustedProxies }: Options,
): Readonly<Record<string, string>> {
  if (gatewayService !== undefined) return {};
  const annotation = trusted?.annotation ?? proxyConfig;
  const isWritten = trusted?.annotation !== undefined;
  if (trustedProxies === undefined || isWritten || (trustedProxies === 0 && annotation === undefined))
    return annotation === undefined ? {} : { [proxyConfigAnnotation]: annotation };
  const written = annotation === undefined ? undefined : mappingIn(annotation);
  const topology = settingAt(written, 'gatewayTopology');
  const gatewayTopology = { ...(isRecord(topology) ? topology : {}), numTrustedProxies: trustedProxies };
  return { [proxyConfigAnnotation]: JSON.stringify({ ...written, gatewayTopology }) };
}

/** Clients are verified port by port. */
function frontendOf(listeners: readonly TranslatedListener[]): Pick<gateway.Gateway, 'tls'> {
  const byPort = new Map(
    listeners.flatMap(({ listener, caCertificateRef }) =>
      caCertificateRef === undefined ? [] : [[listener.port, caCertificateRef] as const],
    ),
  );
  if (byPort.size === 0) return {};
  const perPort = [...byPort].map(([port, ref]) => ({
    port,
    tls: { validation: { caCertificateRefs: [ref] } },
  }));
  return { tls: { frontend: { default: {}, perPort } } };
}

/** A Gateway that reuses running pods has to be in the namespace of their Service. */
export function gatewayNamespace(own: string, { gatewayService }: Options): string {
  return gatewayService?.split('/')[0] ?? own;
}

function addressOf(service: string): gateway.GatewayAddress {
  const [namespace = '', name = ''] = service.split('/');
  return { type: 'Hostname', value: `${name}.${namespace}.svc.cluster.local` };
}

function metadataOf(metadata: gateway.ObjectMeta, own: string, namespace: string): gateway.ObjectMeta {
  const written = own === namespace ? metadata.namespace : namespace;
  return {
    name: metadata.name,
    ...(written === undefined ? {} : { namespace: written }),
    ...readMetadata(carriedMetadata(metadata), 'Gateway'),
  };
}

function withAnnotations(
  metadata: gateway.ObjectMeta,
  added: Readonly<Record<string, string>>,
): gateway.ObjectMeta {
  if (Object.keys(added).length === 0) return metadata;
  return { ...metadata, annotations: { ...added, ...metadata.annotations } };
}
