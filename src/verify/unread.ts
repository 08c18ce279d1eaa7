import { patchFiles } from '../2-decode/patch-files.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
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

function unreadOf({ resources, findings }: ReadSide): readonly Unread[] {
  const documents = findings.flatMap(({ code, place }): readonly Unread[] => {
    const reason = reasons.get(code);
    if (reason === undefined) return [];
    const { file, document } = place;
    const text =
      document === undefined ? file.text : file.text.slice(document.range.start, document.range.end);
    return [{ path: file.path, text: withoutComments(text), reason }];
  });
  return [...documents, ...patchesOf(resources)];
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
