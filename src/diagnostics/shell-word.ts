/** @returns the text as one word of a POSIX shell, quoted only where it has to be */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-][\w@%+=:,./#-]*$/.test(text) ? text : alwaysQuoted(text);
}

/** @returns the text between single quotes, in which a shell leaves everything alone */
export function alwaysQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
