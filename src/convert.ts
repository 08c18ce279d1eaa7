import { mayName } from './1-read/unread-text.ts';
import type { AnyResource } from './2-decode/resource.ts';
import type { Derive } from './3-link/derived.ts';
import { alternativeClaims } from './3-link/environments/alternative-claims.ts';
import {
  reportAlternativeClaims,
  reportDuplicates,
  withoutShownInputs,
} from './3-link/environments/duplicates.ts';
import { appliers } from './3-link/environments/identity.ts';
import { contextsOf, type Variant, variantsOf } from './3-link/environments/variants.ts';
import { variantsWithin } from './3-link/environments/variants-within.ts';
import { buildFacts, type Namespaces, namespacesOf } from './3-link/facts.ts';
import { withFieldSchemas } from './3-link/field-schemas.ts';
import { reportClientPorts, withClientPorts } from './3-link/gateways/gateway-client-ports.ts';
import { lotsOf, PARTS } from './3-link/lots.ts';
import { answersAbout, type Mentions, mentionsIn } from './3-link/mentions.ts';
import { withNamespaces } from './3-link/namespaces.ts';
import { asksForPort80, hasHttpAt80 } from './3-link/port-80.ts';
import { nothingRemembered, type Remembered } from './3-link/remembered.ts';
import { withTarget } from './3-link/target-version.ts';
import { unitsOf } from './3-link/units.ts';
import { unreadTexts } from './3-link/unread-texts.ts';
import { convertByLots, earlierOf, LARGE, packed } from './7-settle/by-lots.ts';
import { earlierAbout } from './7-settle/earlier-about.ts';
import type { KnownLots } from './7-settle/known-lots.ts';
import { lotReuse } from './7-settle/lot-reuse.ts';
import { type LotShape, repeatedLots } from './7-settle/lot-shape.ts';
import type { LotResult } from './7-settle/lot-template.ts';
import { SETTLING_STEPS, settle } from './7-settle/settle.ts';
import { SharedLots } from './7-settle/shared-lots.ts';
import { isConvertible, toConversion } from './7-settle/to-conversion.ts';
import { besideServices, tryContexts } from './7-settle/try-contexts.ts';
import { Budget, type Memory } from './budget.ts';
import { byPath, type ChangedText, ChangingTexts } from './changing-texts.ts';
import type { Conversion } from './conversion.ts';
import { type Around, ConvertedAgain } from './convert-again.ts';
import type { Finding, Report } from './diagnostics/diagnostic.ts';
import { collect, locator } from './diagnostics/locate.ts';
import { defaultOptions, type Options, withStage } from './options.ts';
import { appliersIn, type ReadFile, readOne, readResources } from './read-resources.ts';
import type { SourceFile } from './yaml/source.ts';

/** State that sessions keep between conversions; none of it changes a conversion, only what it takes. */
export interface Kept {
  /** Reads one text. */
  readonly read: (file: SourceFile) => ReadFile;
  readonly memory: Memory;
  /** The results of lots; those of which nothing changed are not converted again. */
  readonly lots?: KnownLots;
  /** Answers about single texts and objects, and the objects that were made of others, by which results of lots are found. */
  readonly remembered?: Remembered;
  /** Keeps what takes long by the smallest lots, for those who come again with a few changes. */
  readonly isComingAgain?: boolean;
  /** Whether lots that differ in the numbers of names alone are converted once (lot-reuse.ts); so it is if nobody says otherwise. */
  readonly isReusing?: boolean;
}

/** A conversion, and how it is made again once a few texts have changed. */
export interface Converted {
  readonly conversion: Conversion;
  /** @returns undefined where everything has to be converted anew */
  readonly again: (changes: readonly ChangedText[]) => Conversion | undefined;
}

/**
 * Converts the VirtualServices of some texts, and what they lean on.
 *
 * @param files texts to convert
 * @param facts texts that are read for what they say of Services, Gateways and the like, and left alone
 * @param progress hears now and then how much of the work is done
 * @param options `defaultOptions` where nothing else is said
 * @param beside texts of the same folders that are no manifests, such as templates, values and hidden files: what they
 * name is in use, and kustomizations among them count
 * @param kept what is kept of earlier conversions: nothing, if nobody says otherwise
 * @param examples how many of the requests that prove a VirtualService its proof keeps
 * @returns the objects, the edits that put them in place (`applyEdits` makes them), and everything there is to say;
 * nothing is written anywhere. A fault of the texts is a diagnostic: nothing is thrown.
 */
