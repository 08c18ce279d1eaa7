import { remembering } from './3-link/remembered.ts';
import { KnownLots } from './7-settle/known-lots.ts';
import type { Conversion } from './conversion.ts';
import { type Converted, convertAndKeep, type Kept, type Replaced } from './convert.ts';
import { defaultOptions, type Options } from './options.ts';
import { type ReadFile, readOne } from './read-resources.ts';
import type { SourceFile } from './yaml/source.ts';

/**
 * The role of a text in a conversion: one to convert, one that is read for what it says of Services and the like and left
 * alone, or one that is no manifest and may name objects.
 */
export type Role = 'input' | 'facts' | 'beside';

/** Texts that change while somebody looks at their conversion: an editor, a page, a watched folder. */
export interface Session {
  /**
   * Takes a text instead of what was at its path, or takes it away. Costs nothing until somebody asks for the conversion.
   *
   * @param path as it is shown to people, and by which the files of a role are put in order
   * @param text undefined where the file is gone; one that does not parse is a diagnostic of the next conversion
   * @param role `input` where nothing else is said; a text that had another one loses that
   */
  readonly update: (path: string, text: string | undefined, role?: Role) => void;
  /**
   * The conversion of all texts as they are now: what `convert` returns for the files in the order of their paths.
   *
   * Only what an update touches is converted again; nothing of a text that is gone, or was broken, stays. Without an update in
   * between it is the same object as before, at no cost. Else it takes the conversion of
   *
   * - one lot (`lotsOf`: the objects that have anything in common) for each VirtualService or DestinationRule that
   *   changes and keeps its name, and the names and ports in it; and putting the results together, which grows with the number
   *   of objects: 2,000 files take about 1/400 of a full run
   * - each lot that has other objects than before, where files or objects come or go, names change, YAML breaks or heals, or a
   *   Service or an Istio Gateway changes; and finding these lots, which grows with the number of objects: 1/60 to 1/40
   * - everything, where something concerns the whole cluster before or after the update: an object that is none of these
   *   four kinds, a wildcard as a host inside the mesh, two documents for one object, kustomizations, waypoints.
   *   Texts that did not change are not read again, nor are regular expressions taken apart again.
   *
   * Where texts cannot be read as objects and name some (`mentionsIn`), the lots of these objects are converted again as
   * soon as that changes. An update that comes close to a limit for the run (`Limits`) converts everything.
   */
  readonly conversion: () => Conversion;
}

const roles: readonly Role[] = ['input', 'facts', 'beside'];

/**
 * Starts with no text at all.
 *
 * @param options `defaultOptions` where nothing else is said
 * @param facts texts that are read for what they say of Services, Gateways and the like, and left alone
 * @param examples how many of the requests that prove a VirtualService its proof keeps
 */
export function createSession(
  options: Options = defaultOptions,
  facts: readonly SourceFile[] = [],
  examples = 0,
): Session {
  const files: Readonly<Record<Role, Map<string, SourceFile>>> = {
    input: new Map(),
    facts: new Map(facts.map(file => [file.path, file])),
    beside: new Map(),
  };
  const known = new Map<SourceFile, ReadFile>();
  const kept: Kept = {
    isComingAgain: true,
    memory: new Map(),
    lots: new KnownLots(),
    remembered: remembering(),
    read: file => {
      const found = known.get(file) ?? readOne(file);
      known.set(file, found);
      return found;
    },
  };
  let current: Conversion | undefined;
  let last: Converted | undefined;
  // Texts of the last conversion that others took the place of, by their paths.
  const replaced = new Map<string, SourceFile>();
  let isOther = true;
  const inOrder = (role: Role): readonly SourceFile[] =>
    [...files[role].values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const forget = (path: string, role: Role): void => {
    const before = files[role].get(path);
    if (before === undefined) return;
    known.delete(before);
    files[role].delete(path);
    current = undefined;
    if (role !== 'input') isOther = true;
    else if (!replaced.has(path)) replaced.set(path, before);
  };
  const changes = (): readonly Replaced[] | undefined => {
    const found = [...replaced].flatMap(([path, before]) => {
      const after = files.input.get(path);
      return after === undefined ? [] : [{ before, after }];
    });
    return isOther || found.length < replaced.size ? undefined : found;
  };
  const convertNow = (): Conversion => {
    const some = changes();
    const input = inOrder('input');
    const again = some === undefined ? undefined : last?.again(some, input);
    replaced.clear();
    isOther = false;
    if (again !== undefined) return again;
    last = convertAndKeep(
      input,
      inOrder('facts'),
      options,
      () => undefined,
      inOrder('beside'),
      kept,
      examples,
    );
    return last.conversion;
  };
  return {
    update(path, text, role = 'input') {
      for (const other of roles) if (other !== role) forget(path, other);
      if (files[role].get(path)?.text === text) return;
      forget(path, role);
      if (text === undefined) return;
      if (role !== 'input' || !replaced.has(path)) isOther = true;
      files[role].set(path, { path, text });
      current = undefined;
    },
    conversion() {
      current ??= convertNow();
      return current;
    },
  };
}
