import { boolean, checked, enumeration, int32, uint32 } from '../decoder.ts';
import { carried, isWritten } from '../object.ts';
import { faultOfDuration, parseGoDuration } from '../validation/go-duration.ts';
import { anyDuration, duration } from './values.ts';

const count = checked(int32, (value, at) => {
  if (value < 0) at.report('count-negative', { field: at.name, value });
});

/** Less than a millisecond, either way, turns the timeout off. */
const idleTimeout = checked(anyDuration, (text, at) => {
  const milliseconds = (parseGoDuration(text) ?? 0n) / 1_000_000n;
  const reason = milliseconds === 0n ? undefined : faultOfDuration(text);
  if (reason !== undefined) at.report('duration-invalid', { duration: text, reason });
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings */
export const connectionPool = carried(
  {
    tcp: carried({
      maxConnections: count,
      connectTimeout: duration,
      tcpKeepalive: carried({ probes: uint32, time: duration, interval: duration }),
      maxConnectionDuration: duration,
      idleTimeout,
    }),
    http: carried({
      http1MaxPendingRequests: count,
      http2MaxRequests: count,
      maxRequestsPerConnection: count,
      maxRetries: count,
      idleTimeout: duration,
      h2UpgradePolicy: enumeration('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
      useClientProtocol: boolean,
      maxConcurrentStreams: count,
      http2KeepAlive: carried(
        { interval: duration, timeout: duration },
        {
          check(_, at, node) {
            for (const field of ['interval', 'timeout'])
              if (!isWritten(node, field)) at.report('field-missing', { field, object: at.name });
          },
        },
      ),
    }),
  },
  {
    check(_, at, node) {
      if (!isWritten(node, 'tcp') && !isWritten(node, 'http'))
        at.report('field-empty', { field: at.name, wanted: '`tcp` or `http`' });
    },
  },
);
