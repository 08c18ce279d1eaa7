import type { SourceDocument } from './source.ts';

const mention =
  /(?:networking|security)\.istio\.io|gateway\.networking\.k8s\.io|kustomize\.config\.k8s\.io|\bkind["']?\s*:\s*["']?(?:VirtualService|DestinationRule|Service|Namespace|Kustomization)(?:List)?\b/g;

/**
 * Whether a document's text mentions an API group or a kind that matters here. Most documents of a repository do not,
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

/** The CRDs of other projects are long, and mention groups that they have nothing to do with. */
function isForeignDefinition(text: string): boolean {
  return /^kind: CustomResourceDefinition\b/m.test(text) && !text.includes('gateway.networking.k8s.io');
}

/** Whether a text that does not parse is a manifest all the same: it has an `apiVersion` or a `kind`. */
export function looksLikeManifest(text: string): boolean {
  return /^[-\t "'{]*(?:apiVersion|kind)["']?[ \t]*:/m.test(text);
}

/** @returns the kind to name when a template is left unread, if it holds facts only and nothing to convert */
export function onlyFactsIn(text: string): string | undefined {
  if (/\.istio\.io|\bkind["']?\s*:\s*["']?(?:VirtualService|DestinationRule)\b/.test(text)) return undefined;
  return /\bkind["']?\s*:\s*["']?([A-Za-z]+)/.exec(text)?.[1] ?? 'object';
}
