import type { UnreadText } from '../1-read/unread-text.ts';
import type { Resource } from '../2-decode/resource.ts';
import { folderOf } from './gitops/kustomizations.ts';
import { groupBy } from './group-by.ts';
import { resolveHost } from './host.ts';

/** A VirtualService in a text that nobody could read, as far as it is written out. */
interface UnreadClaim {
  readonly path: string;
  /** As they are written. */
  readonly hosts: readonly string[];
  /** Undefined where it is left out, or where only the values of a template tell it. */
  readonly namespace: string | undefined;
}

/** A host that a VirtualService shares with one that nobody could read. */
export interface SharedWithUnread {
  readonly host: string;
  readonly path: string;
}

/**
 * Finds VirtualServices in texts that nobody could read which have a host in common with one that was read. The hosts and the
 * namespace count that are written out, and only texts that are applied with it: those of its folder or of its chart. Texts of
 * other folders look like other environments, as files of other folders do.
 *
 * @returns what a VirtualService shares with the first of them
 */
export function unreadClaimsIn(
  texts: readonly UnreadText[],
): (vs: Resource<'istio.VirtualService'>) => SharedWithUnread | undefined {
  const charts = new Set(
    texts.flatMap(({ path }) => (/(?:^|\/)Chart\.yaml$/.test(path) ? [folderOf(path)] : [])),
  );
  const placeOfText = (path: string): string => placeIn(charts, path);
  const claimsOf = groupBy(
    texts.flatMap(text => claimIn(text) ?? []),
    ({ path }) => placeOfText(path),
  );
  if (claimsOf.size === 0) return () => undefined;
  const claimedBy = new Map<string, ReadonlyMap<string, Claimed>>();
  return vs => {
    const path = vs.source?.document.file.path;
    const place = path === undefined ? undefined : placeOfText(path);
    const claims = place === undefined ? undefined : claimsOf.get(place);
    if (claims === undefined) return undefined;
    // Every VirtualService of the place asks when a text changes.
    const key = `${place}\n${vs.namespace}`;
    const claimed = claimedBy.get(key) ?? claimedIn(claims, vs.namespace);
    claimedBy.set(key, claimed);
    return (vs.spec.hosts ?? [])
      .flatMap(host => claimed.get(resolveHost(host, vs.namespace)) ?? [])
      .reduce<Claimed | undefined>((one, other) => (one && one.rank <= other.rank ? one : other), undefined)
      ?.shared;
  };
}

/** A host that a text has, and how many stand before it in all texts. */
interface Claimed {
  readonly rank: number;
  readonly shared: SharedWithUnread;
}

/** @param ofReader the namespace of whoever asks, which counts where a text does not say its own */
function claimedIn(claims: readonly UnreadClaim[], ofReader: string): ReadonlyMap<string, Claimed> {
  const claimed = new Map<string, Claimed>();
  let rank = 0;
  for (const { path, hosts, namespace = ofReader } of claims)
    for (const written of hosts) {
      const host = resolveHost(written, namespace);
      if (!claimed.has(host)) claimed.set(host, { rank, shared: { host, path } });
      rank += 1;
    }
  return claimed;
}

/** The templates of a chart are applied together, whatever their folders, and those of its subcharts with them. */
function placeIn(charts: ReadonlySet<string>, path: string): string {
  const ofChart = /^(?:(.*)\/)?templates\//.exec(path);
  return ofChart === null ? folderOf(path) : `${topmost(charts, ofChart[1] ?? '')}/templates`;
}

/** @see https://helm.sh/docs/chart_template_guide/subcharts_and_globals/ */
function topmost(charts: ReadonlySet<string>, chart: string): string {
  const ofSubchart = /^(?:(.*)\/)?charts\/[^/]+$/.exec(chart);
  const parent = ofSubchart?.[1] ?? '';
  return ofSubchart !== null && charts.has(parent) ? topmost(charts, parent) : chart;
}

const listed =
  /(?:^[ \t]*|[{,][ \t]*)["']?hosts["']?\s*:[ \t]*(?:\[([^\]]*)\]|\r?\n((?:[ \t]*(?:-[^\n]*|#[^\n]*)(?:\n|$))+))/m;

/** An object with errors claims its hosts by itself, unless the API server refuses it. */
function claimIn({
  path,
  text,
  isPartlyRead = false,
  isFaulty = false,
}: UnreadText): UnreadClaim | undefined {
  if (isPartlyRead || isFaulty || !/^[ \t]*["']?kind["']?\s*:\s*["']?VirtualService\b/m.test(text))
    return undefined;
  const [, inline, block] = listed.exec(text) ?? [];
  const items = (inline?.split(',') ?? block?.split('\n') ?? []).map(item =>
    item
      .replace(/^[ \t]*-/, '')
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2'),
  );
  const hosts = items.filter(item => /^[A-Za-z0-9*][A-Za-z0-9.*-]*$/.test(item));
  if (hosts.length === 0) return undefined;
  const namespace = /^[ \t]+["']?namespace["']?\s*:[ \t]*["']?([a-z0-9-]+)["']?[ \t\r]*$/m.exec(text)?.[1];
  return { path, hosts, namespace };
}
