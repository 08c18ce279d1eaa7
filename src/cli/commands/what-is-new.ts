import { type AnyResource, nameKey } from '../../2-decode/resource.ts';
import { printResources } from '../../6-emit/print.ts';
import type { Conversion } from '../../conversion.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** The parts of a conversion that were printed already. */
export interface Shown {
  /** Each object as text, by its name key. */
  readonly objects: ReadonlyMap<string, { readonly resource: AnyResource; readonly text: string }>;
  readonly diagnostics: readonly Diagnostic[];
}

export const nothingShown: Shown = { objects: new Map(), diagnostics: [] };

/** How a conversion differs from what was shown. */
export interface News {
  readonly shown: Shown;
  /** Objects that are new or other than before, in their order. */
  readonly changed: readonly AnyResource[];
  readonly gone: readonly AnyResource[];
  readonly said: readonly Diagnostic[];
  readonly settled: readonly Diagnostic[];
}

/** Compares a conversion with what was shown. A diagnostic that only moved to another line is not new. */
export function whatIsNew({ outputs, diagnostics }: Conversion, before: Shown): News {
  const objects = new Map(
    outputs.map(({ resource }) => {
      const key = nameKey(resource);
      const known = before.objects.get(key);
      // A session gives the same objects for texts that did not change.
      if (known?.resource === resource) return [key, known];
      return [key, { resource, text: printResources([resource]) }];
    }),
  );
  return {
    shown: { objects, diagnostics },
    changed: [...objects]
      .filter(([key, { text }]) => before.objects.get(key)?.text !== text)
      .map(([, { resource }]) => resource),
    gone: [...before.objects].filter(([key]) => !objects.has(key)).map(([, { resource }]) => resource),
    said: without(diagnostics, before.diagnostics),
    settled: without(before.diagnostics, diagnostics),
  };
}

/** @returns those of the first that are not among the second; what is said twice is there twice */
function without(some: readonly Diagnostic[], others: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(keyOf(other), (counts.get(keyOf(other)) ?? 0) + 1);
  return some.filter(one => {
    const count = counts.get(keyOf(one)) ?? 0;
    counts.set(keyOf(one), count - 1);
    return count <= 0;
  });
}

function keyOf({ code, message, path, location, resource }: Diagnostic): string {
  return JSON.stringify([
    code,
    message,
    path,
    location.file,
    resource?.kind,
    resource?.namespace,
    resource?.name,
  ]);
}
