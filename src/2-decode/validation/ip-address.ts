import { hasPlaceholder } from './placeholder.ts';

/** Tells whether a text is an IPv4 or IPv6 address. */
export function isIpAddress(text: string): boolean {
  if (text.includes(':')) return /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
  const parts = text.split('.');
  return (
    parts.length === 4 && parts.every(part => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)
  );
}

/** Tells whether a text is an address, or a block of them: `10.0.0.0/8`. */
export function isSubnet(text: string): boolean {
  if (hasPlaceholder(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  if (bits === undefined) return isIpAddress(address);
  const most = address.includes(':') ? 128 : 32;
  return (
    more.length === 0 && isIpAddress(address) && /^(?:0|[1-9][0-9]{0,2})$/.test(bits) && Number(bits) <= most
  );
}
