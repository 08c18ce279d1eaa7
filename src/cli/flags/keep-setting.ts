import { type Setting, settings } from './settings.ts';
import { collectValues } from './values.ts';

/** Only commands for pull requests have it. */
const keep: Setting = {
  key: 'keep',
  group: 'Pull requests:',
  flags: '--keep <pattern>',
  description: 'suggest nothing for these files, as in .gitignore (repeatable)',
  parse: collectValues,
  type: 'list',
};

/** Every setting, with that of pull requests. */
export const allSettings: readonly Setting[] = [...settings, keep];
