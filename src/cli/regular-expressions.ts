// Takes the place of `re2js` in the program's bundle (scripts/bundle.mjs): few manifests have a regular expression that needs
// it, and reading the library takes a tenth of the start of the program.
import { createRequire } from 'node:module';
import type * as re2js from 're2js';

const held: { library?: typeof re2js } = {};

export const RE2JS = new Proxy({} as typeof re2js.RE2JS, {
  get: (_, member) => {
    held.library ??= createRequire(import.meta.url)('re2js') as typeof re2js;
    return held.library.RE2JS[member as keyof typeof re2js.RE2JS];
  },
});
