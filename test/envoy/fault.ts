import { canonicalJson } from '../../src/3-link/canonical.ts';
import type * as istio from '../../src/istio/index.ts';
import { parseDuration } from '../../src/semantics/duration.ts';
import type { Outcome } from '../../src/semantics/outcome.ts';

/** gRPC's status codes, by the names that VirtualServices use. */
const grpcCodes = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/**
 * The model keeps a fault as it is written, since nothing it converts to has any; here it is put as Envoy has it.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, TranslateFault
 */
export function withEnvoyFault(outcome: Outcome): Outcome {
  if (outcome.kind !== 'forward' || outcome.fault === '') return outcome;
  const { delay, abort } = JSON.parse(outcome.fault) as istio.HTTPFaultInjection;
  const millionths = (percentage: istio.Percent | undefined, percent: number | undefined) =>
    percentage === undefined ? (percent ?? 0) * 10_000 : Math.trunc((percentage.value ?? 0) * 10_000);
  const fault = faultText({
    delay:
      delay?.fixedDelay === undefined
        ? undefined
        : {
            milliseconds: parseDuration(delay.fixedDelay),
            millionths: millionths(delay.percentage, delay.percent),
          },
    abort:
      abort === undefined || (abort.httpStatus === undefined && abort.grpcStatus === undefined)
        ? undefined
        : {
            httpStatus: abort.httpStatus,
            grpcStatus: abort.grpcStatus === undefined ? undefined : grpcCodes.indexOf(abort.grpcStatus),
            millionths: millionths(abort.percentage, undefined),
          },
  });
  return { ...outcome, fault };
}

interface FaultPart extends Readonly<Record<string, number | undefined>> {
  readonly millionths: number;
}

/** @returns a fault as Envoy has it, without what no request meets */
export function faultText({
  delay,
  abort,
}: {
  readonly delay: FaultPart | undefined;
  readonly abort: FaultPart | undefined;
}): string {
  const parts = {
    delay: delay?.millionths === 0 ? undefined : delay,
    abort: abort?.millionths === 0 ? undefined : abort,
  };
  return parts.delay === undefined && parts.abort === undefined ? '' : canonicalJson(parts);
}
