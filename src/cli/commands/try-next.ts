import type { AnyResource } from '../../2-decode/resource.ts';
import type { ChooseLots } from '../../8-convert/kept.ts';
import type { Conversion, ConvertedResource } from '../../conversion.ts';
import { type Code, refuses } from '../../diagnostics/catalog.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
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
 * Works out which flags convert more, by a conversion with each flag that may help. It converts only the lots of the VirtualServices
 * that it may help, with everything that has a say in what becomes of them.
 *
 * @param convert runs some of the same input with other options
 * @returns lines for people, the flag that converts most first
 */
export function tryNext(
  { resources }: Conversion,
  options: Options,
  convert: (options: Options, choose: ChooseLots) => Conversion,
): readonly string[] {
  if (resources.length > MOST_OBJECTS) return [];
  const refused = resources.filter(isRefused);
  if (refused.length === 0) return [];
  const names = new Set(refused.map(({ resource }) => nameOf(resource)));
  const gains = alternatives.flatMap(({ flags, options: changed, codes: cured, isSet }) => {
    if (isSet(options)) return [];
    const reasons = resources.flatMap(({ resource, status, diagnostics }) =>
      status === 'held-back' ? [{ resource, ...reasonsIn(diagnostics, cured) }] : [],
    );
    // One that has another reason too stays as it is, so that a run would be for nothing. Where there is a run, another reason may be
    // that of an object beside it which converts now.
    if (!reasons.some(({ isAllCured }) => isAllCured)) return [];
    const curable = new Set(
      reasons.filter(({ isSomeCured }) => isSomeCured).map(({ resource }) => nameOf(resource)),
    );
    const again = convert({ ...options, ...changed }, lot => lot.some(one => curable.has(nameOf(one))));
    const more = again.resources.filter(one => names.has(nameOf(one.resource)) && !isRefused(one)).length;
    return more === 0 ? [] : [{ flags, more }];
  });
  return gains
    .toSorted((a, b) => b.more - a.more)
    .map(
      ({ flags, more }) => `Try ${flags}: ${formatNumber(more)} more ${more === 1 ? 'converts' : 'convert'}.`,
    );
}

/** Whether flags cure the reasons for which an object is not converted, by their codes. */
function reasonsIn(
  diagnostics: readonly Diagnostic[],
  cured: ReadonlySet<Code>,
): { readonly isAllCured: boolean; readonly isSomeCured: boolean } {
  const reasons = diagnostics.filter(({ fate }) => refuses(fate));
  const isSomeCured = reasons.some(({ code }) => cured.has(code));
  return { isSomeCured, isAllCured: isSomeCured && reasons.every(({ code }) => cured.has(code)) };
}

/** Whether it is a VirtualService that is not converted. */
function isRefused({ status, resource }: ConvertedResource): boolean {
  return status === 'held-back' && resource.type === 'istio.VirtualService';
}

/** The kind, the name and the document, which stay the same with other options. */
function nameOf({ type, source, namespace, name }: AnyResource): string {
  return JSON.stringify([type, source?.document.file.path, source?.document.index, namespace, name]);
}
