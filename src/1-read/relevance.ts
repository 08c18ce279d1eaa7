import type { SourceDocument } from '../yaml/source.ts';

const mention =
  /sidecar\.istio\.io\/inject|kyverno\.io|numTrustedProxies|proxy\.istio\.io\/config|default(?:Inbound)?HttpRetryPolicy|\bistioNamespace\b|sailoperator\.io|default(?:VirtualService|DestinationRule|Service)ExportTo|\brootNamespace\b|\bserviceSettings\b|\bserviceScopeConfigs\b|istio\.io\/dataplane-mode|(?:networking|security|extensions|telemetry)\.istio\.io|gateway\.networking\.(?:x-)?k8s\.io|\btargetRefs?["']?\s*:|kustomize\.config\.k8s\.io|\bkind["']?\s*:\s*["']?(?:VirtualService|DestinationRule|Service|Namespace|HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy|Ingress|ServiceMonitor|PodMonitor|ScaledObject|VerticalPodAutoscaler|(?:Sealed|External)?Secret|Rollout|Canary|Certificate|Application|Kustomization)(?:List)?\b/g;

/**
 * Tells whether a document's text mentions an API group or a kind that matters here. Most documents of a repository do not,
 * and searching them is some twenty times faster than parsing them.
 *
 * @returns the documents worth parsing, in order
 */
export function relevantDocuments(documents: readonly SourceDocument[]): readonly SourceDocument[] {
  const search = new RegExp(mention);
  let next = -1;
  return documents.filter(({ file, range }) => {
    if (next < range.start) {
      search.lastIndex = range.start;
      next = search.exec(file.text)?.index ?? file.text.length;
    }
    return next < range.end && !isForeignDefinition(file.text.slice(range.start, range.end));
  });
}

// The operations of JSON patches, which name no kind.
const patch = /["']?\bop["']?\s*:\s*["']?(?:add|remove|replace|move|copy|test)\b/;

// The plugins of kustomize, which need not name a kind either.
const plugin = /["']?\bapiVersion["']?\s*:\s*["']?builtin\b/;

// Replacements of kustomize in a file of their own may choose objects by name alone.
const replacement = /["']?\bfieldPaths["']?\s*:/;

/** Begins at the start of a text each time, so that one serves all. One after the other takes twice as long as all at once. */
const mentions = new RegExp([mention, patch, plugin, replacement].map(({ source }) => source).join('|'));

/**
 * Tells whether a file can matter at all, so that most files of a repository need not be decoded.
 *
 * @param text the bytes of the file, one character each
 */
export function mayMatter(text: string): boolean {
  if (mentions.test(text)) return true;
  // UTF-16 is not read, which has to be said of a file that would matter.
  return text.includes('\0') && mentions.test(text.replaceAll('\0', ''));
}

/** The CRDs of other projects are long, and mention groups that they have nothing to do with. */
function isForeignDefinition(text: string): boolean {
  return (
    /^kind: CustomResourceDefinition\b/m.test(text) &&
    !text.includes('gateway.networking.k8s.io') &&
    !/^ +group: ["']?[a-z.]*istio\.io["']?$/m.test(text)
  );
}

const firstKind = /^[-\t "'{]*kind["']?[ \t]*:[ \t]*["']?([A-Za-z]*)/m;
const convertible = /^(?:VirtualService|DestinationRule)(?:List)?$/;
const factual =
  /^(?:Service|Namespace|ServiceEntry|Gateway|GatewayClass|HTTPRoute|GRPCRoute|Sidecar|EnvoyFilter|Kustomization|Component|CustomResourceDefinition)(?:List)?$/;

/**
 * Loss when a document cannot be read: something to convert, facts only, or nothing. Told by its first `kind`,
 * which also stands in a template and in a text that does not parse.
 */
export function lossOf(text: string): 'objects' | 'facts' | 'nothing' {
  const kind = kindIn(text);
  if (kind === undefined) return 'nothing';
  if (convertible.test(kind)) return 'objects';
  // The kind of a template can be a value too, and both APIs have a Gateway.
  if (kind === '' || kind === 'Gateway') return text.includes('networking.istio.io') ? 'objects' : 'facts';
  if (kind === 'List')
    return /\bkind["']?\s*:\s*["']?(?:VirtualService|DestinationRule)\b/.test(text) ? 'objects' : 'facts';
  return factual.test(kind) ? 'facts' : 'nothing';
}

/** @returns the first `kind` of a text, empty when it is no plain word; undefined when there is none */
export function kindIn(text: string): string | undefined {
  return firstKind.exec(text)?.[1];
}
