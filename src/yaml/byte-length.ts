const encoder = new TextEncoder();

/** @returns how many bytes a text takes in UTF-8; half of a surrogate pair counts as the three bytes of U+FFFD */
export function byteLength(text: string): number {
  for (let index = 0; index < text.length; index += 1)
    if (text.charCodeAt(index) > 0x7f) return encoder.encode(text).length;
  return text.length;
}
