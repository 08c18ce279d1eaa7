/** @returns a regular expression, as text, that matches a text and nothing else */
export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
