const encoder = new TextEncoder();

/** @returns how many bytes a text takes in UTF-8; half of a surrogate pair counts as the three bytes of U+FFFD */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
