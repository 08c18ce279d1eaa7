import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import { goneWith } from './hold-back-patched.ts';
import type { Unit } from './unit.ts';

/**
 * A comment that names a setter, which writes the value of the field before it, in the words of today and of before.
 *
 * @see https://catalog.kpt.dev/function-catalog/apply-setters/v0.2/
 */
const setter =
  /(?:^|[ \t])#[ \t]*(?:kpt-set:[ \t]*(\S[^\n\r]*)|(\{[ \t]*"\$(?:kpt-set|openapi|ref)"[^\n\r]*))/m;

/** Says where comments make values: routes have other fields, so that such a comment can stand at another value, or alone. */
export function reportSetters(facts: Facts, units: readonly Unit[]): void {
  for (const unit of units) {
    for (const object of goneWith(facts, unit)) {
      const document = object.source?.document;
      if (document === undefined) continue;
      const text = document.file.text.slice(document.range.start, document.range.end);
      if (!text.includes('kpt-set') && !text.includes('"$')) continue;
      const found = setter.exec(text);
      if (found === null) continue;
      const name = `${object.kind} ${object.namespace}/${object.name}`;
      const comment = (found[1] ?? found[2] ?? '').trim();
      unit.report('setter-comment', placeOf(object, 'metadata', 'name'), { object: name, comment });
    }
  }
}
