interface Token {
  readonly kind: string;
  readonly text: string;
}

/** A line of YAML with its parts coloured; a line is enough for that, but for texts of several lines. */
export function YamlLine({ text }: { readonly text: string }) {
  return (
    <>
      {tokensOf(text).map(({ kind, text: part }, index) =>
        kind === '' ? (
          part
        ) : (
          <span key={index} class={`y-${kind}`}>
            {part}
          </span>
        ),
      )}
    </>
  );
}

/** The indentation with dashes, a key with its colon, the value, a comment. */
const line = /^(\s*(?:- +)*-?)((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#:'"{[][^#:]*?)\s*:)?(?=\s|$)(.*)$/;

export function tokensOf(text: string): readonly Token[] {
  if (/^\s*#/.test(text)) return [{ kind: 'comment', text }];
  if (text === '---') return [{ kind: 'mark', text }];
  const [, lead = '', key = '', rest = text] = line.exec(text) ?? [];
  const comment = /(?:^|\s)#.*$/.exec(rest)?.[0] ?? '';
  const value = comment === '' ? rest : rest.slice(0, rest.length - comment.length);
  return [
    { kind: '', text: lead },
    { kind: 'key', text: key },
    { kind: kindOf(value.trim()), text: value },
    { kind: 'comment', text: comment },
  ].filter(token => token.text !== '');
}

function kindOf(value: string): string {
  if (/^["'].*["']$/.test(value)) return 'string';
  if (/^-?\d+(?:\.\d+)?$/.test(value) || /^(?:true|false|null)$/.test(value)) return 'number';
  return '';
}
