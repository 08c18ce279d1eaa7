import type * as gateway from '../../gateway-api/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, enumeration, int32, list, opaque, record, string } from '../decoder.ts';
import { object, required } from '../object.ts';

const secretRef: Decoder<gateway.SecretObjectReference> = object<gateway.SecretObjectReference>({
  group: string,
  kind: string,
  name: required(string, ''),
  namespace: string,
});

const labelSelector: Decoder<gateway.LabelSelector> = object<gateway.LabelSelector>({
  matchLabels: record(string),
  matchExpressions: list(
    object<gateway.LabelSelectorRequirement>({
      key: required(string, ''),
      operator: required(string, ''),
      values: list(string),
    }),
  ),
});

const allowedRoutes: Decoder<gateway.AllowedRoutes> = object<gateway.AllowedRoutes>({
  namespaces: object<NonNullable<gateway.AllowedRoutes['namespaces']>>({
    from: enumeration('All', 'Same', 'Selector', 'None'),
    selector: labelSelector,
  }),
  kinds: list(
    object<{ readonly group?: string; readonly kind: string }>({ group: string, kind: required(string, '') }),
  ),
});

const listener: Decoder<gateway.Listener> = object<gateway.Listener>({
  name: required(string, ''),
  hostname: string,
  port: required(int32, 0),
  protocol: required(string, ''),
  tls: object<gateway.ListenerTLSConfig>(
    {
      mode: enumeration('Terminate', 'Passthrough'),
      certificateRefs: list(secretRef),
      options: record(string),
    },
    { others: ['frontendValidation'] },
  ),
  allowedRoutes,
  filters: opaque,
});

const frontendTls: Decoder<gateway.FrontendTLSConfig> = object<gateway.FrontendTLSConfig>({
  validation: object<NonNullable<gateway.FrontendTLSConfig['validation']>>({
    caCertificateRefs: required(list(secretRef), []),
    mode: enumeration('AllowValidOnly', 'AllowInsecureFallback'),
  }),
});

const tls: Decoder<gateway.GatewayTLSConfig> = object<gateway.GatewayTLSConfig>(
  {
    frontend: object<NonNullable<gateway.GatewayTLSConfig['frontend']>>({
      default: required(frontendTls, {}),
      perPort: list(
        object<{ readonly port: number; readonly tls: gateway.FrontendTLSConfig }>({
          port: required(int32, 0),
          tls: required(frontendTls, {}),
        }),
      ),
    }),
  },
  { others: ['backend'] },
);

/**
 * The rules about listeners that their schema does not tell.
 *
 * @see https://github.com/kubernetes-sigs/gateway-api/blob/main/apis/v1/gateway_types.go (XValidation of listeners)
 */
function checkListeners(listeners: readonly gateway.Listener[], at: Cursor): void {
  const names = new Set<string>();
  const entrances = new Set<string>();
  for (const [index, { name, port, protocol, hostname, tls: settings }] of listeners.entries()) {
    const report = (reason: string) => at.child(index).report('listener-invalid', { listener: name, reason });
    const entrance = JSON.stringify([port, protocol, hostname]);
    if (names.has(name)) report('another listener has its name');
    else if (entrances.has(entrance)) report('another listener has its port, protocol and hostname');
    if (settings !== undefined && ['HTTP', 'TCP', 'UDP'].includes(protocol))
      report(`${protocol} goes without \`tls\``);
    if (protocol === 'HTTPS' && settings?.mode === 'Passthrough') report('HTTPS is never passed through');
    if (
      isOpened(settings) &&
      (settings?.certificateRefs ?? []).length === 0 &&
      settings?.options === undefined
    )
      report('it opens TLS and names no certificate');
    names.add(name);
    entrances.add(entrance);
  }
}

function isOpened(settings: gateway.ListenerTLSConfig | undefined): boolean {
  return settings !== undefined && (settings.mode ?? 'Terminate') === 'Terminate';
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec */
export const gatewayResource: Decoder<gateway.Gateway> = object<gateway.Gateway>(
  {
    gatewayClassName: required(string, ''),
    listeners: checked(list(listener), checkListeners),
    addresses: list(
      object<gateway.GatewayAddress>({ type: string, value: required(string, ''), routability: string }),
    ),
    infrastructure: object<NonNullable<gateway.Gateway['infrastructure']>>(
      { labels: record(string), annotations: record(string) },
      { others: ['parametersRef'] },
    ),
    tls,
    allowedListeners: object<NonNullable<gateway.Gateway['allowedListeners']>>({
      namespaces: object<gateway.AllowedListenerNamespaces>({
        from: enumeration('All', 'Same', 'Selector', 'None'),
        selector: labelSelector,
      }),
    }),
  },
  { others: ['backendTLS', 'defaultScope'] },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassspec */
export const gatewayClass: Decoder<gateway.GatewayClass> = object<gateway.GatewayClass>(
  { controllerName: required(string, '') },
  { others: ['parametersRef', 'description'] },
);

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#listenersetspec */
export const listenerSet: Decoder<gateway.ListenerSet> = object<gateway.ListenerSet>({
  parentRef: required(
    object<gateway.ListenerSet['parentRef']>({
      group: string,
      kind: string,
      name: required(string, ''),
      namespace: string,
    }),
    { name: '' },
  ),
  listeners: checked(list(listener), checkListeners),
});
