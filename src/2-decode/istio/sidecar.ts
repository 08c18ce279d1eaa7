import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, record, string, uint32 } from '../decoder.ts';
import { isWritten, object, required } from '../object.ts';
import { faultOfWildcardDomain, isLabel } from '../validation/domain-name.ts';
import { destination } from './values.ts';

const egressHost = checked(string, (host, at) => {
  const reason = faultOfEgressHost(host);
  if (reason !== undefined) at.report('host-invalid', { host, reason });
});

/** @see istio.io/istio/pkg/config/validation/agent/validation.go, ValidateNamespaceSlashWildcardHostname */
function faultOfEgressHost(host: string): string | undefined {
  const slash = host.indexOf('/');
  if (slash === -1) return 'it is not of the form NAMESPACE/HOST';
  const [written, name] = [host.slice(0, slash), host.slice(slash + 1)];
  if (written === '' || name === '') return 'it has nothing on one side of the slash';
  const namespace = written.replace(/^~/, '');
  if (!['', '*', '.'].includes(namespace) && !isLabel(namespace))
    return 'the part before the slash is not a namespace';
  return name === '*' ? undefined : faultOfWildcardDomain(name);
}

const egress: Decoder<istio.SidecarEgress> = object<istio.SidecarEgress>(
  {
    port: object<istio.SidecarPort>({ number: uint32, protocol: string }, { others: ['name', 'targetPort'] }),
    hosts: required(list(egressHost), []),
  },
  {
    others: ['bind', 'captureMode'],
    check({ hosts }, at, node) {
      if (hosts.length === 0 && isWritten(node, 'hosts'))
        at.report('field-missing', { field: 'hosts', object: at.name });
    },
  },
);

/** A listener without a port is for all other ports, and is the last one. */
function checkOrder(listeners: readonly istio.SidecarEgress[], at: Cursor): void {
  for (const [index, { port }] of listeners.entries())
    if (port === undefined && index < listeners.length - 1)
      at.child(index).report('field-missing', { field: 'port', object: 'egress' });
}

/**
 * The hosts that a client sees are read, and the subset that it sends all else to; the fields of the other settings are of no concern here.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 * @see istio.io/istio/pkg/config/validation/validation.go, ValidateSidecar
 */
export const sidecar: Decoder<istio.Sidecar> = object<istio.Sidecar>(
  {
    workloadSelector: object<{ readonly labels?: Readonly<Record<string, string>> }>({
      labels: record(string),
    }),
    egress: checked(list(egress), checkOrder),
    outboundTrafficPolicy: object<istio.OutboundTrafficPolicy>(
      { egressProxy: destination },
      { others: ['mode'] },
    ),
  },
  { others: ['ingress', 'inboundConnectionPool'] },
);
