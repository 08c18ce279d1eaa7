import { isIpAddress } from '../2-decode/validation/ip-address.ts';

/**
 * Whether a string has the format that a schema names. The API server knows more formats; the CRDs of the Gateway API name
 * these for strings, and a format that nobody knows holds nothing against a value.
 *
 * @see k8s.io/kube-openapi/pkg/validation/strfmt/default.go
 */
export function hasFormat(text: string, format: string): boolean {
  switch (format) {
    case 'ipv4':
      // Addresses with zeros in front of their numbers were taken once, and still are.
      return !text.includes(':') && isIpAddress(text.replaceAll(/(^|\.)0+(?=\d)/g, '$1'));
    case 'ipv6':
      return text.includes(':') && isIpAddress(text);
    default:
      return true;
  }
}

/** The whole numbers that fit a format. */
export function fitsFormat(value: number, format: string | undefined): boolean {
  const bits = format === 'int32' ? 31 : 63;
  return value >= -(2 ** bits) && value < 2 ** bits;
}
