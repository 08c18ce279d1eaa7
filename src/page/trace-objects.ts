import type { PageDetail, PageIndex, PageReference } from '../reporters/page/page-data.ts';
import type { TraceObject, TraceObjects } from './trace-messages.ts';

/** The data of a page for traces. */
export interface TraceSource {
  readonly index: PageIndex;
  /** @param position of an object in the list of all */
  readonly detailAt: (position: number) => PageDetail | undefined;
  readonly references: () => readonly PageReference[];
}

/** The objects of a page before the conversion and after it. */
export function traceObjects({ index, detailAt, references }: TraceSource): TraceObjects {
  const before: TraceObject[] = [];
  const after: TraceObject[] = [];
  for (const [position, { ns, file }] of index.rows.entries()) {
    const detail = detailAt(position);
    if (detail === undefined) continue;
    const object = { yaml: detail.before, ns, file, first: detail.first, home: file };
    before.push(object);
    if (!detail.gone) after.push(object);
    if (detail.after !== '') after.push({ yaml: detail.after, ns, file: '', first: 1, home: file });
  }
  const others = references().map(({ yaml, ns, file }) => ({ yaml, ns, file: '', first: 1, home: file }));
  return { before: [...before, ...others], after: [...after, ...others], options: index.trace };
}
