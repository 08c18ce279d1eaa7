import type { SourceFile } from '../../src/index.ts';

/** What other tools fill in later; `{{ }}` is not among them, since such a document is no manifest yet. */
const placeholder = /\$\{[^}\n]*\}|\$\([^)\n]*\)|###\w+###/g;

/** Puts a name where other tools would put something: no cluster holds a placeholder. */
export function withoutPlaceholders(text: string): string {
  return text.replace(placeholder, 'placeholder');
}

/** The same for a file. */
export function withKnownNames({ path, text }: SourceFile): SourceFile {
  return { path, text: withoutPlaceholders(text) };
}
