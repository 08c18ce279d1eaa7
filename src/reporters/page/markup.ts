import { visible } from '../../print/visible.ts';

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Markup[];

/** A template of HTML in which every value is escaped that is not markup itself. */
export function markup(parts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  const text = parts.reduce((done, part, index) => done + written(values[index - 1] ?? '') + part);
  return new Markup(text);
}

export const nothing = new Markup('');

/** @returns the text with what stands between backticks as code */
export function prose(text: string): Markup {
  return new Markup(escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>'));
}

function written(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escapeHtml(String(part));
}

/** Text of others within tags and attributes; control characters but line feeds are made visible. */
export function escapeHtml(text: string): string {
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
