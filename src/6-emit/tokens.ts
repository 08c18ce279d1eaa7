import { Lexer } from 'yaml';

/** A piece of YAML that is not white space. */
export interface Token {
  readonly kind: 'comment' | 'content';
  readonly start: number;
  readonly end: number;
}

// The lexer marks the start of documents and scalars, and the end of flow collections, with signs that are not in
// the text.
const scalarMark = '\x1f';
const marks = new Set(['\x02', '\x18', scalarMark]);

/** Comments and content of a document, in order; only a lexer knows which `#` starts a comment. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!marks.has(token)) {
      if (scalar || /\S/.test(token)) {
        const end = offset + token.trimEnd().length;
        tokens.push({ kind: !scalar && token.startsWith('#') ? 'comment' : 'content', start: offset, end });
      }
      offset += token.length;
    }
    scalar = token === scalarMark;
  }
  return tokens;
}
