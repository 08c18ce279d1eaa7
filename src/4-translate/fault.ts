import type * as istio from '../istio/index.ts';
import { effectiveFault } from '../semantics/fault.ts';
import { type EntryContext, entryPlace } from './context.ts';

/**
 * Reports faults, which no route can inject; one that takes no request is dropped.
 *
 * @returns whether the entry can do without
 */
export function translateFault(context: EntryContext, fault: istio.HTTPFaultInjection): boolean {
  const { delay, abort } = effectiveFault(fault);
  if (delay !== undefined)
    context.report('fault-injection', entryPlace(context, 'fault', 'delay'), { what: 'delay' });
  if (abort !== undefined)
    context.report('fault-injection', entryPlace(context, 'fault', 'abort'), { what: 'abort' });
  if (delay !== undefined || abort !== undefined) return false;
  context.report('field-without-effect', entryPlace(context, 'fault'), {
    field: 'fault',
    reason: 'it covers 0 % of the requests, or has an exponential delay, which istiod ignores',
  });
  return true;
}
