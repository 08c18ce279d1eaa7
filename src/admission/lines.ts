import type { AdmissionTable, Rule, Schema } from './schema.ts';

/** The parts of a table without its rules and schemas. */
export type TableHead = Omit<AdmissionTable, 'rules' | 'schemas'>;

/** A table whose rules and schemas are parsed when they are asked for: most objects are about a few of them. */
export interface TableLines {
  readonly head: TableHead;
  /** @throws where there is no such place */
  readonly ruleAt: (place: number) => Rule;
  /** @throws where there is no such place */
  readonly schemaAt: (place: number) => Schema;
  /** False only for schemas without a default; asks the text alone. */
  readonly mayHaveDefault: (place: number) => boolean;
}

/** @param text as `npm run admission-table` writes it: JSON with a line for each rule and each schema */
export function readLines(text: string): TableLines {
  const lines = text.split('\n');
  const [rules, schemas] = [lines.indexOf('"rules":['), lines.indexOf('"schemas":[')];
  const parseAt = (place: number, first: number, end: number): unknown => {
    const line = lines[first + 1 + place];
    if (place < 0 || line === undefined || first + 1 + place >= end)
      throw new Error(`place ${place} of the table`);
    return JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line);
  };
  const head = lines.slice(0, rules).join('').replace(/,$/, '');
  return {
    head: JSON.parse(`${head}}`) as TableHead,
    ruleAt: place => parseAt(place, rules, schemas - 1) as Rule,
    schemaAt: place => parseAt(place, schemas, lines.length - 1) as Schema,
    mayHaveDefault: place => lines[schemas + 1 + place]?.includes('"default":') === true,
  };
}
