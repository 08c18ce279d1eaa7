/**
 * Decodes base64 as Node.js does: characters that are not of the alphabet are skipped, both alphabets are read, and the
 * first `=` ends the text.
 */
export function decodeBase64(text: string): Uint8Array {
  const plain = (text.split('=')[0] ?? '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(/[^A-Za-z0-9+/]/g, '');
  // One character alone holds less than a byte.
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  return Uint8Array.from(atob(whole), character => character.charCodeAt(0));
}
