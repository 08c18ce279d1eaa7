import type * as istio from '../istio/index.ts';
import { type EntryContext, entryPlace } from './context.ts';

/**
 * Reports faults, which no route can inject; one that takes no request is dropped.
 *
 * @returns whether the entry can do without
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, TranslateFault
 */
export function translateFault(context: EntryContext, fault: istio.HTTPFaultInjection): boolean {
  const { delay, abort } = fault;
  const delays = delay?.fixedDelay !== undefined && takesRequests(delay.percentage, delay.percent);
  const aborts =
    (abort?.httpStatus ?? abort?.grpcStatus) !== undefined && takesRequests(abort?.percentage, undefined);
  if (delays) context.report('fault-delay', entryPlace(context, 'fault', 'delay'), {});
  if (aborts) context.report('fault-abort', entryPlace(context, 'fault', 'abort'), {});
  if (delays || aborts) return false;
  context.report('fault-without-effect', entryPlace(context, 'fault'), {});
  return true;
}

/** Without any percentage the reference promises all requests and istiod configures none: that counts as some. */
function takesRequests(percentage: istio.Percent | undefined, percent: number | undefined): boolean {
  return percentage === undefined ? percent !== 0 : (percentage.value ?? 0) > 0;
}
