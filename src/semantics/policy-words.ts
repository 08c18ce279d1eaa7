/** A policy as `verify` compares it: text of JSON. */
interface Cors {
  readonly origins?: readonly string[];
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
  readonly exposed?: readonly string[];
  /** Milliseconds. */
  readonly maxAge?: number;
  readonly credentials?: boolean;
  readonly forwardsUnmatchedPreflights?: boolean;
}

/** @returns what a CORS policy allows, a part for each setting: `CORS for https://shop.example.com`, `CORS methods GET` */
export function corsWords(cors: string): readonly string[] {
  if (cors === '') return ['no CORS'];
  const { origins = [], methods = [], headers = [], exposed = [], ...rest } = JSON.parse(cors) as Cors;
  const list = (what: string, values: readonly string[]): readonly string[] =>
    values.length === 0 ? [] : [`CORS ${what} ${values.join(', ')}`];
  return [
    `CORS for ${origins.length === 0 ? 'no origin' : origins.join(', ')}`,
    ...list('methods', methods),
    ...list('headers', headers),
    ...list('exposed headers', exposed),
    ...(rest.maxAge === undefined ? [] : [`CORS max age ${rest.maxAge / 1000} s`]),
    ...(rest.credentials === true ? ['CORS with credentials'] : []),
    ...(rest.forwardsUnmatchedPreflights === false ? ['CORS does not forward unmatched preflights'] : []),
  ];
}

interface Fault {
  readonly abort?: Readonly<Record<string, unknown>>;
  readonly delay?: Readonly<Record<string, unknown>>;
}

/** @returns what a fault does: `abort with 503 for 10 %`, `delay of 2s for 5 %` */
export function faultWords(fault: string): readonly string[] {
  if (fault === '') return ['no fault'];
  const { abort, delay } = JSON.parse(fault) as Fault;
  return [
    ...(abort === undefined ? [] : [`abort with ${settingOf(abort)}${shareOf(abort)}`]),
    ...(delay === undefined ? [] : [`delay of ${settingOf(delay)}${shareOf(delay)}`]),
  ];
}

/** The status or the time: whatever is not the share of the requests. */
function settingOf(part: Readonly<Record<string, unknown>>): string {
  return Object.entries(part)
    .filter(([name]) => name !== 'percentage' && name !== 'percent')
    .map(([name, value]) =>
      name === 'httpStatus' || name === 'fixedDelay' ? String(value) : `${name} ${String(value)}`,
    )
    .join(' ');
}

function shareOf({ percentage, percent }: Readonly<Record<string, unknown>>): string {
  const value = (percentage as { readonly value?: unknown } | undefined)?.value ?? percent;
  return value === undefined ? '' : ` for ${String(value)} %`;
}
