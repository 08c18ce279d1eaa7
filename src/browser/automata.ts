// Takes the place of `refa` in the browser build (scripts/bundle.mjs): most manifests have no regular expression, and the
// library is a fifth of the engine.
import type * as refa from 'refa';
import { AutomataNotLoaded } from '../semantics/regex/automata-not-loaded.ts';

const held: { library?: typeof refa } = {};

/** Loads the library; a second call costs nothing. */
export async function loadAutomata(): Promise<void> {
  held.library ??= await import('refa');
}

function late<Name extends 'DFA' | 'JS' | 'NFA' | 'Words'>(name: Name): (typeof refa)[Name] {
  return new Proxy({} as (typeof refa)[Name], {
    get(_, member) {
      if (held.library === undefined) throw new AutomataNotLoaded();
      return held.library[name][member as keyof (typeof refa)[Name]];
    },
  });
}

export const DFA = late('DFA');
export const JS = late('JS');
export const NFA = late('NFA');
export const Words = late('Words');
