// Takes the place of `refa` in the program's bundle (scripts/bundle.mjs): most manifests have no regular expression, and
// reading the library takes a tenth of a run that converts one file.
import { createRequire } from 'node:module';
import type * as refa from 'refa';

const held: { library?: typeof refa } = {};

function library(): typeof refa {
  held.library ??= createRequire(import.meta.url)('refa') as typeof refa;
  return held.library;
}

function late<Name extends 'DFA' | 'JS' | 'NFA' | 'Words'>(name: Name): (typeof refa)[Name] {
  return new Proxy({} as (typeof refa)[Name], {
    get: (_, member) => library()[name][member as keyof (typeof refa)[Name]],
  });
}

export const DFA = late('DFA');
export const JS = late('JS');
export const NFA = late('NFA');
export const Words = late('Words');
