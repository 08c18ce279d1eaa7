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
  if (delay !== undefined) context.report('fault-delay', entryPlace(context, 'fault', 'delay'), {});
  if (abort !== undefined) context.report('fault-abort', entryPlace(context, 'fault', 'abort'), {});
  if (delay !== undefined || abort !== undefined) return false;
  context.report('fault-without-effect', entryPlace(context, 'fault'), {});
  return true;
}
