import type * as istio from '../../istio/index.ts';
import {
  boolean,
  type Decoder,
  enumeration,
  integer,
  list,
  number,
  record,
  string,
  uint32,
} from '../decoder.ts';
import { carried, isWritten, object } from '../object.ts';
import { anyDuration, duration } from './values.ts';

const uint64 = integer(0, Number.MAX_SAFE_INTEGER);
const failover = list(carried({ from: string, to: string }));

const httpCookie = carried(
  {
    name: string,
    path: string,
    ttl: anyDuration,
    attributes: list(carried({ name: string, value: string })),
  },
  {
    check(_, at, node) {
      if (!isWritten(node, 'name')) at.report('field-missing', { field: 'name', object: at.name });
    },
  },
);

const consistentHash = carried(
  {
    httpHeaderName: string,
    httpCookie,
    useSourceIp: boolean,
    httpQueryParameterName: string,
    ringHash: carried({ minimumRingSize: uint64 }),
    maglev: carried({ tableSize: uint64 }),
    minimumRingSize: uint64,
  },
  { exclusive: ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'] },
);

const warmup = carried(
  { duration, minimumPercent: number, aggression: number },
  {
    check(_, at, node) {
      if (!isWritten(node, 'duration')) at.report('field-missing', { field: 'duration', object: at.name });
    },
  },
);

/** Weights by the load that backends report (Istio 1.32). */
const backendUtilization = carried({
  weightStabilizationPeriod: anyDuration,
  weightExpirationPeriod: anyDuration,
  weightUpdatePeriod: anyDuration,
  errorUtilizationPenaltyPercent: uint32,
  metricNamesForComputingUtilization: list(string),
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings */
export const loadBalancer: Decoder<istio.LoadBalancerSettings> = object<istio.LoadBalancerSettings>(
  {
    simple: enumeration('UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'),
    consistentHash,
    localityLbSetting: carried({
      distribute: list(carried({ from: string, to: record(uint32) })),
      failover,
      failoverPriority: list(string),
      enabled: boolean,
    }),
    zoneAwareLbSetting: carried({
      enabled: boolean,
      failover,
      failoverPriority: list(string),
      minClusterSize: integer(1, 2 ** 32 - 1),
    }),
    warmup,
    warmupDurationSecs: duration,
    backendUtilization,
  },
  { exclusive: ['simple', 'consistentHash', 'backendUtilization'] },
);
