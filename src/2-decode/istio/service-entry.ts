import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, enumeration, list, record, string, uint32 } from '../decoder.ts';
import { carried, isWritten, object, required } from '../object.ts';
import { faultOfWildcardDomain, isLabel } from '../validation/domain-name.ts';
import { isSubnet } from '../validation/ip-address.ts';
import { protocolOf, protocols } from '../validation/server.ts';
import { checkExportTo, labels, port } from './values.ts';

const servicePort: Decoder<istio.ServicePort> = object<istio.ServicePort>({
  number: required(port, 0),
  name: required(
    checked(string, (name, at) => {
      if (!isLabel(name)) at.report('name-invalid', { kind: 'port', name, reason: 'it is not a DNS label' });
    }),
    '',
  ),
  protocol: checked(string, (protocol, at) => {
    if (protocol !== '' && protocolOf(protocol) === undefined)
      at.report('value-not-allowed', { field: at.name, value: protocol, values: protocols });
  }),
  targetPort: port,
});

const host = checked(string, (name, at) => {
  const reason = name === '*' ? 'it stands for every host' : faultOfWildcardDomain(name);
  if (reason !== undefined) at.report('host-invalid', { host: name, reason });
});

/**
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateServiceEntry)
 */
export const serviceEntry: Decoder<istio.ServiceEntry> = object<istio.ServiceEntry>(
  {
    hosts: required(list(host), []),
    addresses: list(
      checked(string, (address, at) => {
        if (!isSubnet(address)) at.report('subnet-invalid', { subnet: address });
      }),
    ),
    ports: checked(list(servicePort), checkPorts),
    location: enumeration('MESH_EXTERNAL', 'MESH_INTERNAL'),
    resolution: enumeration('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'),
    endpoints: list(
      carried({
        address: string,
        ports: record(port),
        labels,
        network: string,
        locality: string,
        weight: uint32,
        serviceAccount: string,
      }),
    ),
    workloadSelector: object<{ readonly labels?: Readonly<Record<string, string>> }>({
      labels: record(string),
    }),
    exportTo: list(string),
    subjectAltNames: list(string),
  },
  {
    exclusive: ['endpoints', 'workloadSelector'],
    check(spec, at, node) {
      const { hosts, exportTo } = spec;
      if (isAmbiguous(spec)) at.child('hosts').report('service-entry-hosts-ambiguous', {});
      if (hosts.length === 0 && isWritten(node, 'hosts'))
        at.report('field-missing', { field: 'hosts', object: at.name });
      checkExportTo(exportTo, at, true);
    },
  },
);

/** Plain TCP does not say which of several hosts it is for. */
function isAmbiguous({ hosts, ports = [], resolution = 'NONE' }: istio.ServiceEntry): boolean {
  const told = ports.every(({ protocol = '' }) => ['http', 'tls'].includes(protocolOf(protocol) ?? ''));
  return resolution !== 'NONE' && hosts.length > 1 && !told;
}

function checkPorts(ports: readonly istio.ServicePort[], at: Cursor): void {
  for (const [index, { name, number }] of ports.entries()) {
    if (name !== '' && ports.findIndex(other => other.name === name) < index)
      at.child(index)
        .child('name')
        .report('listed-twice', { what: `port name \`${name}\`` });
    if (number !== 0 && ports.findIndex(other => other.number === number) < index)
      at.child(index)
        .child('number')
        .report('listed-twice', { what: `port ${number}` });
  }
}
