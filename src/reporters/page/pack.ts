import { deflateSync, strToU8 } from 'fflate';

/**
 * Packs a value for a page: JSON, deflated, in base64. The same value gives the same text on every machine, since the
 * compressor is written in JavaScript.
 */
export function pack(value: unknown): string {
  return packText(JSON.stringify(value));
}

/** Packs a text for a page. */
export function packText(text: string): string {
  const bytes = deflateSync(strToU8(text), { level: 6 });
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(''));
}
