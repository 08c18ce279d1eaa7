import type * as istio from '../istio/index.ts';

/** The faults that some request meets; `{}` for none. */
export type EffectiveFault = Partial<Pick<istio.HTTPFaultInjection, 'delay' | 'abort'>>;

/**
 * Leaves out of a fault what no request meets. Without any percentage the reference promises all requests and istiod
 * configures none: that counts as some.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, TranslateFault
 */
export function effectiveFault({ delay, abort }: istio.HTTPFaultInjection): EffectiveFault {
  const delays = delay?.fixedDelay !== undefined && takesRequests(delay.percentage, delay.percent);
  const aborts =
    (abort?.httpStatus ?? abort?.grpcStatus) !== undefined && takesRequests(abort?.percentage, undefined);
  return {
    ...(delay === undefined || !delays ? {} : { delay }),
    ...(abort === undefined || !aborts ? {} : { abort }),
  };
}

function takesRequests(percentage: istio.Percent | undefined, percent: number | undefined): boolean {
  return percentage === undefined ? percent !== 0 : (percentage.value ?? 0) > 0;
}
