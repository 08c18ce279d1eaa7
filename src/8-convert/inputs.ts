import { mayName, type UnreadText } from '../1-read/unread-text.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Derive } from '../3-link/derived.ts';
import { type AlternativeClaims, alternativeClaims } from '../3-link/environments/alternative-claims.ts';
import {
  reportAlternativeClaims,
  reportDuplicates,
  withoutShownInputs,
} from '../3-link/environments/duplicates.ts';
import { appliers } from '../3-link/environments/identity.ts';
import { withFieldSchemas } from '../3-link/field-schemas.ts';
import { reportClientPorts, withClientPorts } from '../3-link/gateways/gateway-client-ports.ts';
import { type Mentions, mentionsIn } from '../3-link/mentions.ts';
import { withNamespaces } from '../3-link/namespaces.ts';
import { nothingRemembered } from '../3-link/remembered.ts';
import { withTarget } from '../3-link/target-version.ts';
import { unreadTexts } from '../3-link/unread-texts.ts';
import { isConvertible } from '../7-settle/to-conversion.ts';
import type { Conversion, ConversionOfInputs } from '../conversion.ts';
import type { Finding, Report } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import { type Options, withStage } from '../options.ts';
import { appliersIn, readResources } from '../read-resources.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { TextRead } from './changing-texts.ts';
import type { Kept } from './kept.ts';

/** The texts of a conversion, read and put together. */
export interface Inputs {
  /** The texts to convert. */
  readonly files: readonly SourceFile[];
  /** The texts that are only read. */
  readonly facts: readonly SourceFile[];
  /** As they hold for these objects: with the versions and the stage that follow from others. */
  readonly options: Options;
  /** The objects of the texts to convert. */
  readonly inputs: readonly AnyResource[];
  /** The same. A session adds objects and takes some away. */
  readonly isInput: Set<AnyResource>;
  /** Objects that are only read. */
  readonly shown: readonly AnyResource[];
  /** Those of them in texts that are no manifests: kustomizations, and other objects that apply manifests. */
  readonly around: readonly AnyResource[];
  readonly claims: AlternativeClaims;
  /** Names in texts that nobody could read, or that are no manifests. */
  readonly mentions: Mentions;
  /** The texts that are no manifests and may name objects. */
  readonly beside: readonly UnreadText[];
  /** Everything that was said so far, in one order; `report` adds to it. */
  readonly findings: readonly Finding[];
  readonly report: Report;
  /** The content of the texts to convert, as they were written, with what was said of them. */
  readonly texts: TextRead;
  /** The objects of the texts to convert in the order of `texts`, with the ports that their clients name. */
  readonly ported: readonly AnyResource[];
}

/**
 * Reads the texts of a conversion; the parameters are those of `convert`.
 *
 * @returns the objects, with everything that reading says of them. A fault of the texts is a finding: nothing is thrown.
 */
export function readInputs(
  files: readonly SourceFile[],
  facts: readonly SourceFile[],
  options: Options,
  beside: readonly SourceFile[],
  { read, remembered = nothingRemembered }: Pick<Kept, 'read' | 'remembered'>,
): Inputs {
  const { report, findings } = collect();
  const { report: heard, findings: told } = collect();
  const { derive, documents } = remembered;
  const written = readResources(files, options.namespace, heard, read, derive);
  const readAlong = readResources(facts, options.namespace, heard, read, derive);
  const ports = withClientPorts(landedTogether(written, readAlong, options.namespace, derive), derive);
  const ported = ports.resources.slice(0, written.length);
  const other = ports.resources.slice(written.length);
  for (const { code, place, args, related } of withFieldSchemas(told, [...ported, ...other]))
    report(code, place, args, related);
  const saidOfTexts = findings.slice();
  const around = appliersIn(beside, options);
  const unread = unreadTexts([...files, ...facts], [...ported, ...other], findings, documents);
  const listing = new Set(around.map(({ source }) => source?.document.file));
  const named = beside.filter(mayName).map(file => ({ ...file, isPartlyRead: listing.has(file) }));
  const { inputs, shown: withOthers } = withoutShownInputs(ported, other);
  const shown = [...withOthers, ...around];
  reportDuplicates(inputs, report);
  const isInput = new Set(inputs);
  reportClientPorts(ports.found, inputs, report);
  const settled = withTarget(withStage(options), [...inputs, ...shown], report);
  const claims = alternativeClaims([...inputs, ...shown], remembered.claims);
  reportAlternativeClaims(claims, isInput, report);
  return {
    files,
    facts,
    options: settled,
    inputs,
    isInput,
    shown,
    around,
    claims,
    mentions: mentionsIn([...unread, ...named]),
    beside: named,
    findings,
    report,
    texts: { resources: written, findings: saidOfTexts, unread },
    ported,
  };
}

/** @returns the conversion with the objects around it, which change what it means and are not converted */
export function withSurroundings(
  { inputs, shown, options }: Inputs,
  conversion: ConversionOfInputs,
): Conversion {
  const surroundings = [...inputs.filter(resource => !isConvertible(resource)), ...shown];
  return withAssumptions(options, { ...conversion, surroundings });
}

/** @returns the conversion with the options by which its objects were read */
export function withAssumptions(
  { rootNamespace, defaultPort, trustedProxies }: Options,
  conversion: Omit<Conversion, 'assumptions'>,
): Conversion {
  const assumptions = {
    ...(rootNamespace === undefined ? {} : { rootNamespace }),
    ...(defaultPort === undefined ? {} : { defaultPort }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  };
  return { ...conversion, assumptions };
}

/**
 * Objects that are converted and those that are only read, in the namespaces that the kustomizations of both give them: an overlay
 * may be converted with its base at hand.
 */
function landedTogether(
  written: readonly AnyResource[],
  readAlong: readonly AnyResource[],
  namespace: string,
  derive: Derive,
): readonly AnyResource[] {
  const all = [...written, ...readAlong];
  if (written.length === 0 || !all.some(({ type }) => appliers.has(type))) return all;
  const landed = readAlong.length === 0 ? all : withNamespaces(all, namespace, derive);
  return all.map((resource, index) => {
    const other = landed[index];
    return other === undefined || other.namespace === resource.namespace ? resource : other;
  });
}
