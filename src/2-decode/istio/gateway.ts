import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, record, string, uint32 } from '../decoder.ts';
import { object, required } from '../object.ts';
import { isIpAddress } from '../validation/ip-address.ts';
import { faultOfServerHost, protocolOf, protocols } from '../validation/server.ts';
import { checkServerTls, serverTls } from './server-tls.ts';
import { checkPort } from './values.ts';

const port: Decoder<istio.Port> = object<istio.Port>(
  {
    number: required(uint32, 0),
    protocol: required(string, ''),
    name: required(string, ''),
    targetPort: uint32,
  },
  {
    check(value, at, node) {
      if (value.protocol !== '' && protocolOf(value.protocol) === undefined)
        at.child('protocol').report('value-not-allowed', {
          field: 'protocol',
          value: value.protocol,
          values: protocols,
        });
      if (value.name === '' && node.pairs.some(pair => pair.name === 'name'))
        at.child('name').report('field-empty', { field: 'name', wanted: 'a name such as `http`' });
      if ((value.targetPort ?? 0) > 0) at.child('targetPort').report('target-port-on-gateway', {});
    },
  },
);

const server: Decoder<istio.Server> = object<istio.Server>(
  {
    port: required(port, { number: 0, protocol: '', name: '' }),
    bind: checked(string, (bind, at) => {
      if (bind !== '' && !bind.startsWith('unix://') && !isIpAddress(bind))
        at.report('bind-invalid', { bind });
    }),
    hosts: required(list(string), []),
    tls: serverTls,
    defaultEndpoint: string,
    name: string,
  },
  {
    check(value, at, node) {
      if (
        value.hosts.length === 0 &&
        node.pairs.some(pair => pair.name === 'hosts' && pair.value.kind === 'sequence')
      )
        at.child('hosts').report('field-empty', {
          field: 'hosts',
          wanted: 'the hosts that it serves, or `"*"`',
        });
      for (const [index, host] of value.hosts.entries())
        checkServerHost(host, at.child('hosts').child(index));
      if (node.pairs.some(pair => pair.name === 'port')) checkPortNumber(value, at);
      checkServerTls(value, at);
    },
  },
);

function checkServerHost(host: string, at: Cursor): void {
  const reason = faultOfServerHost(host);
  if (reason !== undefined) at.report('host-invalid', { host, reason });
}

/** A server on a Unix socket has no port. */
function checkPortNumber({ port: { number: value }, bind = '' }: istio.Server, at: Cursor): void {
  if (value > 0 && bind.startsWith('unix://')) at.child('bind').report('bind-invalid', { bind });
  if (value > 0 || !bind.startsWith('unix://')) checkPort(value, at.child('port').child('number'));
}

/**
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateGateway)
 */
export const gateway: Decoder<istio.Gateway> = object<istio.Gateway>(
  { servers: list(server), selector: record(string) },
  {
    check({ servers = [] }, at, node) {
      const unread = node.pairs.some(pair => pair.name === 'servers' && pair.value.kind === 'mapping');
      if (servers.length === 0 && !unread) at.report('field-missing', { field: 'servers', object: at.name });
      for (const [
        index,
        {
          port: { name },
        },
      ] of servers.entries())
        if (name !== '' && servers.findIndex(other => other.port.name === name) < index)
          at.child('servers')
            .child(index)
            .child('port')
            .child('name')
            .report('listed-twice', { what: `port name \`${name}\`` });
    },
  },
);
