import { patchFiles } from '../2-decode/patch-files.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { Side } from './presence.ts';

/** A text that was not read and that is not the same on both sides, so that it may change what requests meet. */
export interface UnreadDifference {
  readonly path: string;
  /** The side that has the text. */
  readonly side: Side;
  readonly reason: 'template' | 'kustomization' | 'unlisted' | 'broken';
}

/** The objects of one side. */
export interface ReadSide {
  readonly resources: readonly AnyResource[];
  readonly findings: readonly Finding[];
  /** Everything that was given, with the values of charts. */
  readonly files?: readonly SourceFile[];
}

const reasons: ReadonlyMap<Code, UnreadDifference['reason']> = new Map([
  ['template', 'template'],
  ['template-not-read', 'template'],
  ['yaml-invalid', 'broken'],
  ['alias-bomb', 'broken'],
  ['nesting-too-deep', 'broken'],
  ['file-too-large', 'broken'],
  ['not-text', 'broken'],
  ['array-of-objects', 'broken'],
]);

/**
 * Finds what one side has and could not be read, while the other side has not the same text: templates, documents that do not
 * parse, and the patches and kustomizations of overlays that nobody built.
 */
export function unreadDifferences(before: ReadSide, after: ReadSide): readonly UnreadDifference[] {
  const [old, now] = [unreadOf(before), unreadOf(after)];
  const texts = (side: readonly Unread[]) => new Set(side.map(({ text }) => text));
  const [oldTexts, nowTexts] = [texts(old), texts(now)];
  const told = new Map<string, UnreadDifference>();
  const tell = (side: Side, { path, reason }: Unread): void => {
    told.set(`${side} ${path}`, { path, side, reason });
  };
  for (const one of old) if (!nowTexts.has(one.text)) tell('before', one);
  for (const one of now) if (!oldTexts.has(one.text)) tell('after', one);
  return [...told.values()];
}

interface Unread {
  readonly path: string;
  readonly text: string;
  readonly reason: UnreadDifference['reason'];
}

function unreadOf({ resources, findings, files = [] }: ReadSide): readonly Unread[] {
  const documents = findings.flatMap(({ code, place }): readonly Unread[] => {
    const reason = reasons.get(code);
    if (reason === undefined) return [];
    const { file, document } = place;
    const text =
      document === undefined ? file.text : file.text.slice(document.range.start, document.range.end);
    return [{ path: file.path, text: withoutComments(text), reason }];
  });
  return [
    ...documents,
    ...valuesOf(documents, files),
    ...patchesOf(resources),
    ...resources.flatMap(changesByController),
  ];
}

/** Whether a file holds named templates of a chart, which its other templates include. */
export function isNamedTemplates(path: string): boolean {
  return /(?:^|\/)templates\/.*\.tpl$/.test(path);
}

/** The values and named templates of charts whose templates were not read: the same templates make other objects of other values. */
function valuesOf(templates: readonly Unread[], files: readonly SourceFile[]): readonly Unread[] {
  const charts = new Set(
    templates.flatMap(({ path, reason }) => {
      const [, chart = ''] = reason === 'template' ? (/^(.*?)(?:^|\/)templates\//.exec(path) ?? []) : [];
      return reason === 'template' && /(?:^|\/)templates\//.test(path) ? [chart] : [];
    }),
  );
  if (charts.size === 0) return [];
  return files.flatMap(({ path, text }) => {
    const [, folder = '', name = ''] = /^(?:(.*)\/)?([^/]+)$/.exec(path) ?? [];
    const isOfChart = charts.has(folder) && /^values.*\.ya?ml$/.test(name);
    return isOfChart || (isNamedTemplates(path) && charts.has(path.replace(/(?:^|\/)templates\/.*$/, '')))
      ? [{ path, text: withoutComments(text), reason: 'template' as const }]
      : [];
  });
}

/** The changes that Argo CD and Flux make to what they apply: patches, prefixes and namespaces. */
function changesByController(resource: AnyResource): readonly Unread[] {
  if (resource.source === undefined) return [];
  const { path } = resource.source.document.file;
  const changes = (parts: readonly unknown[]): readonly Unread[] =>
    parts.every(part => part === undefined)
      ? []
      : [{ path, text: canonicalJson([resource.namespace, resource.name, parts]), reason: 'kustomization' }];
  if (resource.type === 'argo.Application') {
    const { source, sources = [] } = resource.spec;
    return changes([source?.kustomize, ...sources.map(({ kustomize }) => kustomize)]);
  }
  if (resource.type !== 'flux.Kustomization') return [];
  const { namePrefix, nameSuffix, patches, patchesStrategicMerge, patchesJson6902, targetNamespace } =
    resource.spec;
  return changes([namePrefix, nameSuffix, patches, patchesStrategicMerge, patchesJson6902, targetNamespace]);
}

/** A line that is a comment changes nothing, unless a template engine reads it. */
function withoutComments(text: string): string {
  const lines = text.split('\n').map(line => line.trimEnd());
  return lines.filter(line => line !== '' && !(/^\s*#/.test(line) && !line.includes('{{'))).join('\n');
}

/** A kustomization that patches counts as a whole, with the files it names. */
function patchesOf(resources: readonly AnyResource[]): readonly Unread[] {
  const paths = patchFiles(resources);
  return resources.flatMap((resource): readonly Unread[] => {
    if (resource.type !== 'kustomize.Kustomization' || resource.source === undefined) return [];
    const { file } = resource.source.document;
    const files = Object.values(resource.spec.patchFiles ?? {}).filter(({ path }) => paths.has(path));
    return [file, ...files].map(({ path, text }) => ({
      path,
      text: withoutComments(text),
      reason: 'kustomization',
    }));
  });
}
