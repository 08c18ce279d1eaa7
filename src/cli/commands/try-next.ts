import type { Conversion } from '../../conversion.ts';
import { type Code, refuses } from '../../diagnostics/catalog.ts';
import type { Options } from '../../options.ts';
import { formatNumber } from '../../print/summary.ts';

/** A flag that may convert more, and the codes that make it worth a try. */
interface Alternative {
  readonly flags: string;
  readonly options: Partial<Options>;
  readonly codes: ReadonlySet<Code>;
  /** Whether the run was asked for it already. */
  readonly isSet: (options: Options) => boolean;
}

const newest = '1.7';

const alternatives: readonly Alternative[] = [
  {
    flags: `--gateway-api ${newest}`,
    options: { gatewayApi: newest, targetFromInput: false },
    codes: new Set([
      'retries-unsupported',
      'retries-off',
      'cors-version',
      'redirect-code-version',
      'route-kind-version',
      'gateway-ca-certificate',
    ]),
    isSet: ({ gatewayApi }) => gatewayApi === newest,
  },
  {
    flags: '--channel experimental',
    options: { channel: 'experimental', targetFromInput: false },
    codes: new Set(['retries-unsupported', 'cors-version', 'route-kind-version']),
    isSet: ({ channel }) => channel === 'experimental',
  },
  {
    flags: '--profile istio',
    options: { profile: 'istio' },
    codes: new Set([
      'not-portable',
      'tls-not-portable',
      'order-not-portable',
      'export-to-narrowed',
      'gateway-tls-mode-not-portable',
    ]),
    isSet: ({ profile }) => profile === 'istio',
  },
  {
    flags: '--partial',
    options: { partial: true },
    codes: new Set([
      'fault-injection',
      'retries-unsupported',
      'retries-off',
      'retries-field',
      'cors-version',
      'cors-origin',
      'cors-value',
    ]),
    isSet: ({ partial }) => partial,
  },
];

/** More objects than these would make a run of seconds one of a minute. */
const MOST_OBJECTS = 3_000;

/**
 * Works out which flags convert more, by a conversion with each flag that may help.
 *
 * @param convert runs the same input with other options
 * @returns lines for people, the flag that converts most first
 */
export function tryNext(
  { resources }: Conversion,
  options: Options,
  convert: (options: Options) => Conversion,
): readonly string[] {
  if (resources.length > MOST_OBJECTS) return [];
  const refused = heldBack({ resources });
  if (refused.size === 0) return [];
  const reasons = resources.flatMap(({ status, diagnostics }) =>
    status === 'held-back' ? [diagnostics.filter(({ fate }) => refuses(fate)).map(({ code }) => code)] : [],
  );
  const gains = alternatives.flatMap(({ flags, options: changed, codes: cured, isSet }) => {
    // One that has another reason too stays as it is, so that a run would be for nothing.
    const mayHelp = reasons.some(codes => codes.length > 0 && codes.every(code => cured.has(code)));
    if (isSet(options) || !mayHelp) return [];
    const left = heldBack(convert({ ...options, ...changed }));
    const more = [...refused].filter(name => !left.has(name)).length;
    return more === 0 ? [] : [{ flags, more }];
  });
  return gains
    .toSorted((a, b) => b.more - a.more)
    .map(
      ({ flags, more }) => `Try ${flags}: ${formatNumber(more)} more ${more === 1 ? 'converts' : 'convert'}.`,
    );
}

/** The VirtualServices that are not converted, by file and name. */
function heldBack({ resources }: Pick<Conversion, 'resources'>): ReadonlySet<string> {
  return new Set(
    resources.flatMap(({ resource, status }) => {
      if (status !== 'held-back' || resource.type !== 'istio.VirtualService') return [];
      const { source, namespace, name } = resource;
      return [JSON.stringify([source?.document.file.path, source?.document.index, namespace, name])];
    }),
  );
}
