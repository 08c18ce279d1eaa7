import type { SourceFile } from '../../src/index.ts';

/** What other tools fill in later; `{{ }}` only between quotes, since else such a document is no manifest yet. */
const placeholder = /\$\{[^}\n]*\}|\$\([^)\n]*\)|###\w+###|(?<=["'][^"'\n]*)\{\{[^}\n]*\}\}/g;

/** A path that begins with one, which stands for a slash and more. */
const atStart = /((?:exact|prefix|uri):[ \t]*["']?)(?=\$\{|\$\(|###|\{\{)/g;

/** A name that is a placeholder alone, and has to have a dot at a Gateway. */
const domain = /^([ \t]*- ["']?)\$\{\w*DOMAIN\w*\}(?=["']?[ \t]*$)/gm;

/** Puts a name where other tools would put something: no cluster holds a placeholder. */
export function withoutPlaceholders(text: string): string {
  return text
    .replace(atStart, '$1/')
    .replace(domain, '$1placeholder.example')
    .replace(placeholder, 'placeholder');
}

/** The same for a file. */
export function withKnownNames({ path, text }: SourceFile): SourceFile {
  return { path, text: withoutPlaceholders(text) };
}
