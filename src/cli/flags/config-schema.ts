import { allSettings } from './keep-setting.ts';
import type { Setting } from './settings.ts';

/** @returns the JSON Schema of `vs2route.config.yaml`, as it is shipped in `schemas/config.schema.json` */
export function configSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://github.com/vs2route/vs2route/schemas/config.schema.json',
    title: 'vs2route.config.yaml',
    description:
      'Settings of vs2route for flags that are not given. The file is looked for in the working folder and above, up to the top of the repository. Its paths are relative to it.',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(allSettings.map(setting => [setting.key, propertyOf(setting)])),
    },
  };
}

function propertyOf({ description, group, type, bounds, choices, flags }: Setting): object {
  const [flag = ''] = flags.split(' ');
  const about = `${group.replace(/:$/, '')}: ${flag.startsWith('--no-') ? 'false: ' : ''}${description} (${flag})`;
  if (choices !== undefined) return { description: about, enum: choices.flatMap(withNumber) };
  if (type === 'list') return { description: about, type: 'array', items: { type: 'string' } };
  if (type === 'number') return { description: about, type: 'integer', ...bounds };
  return { description: about, type };
}

/** A value that looks like a number need not be quoted. */
function withNumber(choice: string): readonly (string | number)[] {
  return /^\d+\.\d+$/.test(choice) ? [choice, Number(choice)] : [choice];
}
