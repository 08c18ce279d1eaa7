import { decodeBase64 } from './base64.ts';

/** The value of a resolved scalar; timestamps and binary data are strings, as they are in JSON. */
export type ScalarValue = string | number | boolean | null;

const words: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    word => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    word => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    word => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, Number.NEGATIVE_INFINITY] as const),
]);

const decimalFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
/** `0b-1` is -1 to the Go library: what follows the prefix is parsed as a signed number. */
const signedBinary = /^0b([-+][01]+)$/;

const smallestInt64 = -(2n ** 63n);
const largestInt64 = 2n ** 63n - 1n;
const largestUint64 = 2n ** 64n - 1n;

/**
 * Resolves a scalar without quotes as kubectl does: sigs.k8s.io/yaml stands on go-yaml v2, which reads YAML 1.1 words
 * for booleans and C-like integers.
 *
 * @returns the value in JSON; a string that looks like none of the others stands for itself
 * @see https://github.com/yaml/go-yaml/blob/v2.4.4/resolve.go
 */
export function resolvePlain(text: string): ScalarValue {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) return resolveNumber(text);
  switch (text[0]) {
    case '+':
    case '-':
      return words.get(text) ?? resolveNumber(text);
    case '.':
      return words.get(text) ?? resolveFraction(text);
    case undefined:
    case '~':
    case 'y':
    case 'Y':
    case 'n':
    case 'N':
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'o':
    case 'O': {
      const value = words.get(text);
      return value === undefined ? text : value;
    }
    default:
      return text;
  }
}

function resolveNumber(text: string): ScalarValue {
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  const whole = parseInteger(digits);
  if (whole !== undefined) return Number(whole);
  if (decimalFloat.test(digits)) return finite(digits, text);
  const binary = signedBinary.exec(digits)?.[1];
  return binary === undefined ? text : Number.parseInt(binary, 2) + 0;
}

/** @returns undefined beyond 64 bits too, where ParseInt and ParseUint fail and the text is tried as a float */
function parseInteger(digits: string): bigint | undefined {
  const parts = integer.exec(digits);
  if (parts === null) return undefined;
  const [, sign, hex, binary, octal, oldOctal, decimal = '0'] = parts;
  const size = BigInt(
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined || oldOctal !== undefined
          ? `0o${octal ?? oldOctal}`
          : decimal,
  );
  const value = sign === '-' ? -size : size;
  return value >= smallestInt64 && value <= (sign === '' ? largestUint64 : largestInt64) ? value : undefined;
}

function resolveFraction(text: string): ScalarValue {
  // Go's ParseFloat lets single underscores stand between digits.
  if (!/^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/.test(text)) return text;
  return finite(text.replaceAll('_', ''), text);
}

/** ParseFloat fails on numbers too large for a float64; the text then stays a string. */
function finite(digits: string, text: string): ScalarValue {
  const value = Number(digits);
  return Number.isFinite(value) ? value : text;
}

/**
 * Resolves a scalar with an explicit tag, whose quotes then do not matter.
 *
 * @param tag in short form, for example `!!int`
 * @returns undefined when the text is no such thing: go-yaml refuses the document
 */
export function resolveTagged(tag: string, text: string): ScalarValue | undefined {
  switch (tag) {
    case '!!bool':
      return only('boolean', resolvePlain(text));
    case '!!int': {
      const value = only('number', resolvePlain(text));
      return value === undefined || decimalPoint.test(text) ? undefined : value;
    }
    case '!!float':
      return only('number', resolvePlain(text));
    case '!!null':
      return resolvePlain(text) === null ? null : undefined;
    case '!!binary':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(decodeBase64(text));
    default:
      return text;
  }
}

const decimalPoint = /[.]|^[-+]?[0-9][^xX]*[eE]/;

function only(type: 'boolean' | 'number', value: ScalarValue): ScalarValue | undefined {
  return typeof value === type ? value : undefined;
}

/**
 * The text that a key becomes in JSON.
 *
 * @param text the key as it is written
 * @returns undefined for null, which kubectl refuses as a key
 * @see https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/yaml.go (convertToJSONableObject)
 */
export function keyText(value: ScalarValue, text: string): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return undefined;
  return parseInteger(text.replaceAll('_', ''))?.toString() ?? floatKeyText(value);
}

/** Keys that are floats pass through a float32 and Go's `%g`: 1e6 becomes `1e+06`. */
function floatKeyText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return value < 0 ? '-.inf' : '.inf';
  if (Object.is(single, -0)) return '-0';
  const shortest =
    [1, 2, 3, 4, 5, 6, 7, 8]
      .map(digits => Number(single.toPrecision(digits)))
      .find(candidate => Math.fround(candidate) === single) ?? Number(single.toPrecision(9));
  const [digits = '', exponent = '0'] = shortest.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(shortest);
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${digits}e${power < 0 ? '-' : '+'}${size}`;
}

/**
 * Tells whether a YAML 1.2 reader would read another value than kubectl does, as for `on`, `010`, `0b11` and `1_000`.
 *
 * @param text the scalar as it is written, without quotes
 * @see https://yaml.org/spec/1.2.2/#103-core-schema
 */
export function differsInYaml12(text: string, value: ScalarValue): boolean {
  if (typeof value === 'boolean') return !/^(?:true|True|TRUE|false|False|FALSE)$/.test(text);
  if (typeof value !== 'number') return false;
  if (/^[-+]?0[0-9]/.test(text)) return Number(text) !== value;
  return text.includes('_') || /^[-+]?0[bB]|^[-+]0[xXoO]|^0[XO]/.test(text);
}
