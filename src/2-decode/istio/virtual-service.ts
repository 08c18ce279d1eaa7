import type * as istio from '../../istio/index.ts';
import type { YamlNode } from '../../yaml/yaml-node.ts';
import { fieldOf } from '../../yaml/yaml-node.ts';
import type { Cursor } from '../cursor.ts';
import { type Decoder, list, string } from '../decoder.ts';
import { isWritten, object } from '../object.ts';
import { checkGatewayNames } from './gateway-names.ts';
import { httpRoute } from './http-route.ts';
import { tcpRoute, tlsRoute } from './layer-4-route.ts';
import { checkExportTo } from './values.ts';
import { checkHosts, checkJwtClaims, checkSniHosts } from './virtual-service-hosts.ts';

const root = decoderFor(false);
const delegate = decoderFor(true);

/**
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateVirtualService)
 */
export const virtualService: Decoder<istio.VirtualService> = {
  ...root,
  read: (node, at) => (isDelegate(node) ? delegate : root).read(node, at),
};

/** Without hosts a VirtualService is a part of others. */
function isDelegate(node: YamlNode): boolean {
  const hosts = fieldOf(node, 'hosts');
  return (
    node.kind === 'mapping' &&
    (!isWritten(node, 'hosts') || (hosts?.kind === 'sequence' && hosts.items.length === 0))
  );
}

function decoderFor(inDelegate: boolean): Decoder<istio.VirtualService> {
  return object<istio.VirtualService>(
    {
      hosts: list(string),
      gateways: list(string),
      http: list(httpRoute(inDelegate)),
      tls: list(tlsRoute),
      tcp: list(tcpRoute),
      exportTo: list(string),
    },
    {
      check(spec, at, node) {
        if (inDelegate) checkDelegate(spec, at);
        checkGatewayNames(spec.gateways ?? [], at.child('gateways'));
        checkExportTo(spec.exportTo, at);
        checkHosts(spec, at);
        checkJwtClaims(spec, at);
        checkSniHosts(spec, at);
        const routes = [spec.http, spec.tls, spec.tcp].some(entries => (entries ?? []).length > 0);
        const unread = ['http', 'tls', 'tcp'].some(name => fieldOf(node, name)?.kind === 'mapping');
        if (!routes && !unread)
          at.report('field-missing', { field: 'http`, `tls` or `tcp', object: at.name });
      },
    },
  );
}

function checkDelegate(spec: istio.VirtualService, at: Cursor): void {
  for (const field of ['gateways', 'tls', 'tcp'] as const)
    if ((spec[field] ?? []).length > 0) at.report('hosts-missing', { field });
}
