import { AutomataNotLoaded } from '../semantics/regex/automata-not-loaded.ts';
import { loadAutomata } from './automata.ts';

/** Does some work, and once more where a regular expression needs the library of automata and it is not loaded yet. */
export async function onceLoaded<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AutomataNotLoaded)) throw error;
    await loadAutomata();
    return work();
  }
}
