/**
 * The library of automata is not loaded yet. Thrown only by the browser build, which loads that library when a regular
 * expression needs it (`src/browser`).
 */
export class AutomataNotLoaded extends Error {
  override readonly name = 'AutomataNotLoaded';
}
