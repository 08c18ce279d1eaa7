import { escaped } from '../3-link/regexp-literal.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Change, changesOf } from './changes.ts';
import type { CodeOwners } from './code-owners.ts';
import type { DiffFile } from './diff.ts';
import type { WasThere } from './earlier-objects.ts';
import { failingToday } from './failing-today.ts';
import { fingerprint } from './fingerprint.ts';
import {
  type ChangeItem,
  changeItem,
  type FailingItem,
  type Filter,
  type Item,
  itemsOf,
  type LossItem,
  namesOf,
  scopeOf,
  subjectsOf,
} from './items.ts';
import { isLeftAlone, type LeftAlone } from './left-alone.ts';
import { wholeFile } from './lines.ts';
import type { MissingDestinations } from './missing-destinations.ts';
import { filesOfOthers, type OtherFile } from './other-owners.ts';
import type { RemovedUse } from './removed-uses.ts';

/** The comments for a pull request, and the findings that are only mentioned. */
export interface Selection {
  /** The comments for the pull request. */
  readonly items: readonly Item[];
  /** VirtualServices that the pull request edits, and could be routes: an edit is no reason to comment. */
  readonly edited: readonly ChangeItem[];
  /** An object that needs an edit of somebody else's file first. */
  readonly waiting: readonly { readonly item: ChangeItem; readonly files: readonly OtherFile[] }[];
  /** Objects that people want to keep as they are. */
  readonly left: readonly ChangeItem[];
  /** Objects that were there before, in another form or under another name. */
  readonly earlier: readonly ChangeItem[];
}

/** The deciding part. */
export interface SelectionContext {
  /** Undefined where everything matters. */
  readonly diff: readonly DiffFile[] | undefined;
  readonly filter: Filter;
  readonly owners: CodeOwners | undefined;
  readonly leaves: LeftAlone;
  readonly losses: readonly RemovedUse[];
  /** Undefined where nobody knows the base. */
  readonly wasThere: WasThere | undefined;
  readonly missing: MissingDestinations;
}

/**
 * Chooses what a pull request is told. Nothing is offered that makes a failure permanent, that needs a file of another owner,
 * or that people said no to.
 */
export function select(conversion: Conversion, context: SelectionContext): Selection {
  const { diff, filter, owners, leaves, losses, wasThere, missing } = context;
  const isEdit = (resources: readonly ConvertedResource[]): boolean =>
    filter === 'new' &&
    wasThere !== undefined &&
    resources.length > 0 &&
    resources.every(({ resource }) => wasThere(resource));
  // A file that cannot be read is told wherever the pull request changes it.
  const touched = scopeOf(diff, filter === 'new' ? 'added' : filter);
  const isLeft = (item: ChangeItem): boolean => isLeftAlone(item.change.resources, leaves);
  const losers = new Set(losses.flatMap(({ users }) => users.map(nameOf)));
  const isLoser = (names: readonly string[]): boolean => names.some(name => losers.has(name));
  const items: Item[] = losses.map(loss => lossItem(loss, diff ?? []));
  const waiting: { item: ChangeItem; files: readonly OtherFile[] }[] = [];
  const left: ChangeItem[] = [];
  const earlier: ChangeItem[] = [];
  const changes = changesOf(conversion);
  for (const item of itemsOf(conversion, scopeOf(diff, filter, wasThere), touched, changes)) {
    if (item.kind !== 'change') {
      const { objects } = item;
      const isKept = item.kind === 'held-back' && (leaves(item.resource.resource) || isEdit([item.resource]));
      if (!isKept && !isLoser(objects)) items.push(item);
      continue;
    }
    if (isLoser(item.objects)) continue;
    if (isEdit(item.main.resources)) {
      earlier.push(item);
      continue;
    }
    const failing = [...failingToday(item.diagnostics), ...missingFor(item, missing)];
    const files = filesOfOthers(item, owners, diff);
    if (isLeft(item)) left.push(item);
    else if (failing.length > 0) items.push(failingItem(item, failing));
    // A DestinationRule or a Gateway that a pull request adds alone is no reason to convert what is elsewhere.
    else if (filter === 'new' && diff !== undefined && isElsewhere(item)) continue;
    else if (files.length > 0) waiting.push({ item, files });
    else items.push(item);
  }
  return {
    items: items.toSorted((a, b) => compare(a.path, b.path) || a.line - b.line || compare(a.id, b.id)),
    edited: editedItems(changes, context, [...items, ...waiting.map(({ item }) => item), ...left]).filter(
      item => !isLeft(item) && !isLoser(item.objects) && filesOfOthers(item, owners, diff).length === 0,
    ),
    waiting,
    left,
    earlier,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameOf({ kind, namespace, name }: RemovedUse['owner']): string {
  return `${kind} ${namespace}/${name}`;
}

function missingFor({ change }: ChangeItem, missing: MissingDestinations): readonly Diagnostic[] {
  return change.resources.flatMap(({ resource: { type, namespace, name } }) =>
    type === 'istio.VirtualService' ? (missing.get(`${namespace}/${name}`) ?? []) : [],
  );
}

/** Whether all VirtualServices of a change are in documents that do not matter. */
function isElsewhere({ main, change }: ChangeItem): boolean {
  const has = (resources: readonly ConvertedResource[]): boolean =>
    resources.some(({ resource }) => resource.type === 'istio.VirtualService');
  return !has(main.resources) && has(change.resources);
}

/** Objects that the pull request changes a line of, moves or renames, beyond those that it is told of. */
function editedItems(
  changes: readonly Change[],
  { diff, filter, missing }: SelectionContext,
  told: readonly Item[],
): readonly ChangeItem[] {
  if (diff === undefined || filter !== 'new') return [];
  const known = new Set(told.flatMap(({ objects }) => objects));
  const renamed = new Set(diff.filter(({ status }) => status === 'renamed').map(({ path }) => path));
  const added = scopeOf(diff, 'added');
  return changes.flatMap(change => {
    const item = changeItem(change, (path, range) => renamed.has(path) || added(path, range));
    if (item === undefined || isElsewhere(item)) return [];
    if (failingToday(item.diagnostics).length + missingFor(item, missing).length > 0) return [];
    return item.objects.some(name => known.has(name)) ? [] : [item];
  });
}

function failingItem(item: ChangeItem, diagnostics: FailingItem['diagnostics']): FailingItem {
  const { path, line, range, main, change } = item;
  return {
    kind: 'failing',
    id: fingerprint('failing', path, ...namesOf(main.resources)),
    path,
    line: diagnostics.find(({ location }) => location.file === path)?.location.start.line ?? line,
    range,
    level: 'warning',
    diagnostics,
    objects: namesOf(subjectsOf(change.resources)),
  };
}

/** At the lines that go, where their file stays. */
function lossItem(loss: RemovedUse, diff: readonly DiffFile[]): LossItem {
  const file = diff.find(({ path, oldPath = path }) => oldPath === loss.file);
  const removed = (file?.hunks ?? []).flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'removed'));
  const named = removed.find(({ text }) =>
    new RegExp(`\\bname:\\s*["']?${escaped(loss.name)}\\b`).test(text),
  );
  const line = Math.max(1, (named ?? removed[0])?.newLine ?? 1);
  return {
    kind: 'loss',
    id: fingerprint('loss', nameOf(loss.owner), loss.part),
    path: file?.path ?? loss.file,
    line,
    range: wholeFile,
    level: 'error',
    diagnostics: [],
    objects: [nameOf(loss.owner)],
    loss,
  };
}
