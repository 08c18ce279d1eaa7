import type { Cursor } from '../cursor.ts';
import { faultOfGatewayName } from '../validation/gateway-name.ts';

/** Reports names of Gateways that istiod refuses; it looks no further than the first name without a slash. */
export function checkGatewayNames(names: readonly string[], at: Cursor): void {
  for (const [index, name] of names.entries()) {
    const reason = faultOfGatewayName(name);
    if (reason !== undefined) at.child(index).report('gateway-name-invalid', { gateway: name, reason });
    if (!name.includes('/')) return;
  }
}
