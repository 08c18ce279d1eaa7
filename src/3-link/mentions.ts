import { isValuesFile, type UnreadText } from '../1-read/unread-text.ts';
import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { folderOf } from './gitops/kustomizations.ts';
import { completeHost } from './host.ts';
import type { DestinationRule } from './subsets/destination-rules.ts';
import { type SharedWithUnread, unreadClaimsIn } from './unread-claims.ts';

/**
 * Names in texts that nobody could read as objects. An object that such a text may name is in use: it is neither removed nor
 * taken out of another object. A name counts wherever it stands, so that more is kept than is needed.
 */
export interface Mentions {
  /** @returns the path of a text that may use a subset */
  readonly ofSubset: (rule: DestinationRule, subset: string) => string | undefined;
  /** @returns the path of a text that may bind a VirtualService to an Istio Gateway */
  readonly ofGateway: (gateway: Resource<'istio.Gateway'>) => string | undefined;
  /** @returns the path of a text that may delegate to a VirtualService, patch it, or have its weights moved */
  readonly ofVirtualService: (vs: Resource<'istio.VirtualService'>) => string | undefined;
  /** @returns a host that a VirtualService of such a text has, too */
  readonly ofHosts: (vs: Resource<'istio.VirtualService'>) => SharedWithUnread | undefined;
}

const nothing = (): undefined => undefined;

export const noMentions: Mentions = {
  ofSubset: nothing,
  ofGateway: nothing,
  ofVirtualService: nothing,
  ofHosts: nothing,
};

/** @param texts that nobody could read */
export function mentionsIn(texts: readonly UnreadText[]): Mentions {
  if (texts.length === 0) return noMentions;
  const scanned = byChart(texts).map(scan);
  const find = (test: (text: Scanned) => boolean): string | undefined => scanned.find(test)?.path;
  return {
    ofSubset: (rule, subset) => {
      const host = completeHost(rule.spec.host, rule.namespace);
      const short = host.startsWith('*') ? undefined : (host.split('.')[0] ?? host);
      return find(text => usesSubset(text, rule, short, subset));
    },
    ofGateway: gateway => find(text => bindsTo(text, gateway)),
    ofVirtualService: vs => find(text => namesVirtualService(text, vs)),
    ofHosts: unreadClaimsIn(texts),
  };
}

/**
 * @returns the answers to all that is ever asked of texts about some objects, in an order that depends on these alone; none
 * where no text names any of them
 */
export function answersAbout(
  mentions: Mentions,
  resources: readonly AnyResource[],
): readonly (string | undefined)[] {
  if (mentions === noMentions) return [];
  const { ofSubset, ofGateway, ofVirtualService, ofHosts } = mentions;
  const answers = resources.flatMap(resource => {
    switch (resource.type) {
      case 'istio.VirtualService':
        return [ofVirtualService(resource), pathAndHost(ofHosts(resource))];
      case 'istio.Gateway':
        return [ofGateway(resource)];
      case 'istio.DestinationRule':
        return (resource.spec.subsets ?? []).map(({ name }) => ofSubset(resource, name));
      default:
        return [];
    }
  });
  return answers.every(answer => answer === undefined) ? [] : answers;
}

function pathAndHost(shared: SharedWithUnread | undefined): string | undefined {
  return shared === undefined ? undefined : `${shared.path} ${shared.host}`;
}

interface Scanned {
  readonly path: string;
  /** The folder of the chart; undefined for a text of no chart. */
  readonly chart: string | undefined;
  /** Every word, and every word up to its first dot. */
  readonly words: ReadonlySet<string>;
  readonly hasSubsets: boolean;
  readonly isValues: boolean;
  readonly hasHosts: boolean;
  /** Hosts that only the values of the template tell. */
  readonly hasOpenHosts: boolean;
  /** Subsets that only the values of the template tell, with what is written of them. */
  readonly openSubsets: readonly RegExp[];
  readonly hasGateways: boolean;
  readonly hasOpenGateways: boolean;
  readonly namesVirtualServices: boolean;
  readonly patches: ReadonlySet<string>;
}

