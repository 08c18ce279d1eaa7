import { faultOfDomain, isLabel } from './domain-name.ts';
import { hasPlaceholder } from './placeholder.ts';

/**
 * @param name what stands in `gateways`: `mesh`, `NAME`, `NAMESPACE/NAME`, or an old full name with dots
 * @returns why istiod refuses it, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (validateGatewayNames)
 */
export function faultOfGatewayName(name: string): string | undefined {
  if (hasPlaceholder(name)) return undefined;
  const slash = name.indexOf('/');
  if (slash === -1) return faultOfDomain(name);
  const namespace = name.slice(0, slash);
  const gateway = name.slice(slash + 1);
  if (!isLabel(namespace)) return `\`${namespace}\` is not a namespace`;
  return isLabel(gateway)
    ? undefined
    : gateway === ''
      ? 'the name after the slash is empty'
      : `\`${gateway}\` is not a Gateway name`;
}
