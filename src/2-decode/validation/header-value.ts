// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what istiod refuses
const controlCharacter = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** @returns why istiod refuses a header value, undefined when it does not */
export function faultOfHeaderValue(value: string): string | undefined {
  if (controlCharacter.test(value)) return 'it has control characters';
  if (!value.includes('%') || isFormat(value)) return undefined;
  return 'a single `%` begins a variable such as `%REQ(x-user)%`; a percent sign is `%%`';
}

/** The state of Envoy's reader. */
type State =
  | 'text'
  | 'variable'
  | 'array'
  | 'element'
  | 'string'
  | 'delimiter'
  | 'arguments-end'
  | 'variable-end';

/**
 * Tells whether Envoy can read a value as a format with variables: `%VAR%`, `%VAR(argument)%` or `%VAR(["a", "b"])%`.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/header_value_validator.go
 */
function isFormat(value: string): boolean {
  let state: State = 'text';
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? '';
    const last = at + 1 === value.length;
    // `%%` in text and a backslash in a string take the next character with them.
    const takesNext =
      (state === 'text' && character === '%' && value[at + 1] === '%') ||
      (state === 'string' && character === '\\');
    if (takesNext) {
      if (last) return false;
      at++;
      continue;
    }
    const next = steps[state](character);
    if (next === undefined) return false;
    state = next;
  }
  return state === 'text';
}

/** @returns the state after a character, undefined when it may not stand there */
const steps: Readonly<Record<State, (character: string) => State | undefined>> = {
  text: character => (character === '%' ? 'variable' : 'text'),
  variable: character => (character === '%' ? 'text' : character === '(' ? 'array' : 'variable'),
  array: character => (character === '[' ? 'element' : character === ' ' ? 'array' : 'string'),
  element: character => (character === '"' ? 'string' : character === ' ' ? 'element' : undefined),
  string: character => (character === ')' ? 'variable-end' : character === '"' ? 'delimiter' : 'string'),
  delimiter: character =>
    character === ','
      ? 'element'
      : character === ']'
        ? 'arguments-end'
        : character === ' '
          ? 'delimiter'
          : undefined,
  'arguments-end': character =>
    character === ')' ? 'variable-end' : character === ' ' ? 'arguments-end' : undefined,
  'variable-end': character => (character === '%' ? 'text' : character === ' ' ? 'variable-end' : undefined),
};