const placeholder = /\{\{|\$\{|\$\(|\(@|#@|\{%|<%|\$[A-Za-z_]/;

function usesSubset(text: Scanned, rule: DestinationRule, host: string | undefined, subset: string): boolean {
  if (isPatched(text, rule)) return true;
  if (!text.hasSubsets && !text.isValues) return false;
  const isOpen = text.openSubsets.some(pattern => pattern.test(subset));
  if (!text.words.has(subset) && !isOpen) return false;
  if (host === undefined || !text.hasHosts || text.words.has(host) || text.words.has(rule.name))
    return !text.isValues || text.hasSubsets || host === undefined || text.words.has(host);
  return text.hasOpenHosts && isInChart(text, rule);
}

function bindsTo(text: Scanned, gateway: Resource<'istio.Gateway'>): boolean {
  if (isPatched(text, gateway)) return true;
  return text.hasGateways && (text.words.has(gateway.name) || text.hasOpenGateways);
}

function namesVirtualService(text: Scanned, vs: Resource<'istio.VirtualService'>): boolean {
  return isPatched(text, vs) || (text.namesVirtualServices && text.words.has(vs.name));
}

/** Whether a kustomization that does not parse patches an object. */
function isPatched({ patches, words }: Scanned, { kind, name }: AnyResource | DestinationRule): boolean {
  return patches.has(kind) && words.has(name);
}

function isInChart({ chart }: Scanned, { source }: DestinationRule): boolean {
  const path = source?.document.file.path ?? '';
  return chart !== undefined && (chart === '' || path.startsWith(`${chart}/`));
}

/** The templates of a chart and its values are one text: what one leaves open the other tells. */
function byChart(texts: readonly UnreadText[]): readonly (UnreadText & { readonly chart?: string })[] {
  const charts = new Set(texts.flatMap(({ path }) => chartOf(path) ?? []));
  const joined = new Map<string, UnreadText & { readonly chart: string }>();
  const alone: UnreadText[] = [];
  for (const one of texts) {
    const { path, text } = one;
    const chart = chartOf(path) ?? (isValuesFile(path) ? folderOf(path) : undefined);
    if (chart === undefined || !charts.has(chart)) {
      alone.push(one);
      continue;
    }
    const before = joined.get(chart);
    joined.set(chart, {
      chart,
      path: before?.path ?? path,
      text: before === undefined ? text : `${before.text}\n${text}`,
    });
  }
  return [...joined.values(), ...alone];
}

function chartOf(path: string): string | undefined {
  return /^(?:(.*)\/)?templates\//
    .exec(path)
    ?.slice(1)
    .map(folder => folder ?? '')[0];
}

const patchable = ['VirtualService', 'DestinationRule', 'Gateway'];

function scan({
  path,
  text: written,
  chart,
  isPartlyRead = false,
}: UnreadText & { readonly chart?: string }): Scanned {
  // `apiVersion: v1` is no subset.
  const text = written.replace(/["']?apiVersion["']?\s*:\s*["']?[\w./-]+/g, '');
  const all = text.match(/[A-Za-z0-9][A-Za-z0-9_.-]*/g) ?? [];
  const words = new Set(all.flatMap(word => [word, word.split('.')[0] ?? word]));
  const isPatching = !isPartlyRead && /\bpatch\w*["']?\s*:/i.test(text);
  return {
    path,
    chart,
    words,
    hasSubsets: /subset/i.test(text),
    isValues:
      isValuesFile(path) ||
      /\bkind["']?\s*:\s*["']?(?:HelmRelease|Application|ApplicationSet)\b|\bvaluesInline\b/.test(text),
    hasHosts: /\bhosts?\b/i.test(text) || isValuesFile(path),
    hasOpenHosts: openValues(text, 'host').length > 0,
    openSubsets: openValues(text, 'subset').map(patternOf),
    hasGateways: /gateways?["']?\s*[:=]|\/gateways/i.test(text),
    hasOpenGateways:
      /gateways?["']?\s*[:=]\s*(?:\[\s*|\n\s*-\s*)?["']?[^\n]{0,40}?(?:\{\{|\$\{|#@|\{%|<%)/i.test(text),
    namesVirtualServices:
      !isPartlyRead && /virtualServices?["']?\s*[:=]|delegate["']?\s*[:=]|\/delegate/.test(text),
    patches: new Set(isPatching ? patchable.filter(kind => words.has(kind)) : []),
  };
}

/** @returns the values of a field that a placeholder is in */
function openValues(text: string, field: string): readonly string[] {
  const values = [...text.matchAll(new RegExp(`\\b${field}["']?[ \\t]*[:=][ \\t]*([^\\n]+)`, 'gi'))];
  return values.map(([, value = '']) => value.trim()).filter(value => placeholder.test(value));
}

/** The known text of a value around its placeholders, as a pattern. */
function patternOf(value: string): RegExp {
  const parts = value
    .replace(/^["']/, '')
    .split(/\{\{.*?\}\}|\$\{.*?\}|\$\(.*?\)|\(@.*?@\)|#@.*|\{%.*?%\}|<%.*?%>|\$\w+/)
    .map(part => part.trim().replace(/["',}\]#].*/, ''));
  return new RegExp(`^${parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}`);
}
