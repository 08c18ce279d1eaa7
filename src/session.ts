import { remembering } from './3-link/remembered.ts';
import { KnownLots } from './7-settle/known-lots.ts';
import type { Converted } from './8-convert/begun.ts';
import { byPath, type ChangedText } from './8-convert/changing-texts.ts';
import type { Kept } from './8-convert/kept.ts';
import type { Conversion } from './conversion.ts';
import { convertAndKeep } from './convert.ts';
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
   * - the lots (`lotsOf`: the objects that have anything in common) that lose an object or get one, whatever the update: a field,
   *   a name, a host, a subset, a port, an object or a file that comes or goes, YAML that breaks or heals. To put the results
   *   together takes a few steps for each object: of 2,000 files an update takes 1/200 to 1/1000 of a full run
   * - each lot that asked for what the update changes outside of it: whether a namespace is there, whether any Service has HTTP
   *   at port 80, whether a text that cannot be read names an object
   * - everything, where something concerns the whole cluster before or after the update: an object that is no VirtualService,
   *   DestinationRule, Istio Gateway or Service, a wildcard as a host inside the mesh, two documents for one object, two
   *   VirtualServices that only one can be meant of, a template of a chart, texts of facts. So it is where the
   *   results of lots meet that did not, or more than a quarter of the lots change.
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
  // Texts of the last conversion that changed since, by their paths; undefined where none was there.
  const earlier = new Map<string, SourceFile | undefined>();
  let isOther = true;
  const inOrder = (role: Role): readonly SourceFile[] => [...files[role].values()].sort(byPath);
  const note = (path: string, role: Role): void => {
    current = undefined;
    if (role !== 'input') isOther = true;
    else if (!earlier.has(path)) earlier.set(path, files.input.get(path));
  };
  const forget = (path: string, role: Role): void => {
    const before = files[role].get(path);
    if (before === undefined) return;
    note(path, role);
    known.delete(before);
    files[role].delete(path);
  };
  const changes = (): readonly ChangedText[] =>
    [...earlier]
      .map(([path, before]) => ({ before, after: files.input.get(path) }))
      .filter(({ before, after }) => before !== undefined || after !== undefined);
  const convertNow = (): Conversion => {
    const again = isOther ? undefined : last?.again(changes());
    earlier.clear();
    isOther = false;
    if (again !== undefined) return again;
    last = convertAndKeep(
      inOrder('input'),
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
      note(path, role);
      files[role].set(path, { path, text });
    },
    conversion() {
      current ??= convertNow();
      return current;
    },
  };
}
