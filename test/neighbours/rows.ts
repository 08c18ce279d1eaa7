import { isDeepStrictEqual } from 'node:util';
import type { Objects } from '../drill/company.ts';
import { type Company, run, type World } from './company.ts';
import type { Neighbour } from './neighbours.ts';
import type { Program } from './programs.ts';

/** What a neighbour does about one subject: an object, a DNS name, a Secret. */
export interface Row {
  readonly subject: string;
  readonly does: string;
}

/** One line of a table: what a neighbour does before and after a conversion; empty where it does nothing. */
export interface Line {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/** Asks a neighbour about both worlds. */
export function linesOf(neighbour: Neighbour, program: Program, { before, after }: Company): readonly Line[] {
  if (neighbour.name === 'kustomize')
    return inAllEnvironments({
      production: buildsOf(before.production, after.production),
      staging: buildsOf(before.staging, after.staging),
    });
  return sideBySide(rowsOf(program, before), rowsOf(program, after));
}

/** What the program of a neighbour prints of the objects of production: the arrays of both are JSON. */
function rowsOf({ path }: Program, { production }: World): readonly Row[] {
  return JSON.parse(run(path, [], JSON.stringify([...production.values()]))) as readonly Row[];
}

/** Subjects of before come first, then those that only after has, each in the order of the neighbour. */
export function sideBySide(before: readonly Row[], after: readonly Row[]): readonly Line[] {
  const subjects = new Set([...before, ...after].map(({ subject }) => subject));
  const doneTo = (rows: readonly Row[], wanted: string) =>
    rows.flatMap(({ subject, does }) => (subject === wanted ? [does] : [])).join('; ');
  return [...subjects].map(subject => ({
    subject,
    before: doneTo(before, subject),
    after: doneTo(after, subject),
  }));
}

/** What an environment builds, the objects that are the same counted. */
export function buildsOf(before: Objects, after: Objects): readonly Line[] {
  const lines = [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): readonly Line[] => {
    const [was, is] = [before.get(key), after.get(key)];
    if (isDeepStrictEqual(was, is)) return [];
    const built = was === undefined ? 'built' : 'built, with another content';
    return [{ subject: key, before: was === undefined ? '' : 'built', after: is === undefined ? '' : built }];
  });
  const same = [...before.keys()].filter(key => isDeepStrictEqual(before.get(key), after.get(key)));
  const count = `${same.length} built`;
  return [...lines, { subject: 'objects that are the same', before: count, after: count }];
}

/** Lines that are the same in each environment, once; the others with the name of theirs. */
export function inAllEnvironments(lines: Readonly<Record<string, readonly Line[]>>): readonly Line[] {
  const all = Object.values(lines);
  const isShared = (line: Line) => all.every(some => some.some(other => isDeepStrictEqual(other, line)));
  return [
    ...(all[0] ?? []).filter(isShared),
    ...Object.entries(lines).flatMap(([environment, some]) =>
      some
        .filter(line => !isShared(line))
        .map(line => ({ ...line, subject: `${environment}: ${line.subject}` })),
    ),
  ];
}
