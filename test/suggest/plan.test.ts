import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Comment } from '../../src/suggest/comment.ts';
import { type Posted, plan } from '../../src/suggest/plan.ts';

const few = (prefix: string) => fc.nat(3).map(number => `${prefix}${number}`);

const comment: fc.Arbitrary<Comment> = fc
  .record({ id: few('id'), fp: few('fp'), line: fc.integer({ min: 1, max: 3 }) })
  .chain(({ id, fp, line }) => {
    const written = { id, fp, of: [], body: fp };
    const file = { path: 'a.yaml', oldPath: 'a.yaml' };
    return fc.constantFrom<Comment>(
      { where: 'line', ...file, anchor: { start: 1, end: line, line }, ...written },
      { where: 'file', ...file, ...written },
      { where: 'summary', ...written },
    );
  });
const linesOf = (one: Comment): string | undefined =>
  one.where === 'line' ? `1-${one.anchor.end}` : undefined;

function posted(of: Comment, ref: number, replied: boolean): Posted<number> {
  const { where, id, fp } = of;
  return { where, id, fp, of: [], path: 'a.yaml', lines: linesOf(of), replied, ref };
}

test('after a plan the wanted and the answered comments are there; a second plan is empty', () => {
  fc.assert(
    fc.property(
      fc.array(comment, { maxLength: 8 }),
      fc.array(fc.tuple(comment, fc.boolean()), { maxLength: 8 }),
      (wanted, before) => {
        const there = before.map(([of, replied], index) => posted(of, index, replied));
        const { create, edit, remove, keep } = plan(wanted, there, linesOf);
        expect(create.length + edit.length + keep.length).toBe(wanted.length);
        expect(remove.filter(({ replied }) => replied)).toEqual([]);
        const edited = new Map(edit.map(({ posted: { ref }, comment: now }) => [ref, now.fp]));
        const gone = new Set(remove.map(({ ref }) => ref));
        const after = [
          ...there
            .filter(({ ref }) => !gone.has(ref))
            .map(one => ({ ...one, fp: edited.get(one.ref) ?? one.fp })),
          ...create.map((of, index) => posted(of, 100 + index, false)),
        ];
        const again = plan(wanted, after, linesOf);
        expect([again.create, again.edit, again.remove]).toEqual([[], [], []]);
        expect(again.keep).toHaveLength(wanted.length);
      },
    ),
  );
});
