import { hasPlaceholder } from './placeholder.ts';

/** Nanoseconds in each unit that Go knows. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const MILLISECOND = 1_000_000n;
const LARGEST = 2n ** 63n - 1n;
const part = '([0-9]*)(\\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h)';
const whole = new RegExp(`^[-+]?(?:(?=\\.?[0-9])${part})+$`);

/**
 * Reads a duration as Go does: `1h30m`, `1.5s`, `500ms`. API servers and istiod both do.
 *
 * @returns nanoseconds; undefined when the text is no duration, or longer than 292 years
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseGoDuration(text: string): bigint | undefined {
  if (/^[-+]?0$/.test(text)) return 0n;
  if (!whole.test(text)) return undefined;
  let total = 0n;
  for (const [, digits = '', fraction = '', unit = ''] of text.matchAll(new RegExp(part, 'g'))) {
    const size = units[unit] ?? 0n;
    const decimals = fraction.slice(1, 19);
    total += BigInt(digits || '0') * size + (BigInt(decimals || '0') * size) / 10n ** BigInt(decimals.length);
  }
  if (total > LARGEST) return undefined;
  return text.startsWith('-') ? -total : total;
}

/**
 * @returns why istiod refuses a duration, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/agent/validation.go (ValidateDuration)
 */
export function faultOfDuration(text: string): string | undefined {
  if (hasPlaceholder(text)) return undefined;
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds === undefined)
    return /^[0-9.]+$/.test(text)
      ? 'it has no unit, such as `s` or `ms`'
      : 'it is not a duration such as `1.5s`, `500ms` or `1h30m`';
  if (nanoseconds < MILLISECOND) return 'it is shorter than `1ms`';
  return nanoseconds % MILLISECOND === 0n ? undefined : 'it is finer than milliseconds';
}