export function convert(
  files: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Options = defaultOptions,
  progress: (done: number, total: number) => void = () => undefined,
  beside: readonly SourceFile[] = [],
  kept: Kept = { read: readOne, memory: new Map() },
  examples = 0,
): Conversion {
  return convertAndKeep(files, facts, options, progress, beside, kept, examples).conversion;
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

/** The same, for those who may come again. */
export function convertAndKeep(...given: Parameters<typeof begin>): Converted {
  return begin(...given).finish();
}

/** A conversion of which the texts are read and put together. */
export interface Begun {
  /** The lots; undefined where the cluster stays in one piece. */
  readonly lots: SharedLots | undefined;
  /** The numbers of lots that take long, the largest ones first. */
  readonly numbers: readonly number[];
  /** Converts what is not converted yet, and puts everything together. */
  readonly finish: () => Converted;
}

/** Everything outside of some objects that their conversion may read, but for namespaces. */
interface LotSurroundings {
  readonly mentions: Mentions;
  /** Whether a Service that is not among them has HTTP at port 80 (port-80.ts). */
  readonly isPort80Elsewhere: boolean;
}

/** Reads, and leaves open who converts the lots; the parameters are those of `convert`. */
export function begin(
  files: readonly SourceFile[],
  facts: readonly SourceFile[],
  options: Options,
  progress: (done: number, total: number) => void,
  beside: readonly SourceFile[],
  kept: Kept,
  examples = 0,
): Begun {
  const { report, findings } = collect();
  const { report: heard, findings: told } = collect();
  const { derive, documents, links, claims: claimsOf } = kept.remembered ?? nothingRemembered;
  const written = readResources(files, options.namespace, heard, kept.read, derive);
  const readAlong = readResources(facts, options.namespace, heard, kept.read, derive);
  const ported = withClientPorts(landedTogether(written, readAlong, options.namespace, derive), derive);
  const own = ported.resources.slice(0, written.length);
  const other = ported.resources.slice(written.length);
  for (const { code, place, args, related } of withFieldSchemas(told, [...own, ...other]))
    report(code, place, args, related);
  const saidOfTexts = findings.slice();
  const around = appliersIn(beside, options);
  const unread = unreadTexts([...files, ...facts], [...own, ...other], findings, documents);
  const listing = new Set(around.map(({ source }) => source?.document.file));
  const named = beside.filter(mayName).map(file => ({ ...file, isPartlyRead: listing.has(file) }));
  const mentions = mentionsIn([...unread, ...named]);
  const { inputs, shown: withOthers } = withoutShownInputs(own, other);
  const shown = [...withOthers, ...around];
  reportDuplicates(inputs, report);
  const isInput = new Set(inputs);
  reportClientPorts(ported.found, inputs, report);
  const settled = withTarget(withStage(options), [...inputs, ...shown], report);
  const claims = alternativeClaims([...inputs, ...shown], claimsOf);
  reportAlternativeClaims(claims, isInput, report);
  const settleIn = (
    { resources, alternatives }: Pick<Variant, 'resources' | 'alternatives'>,
    members: ReadonlySet<AnyResource>,
    say: Report,
    budget: Budget,
    step?: () => void,
    shownOfEach = 0,
    told: readonly Finding[] = findings,
    namespaces?: Namespaces,
    given: ReadonlySet<AnyResource> = isInput,
    { mentions: named, isPort80Elsewhere }: LotSurroundings = { mentions, isPort80Elsewhere: false },
  ) => {
    const known = buildFacts(
      resources,
      settled,
      given,
      alternatives,
      named,
      budget,
      namespaces,
      isPort80Elsewhere,
    );
    const candidates = unitsOf(known, resource => given.has(resource), say);
    const units = candidates.filter(({ resource }) => members.has(resource));
    return settle(known, units, candidates, told, step, shownOfEach);
  };
  const contexts = contextsOf([...inputs, ...shown], isInput, claims);
  const {
    preferred,
    beside: alike,
    severalServices,
  } = tryContexts(
    contexts,
    ({ resources, alternatives, readAs }, members) => {
      const trial = new Budget(options, undefined, kept.memory);
      const asRead = (some: ReadonlySet<AnyResource>): ReadonlySet<AnyResource> =>
        readAs.size === 0
          ? some
          : new Set(resources.filter(resource => some.has(readAs.get(resource) ?? resource)));
      const silent = () => undefined;
      return settleIn(
        { resources, alternatives },
        asRead(members),
        silent,
        trial,
        undefined,
        0,
        findings,
        undefined,
        asRead(isInput),
      );
    },
    report,
  );
  const variants = variantsOf([...inputs, ...shown], isInput, contexts, preferred);
  const steps = SETTLING_STEPS * variants.reduce((sum, { members }) => sum + members.size, 0);
  const budget = new Budget(options, undefined, kept.memory);
  let done = 0;
  const step = (): void => {
    done = Math.min(done + 1, steps);
    progress(done, steps);
  };
  const all = [...inputs, ...shown];
  const surroundings = [...inputs.filter(resource => !isConvertible(resource)), ...shown];
  // An environment of several, or documents of which a cluster has one.
  const isOneCluster = variants.length === 1 && variants[0]?.resources.length === all.length;
  const isMoved = variants.some(({ readAs }) => readAs.size > 0);
  const isApart = !isMoved && severalServices.size + alike.length + around.length === 0;
  const within = isOneCluster ? undefined : variantsWithin(variants);
  const namespaces = namespacesOf(all);
  const isReusing = kept.isReusing !== false && examples === 0;
  const context = {
    inputs: isInput,
    namespaces,
    namespace: options.namespace,
    earlierOf: earlierAbout(findings),
    variants: within === undefined ? undefined : { count: variants.length, of: within },
  };
  // The clusters of an object may be others as soon as any object changes.
  const choices = JSON.stringify([settled, examples]);
  const hasPort80 = isOneCluster && all.some(hasHttpAt80);
  const known = isOneCluster ? kept.lots?.within({ choices, namespaces, mentions, hasPort80 }) : undefined;
  // A name in a text that nobody could read is about one lot, and not about those of its shape.
  const isAlike = (lot: readonly AnyResource[]): boolean =>
    known?.has(lot) !== true && answersAbout(mentions, lot).length === 0;
  const shapes = new Map<readonly AnyResource[], LotShape>();
  const lots = isApart
    ? lotsOf(
        all,
        settled,
        kept.isComingAgain === true ? 1 : Math.ceil(PARTS / variants.length),
        smallest => (isReusing ? repeatedLots(smallest.filter(isAlike), context, shapes) : new Set()),
        links,
        isOneCluster ? [all] : variants.map(({ resources }) => resources),
      )
    : undefined;
  if (lots !== undefined && lots.all.length > 1) {
    const locate = locator();
    let told = 0;
    const tell = (): void => {
      told += 1;
      step();
    };
    const counted = { steps: () => told, step: tell };
    const reuse = lotReuse(budget, locate, counted);
    const convertLot = (
      resources: readonly AnyResource[],
      earlier: readonly Finding[],
      namespaces: Namespaces,
      around: Omit<Around, 'namespaces'> = { mentions, hasPort80 },
    ) => {
      const isPort80Elsewhere = around.hasPort80 && asksForPort80(resources);
      const { report: say, findings: said } = collect();
      for (const { code, place, args, related } of earlier) say(code, place, args, related);
      const parts = within?.(resources) ?? [{ resources, alternatives: [], members: isInput, namespaces }];
      const settlements = parts.map(part =>
        settleIn(part, part.members, say, budget, tell, examples, said, part.namespaces, isInput, {
          mentions: around.mentions,
          isPort80Elsewhere,
        }),
      );
      const own = resources.filter(resource => isInput.has(resource));
      const others = resources.filter(resource => !isInput.has(resource));
      const texts = [...new Set(resources.flatMap(({ source }) => source?.document.file ?? []))];
      return toConversion(own, others, settlements, [], said, texts, settled, locate);
    };
    const pack = (result: LotResult) => (inputs.length > LARGE ? packed(result) : result);
    const convertHere = (resources: readonly AnyResource[], earlier: readonly Finding[]) => {
      const convertNow = (listen: () => Namespaces) => {
        const shape = shapes.get(resources);
        const now = () => convertLot(resources, earlier, listen());
        return shape === undefined ? now() : reuse.convert(resources, shape, now);
      };
      return known === undefined
        ? convertNow(() => namespaces)
        : known.convert(resources, earlier, budget, counted, listen => pack(convertNow(listen)));
    };
    const shared = new SharedLots(lots.all, {
      convert: convertHere,
      pack,
      earlierOf: earlierOf(lots.all, findings),
      budget,
      locate,
      progress: counted,
    });
    const finish = (): Converted => {
      const byLots = convertByLots(
        lots,
        inputs,
        findings,
        files,
        locate,
        (resources, earlier) => shared.of(resources) ?? convertHere(resources, earlier),
      );
      // Close to a limit each lot has to find out by itself.
      if ((shared.hasTaken || (known?.hits ?? 0) > 0) && !budget.isHalfLeft) {
        const { lots: _, ...rest } = kept;
        return convertAndKeep(files, facts, options, progress, beside, rest, examples);
      }
      const { lots: knownLots, remembered } = kept;
      const isChanging =
        kept.isComingAgain === true &&
        isOneCluster &&
        // Something may be said of a text of facts that holds no object.
        claims.size + facts.length + shown.length === 0 &&
        files.every((file, index) => index === 0 || byPath(files[index - 1] ?? file, file) < 0);
      if (!isChanging || knownLots === undefined || remembered === undefined)
        return { conversion: { ...byLots.conversion, surroundings }, again: () => undefined };
      const reader = { namespace: options.namespace, read: kept.read, derive, documents };
      const changing = ConvertedAgain.of(
        {
          texts: new ChangingTexts(files, { resources: written, findings: saidOfTexts, unread }, reader),
          read: written,
          ported: own,
          lots: byLots.lots(),
          beside: named,
        },
        mentions,
        {
          remembered,
          locate,
          within: around => knownLots.within({ choices, ...around }),
          convert: (resources, earlier, among, around) =>
            among.convert(resources, earlier, budget, counted, listen =>
              pack(convertLot(resources, earlier, listen(), around)),
            ),
          inputs: isInput,
        },
      );
      return {
        conversion: { ...byLots.conversion, surroundings },
        again: changes => {
          // The work of earlier conversions counts here, and not in one that begins anew.
          const conversion = budget.isHalfLeft ? changing?.change(changes) : undefined;
          return budget.isHalfLeft ? conversion : undefined;
        },
      };
    };
    return { lots: shared, numbers: largestFirst(lots.all, shapes), finish };
  }
  const finishInOnePiece = (): Converted => {
    const settlements = variants
      .map(variant => {
        // A VirtualService that is converted where it was read is converted in other namespaces, too; the rest stays as it is.
        const moved = [...variant.readAs].flatMap(([resource, origin]) =>
          resource.type === 'istio.VirtualService' && isInput.has(origin) ? [resource] : [],
        );
        const given = moved.length === 0 ? isInput : new Set([...isInput, ...moved]);
        return settleIn(variant, variant.members, report, budget, step, examples, findings, undefined, given);
      })
      .map(settlement => ({
        ...settlement,
        units: settlement.units.map(unit =>
          severalServices.has(unit.unit.vs.resource) ? besideServices(settlement, unit) : unit,
        ),
      }));
    return {
      conversion: {
        ...toConversion(inputs, shown, settlements, alike, findings, files, settled),
        surroundings,
      },
      again: () => undefined,
    };
  };
  return { lots: undefined, numbers: [], finish: finishInOnePiece };
}

/** Lots that are like others take no time: whoever has one converts them all. */
function largestFirst(
  all: readonly (readonly AnyResource[])[],
  shapes: ReadonlyMap<readonly AnyResource[], LotShape>,
): readonly number[] {
  const sizes = all.map(lot => lot.length);
  return [...all.keys()]
    .filter(number => !shapes.has(all[number] ?? []))
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
}
