import { hasPlaceholder } from './placeholder.ts';

const qualifiedName = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const dnsLabel = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const labelKey = new RegExp(`^(${dnsLabel}(?:\\.${dnsLabel})*/)?(${qualifiedName})$`);
const labelValue = new RegExp(`^(?:${qualifiedName})?$`);

/**
 * @returns why istiod refuses a label, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/labels/instance.go
 */
export function faultOfLabel(key: string, value: string): string | undefined {
  if (hasPlaceholder(key + value)) return undefined;
  const parts = labelKey.exec(key);
  if (parts === null) return `the key \`${key}\` is not a label key`;
  const [, prefix = '', name = ''] = parts;
  if (prefix.length > 254) return `the part of \`${key}\` before the slash is longer than 253 characters`;
  if (name.length > 63) return `the name in \`${key}\` is longer than 63 characters`;
  return labelValue.test(value) ? undefined : `\`${value}\` is not a label value`;
}
