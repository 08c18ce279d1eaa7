import { shellWord } from '../../diagnostics/shell-word.ts';
import type { GatewayMapping } from '../../options.ts';
import type { CommandLine } from '../../suggest/wording.ts';
import type { ConversionFlags } from '../flags/flags.ts';
import { settings } from '../flags/settings.ts';
import { printGatewayMapping } from '../flags/values.ts';

/**
 * The command that makes edits as a run found them: with the same flags, for the files that are to be edited, and with
 * everything else as facts.
 *
 * @param paths of the run
 * @param flags as they were given; what a configuration file says need not be said again
 * @param fromRoot turns a path into one from where the command is to be run
 */
export function convertCommand(
  paths: readonly string[],
  { gateway, with: facts = [], config, ...flags }: ConversionFlags,
  fromRoot: (path: string) => string,
): CommandLine {
  const from = paths.map(fromRoot);
  const given = [
    ...Object.entries(flags).flatMap(([key, value]) => words(key, value)),
    ...(gateway ?? []).map((mapping: GatewayMapping) => `--gateway=${printGatewayMapping(mapping)}`),
    ...(config === false ? ['--no-config'] : []),
    ...(typeof config === 'string' ? [`--config=${fromRoot(config)}`] : []),
  ];
  return files => {
    const read = [...from, ...facts.map(fromRoot)];
    return [
      ...['vs2route', 'convert', '--write', ...given],
      ...files.map(path => (path.startsWith('-') ? `./${path}` : path)),
      ...read.map(path => `--with=${path}`),
    ]
      .map(shellWord)
      .join(' ');
  };
}

/** A flag as it is written; what is no setting, or has its default, is none. */
function words(key: string, value: unknown): readonly string[] {
  const setting = settings.find(one => one.key === key);
  const [name = ''] = setting?.flags.split(' ') ?? [];
  // The number of threads changes nothing.
  if (setting === undefined || value === undefined || key === 'jobs') return [];
  if (setting.type === 'boolean') return value === !name.startsWith('--no-') ? [name] : [];
  return (Array.isArray(value) ? value : [value]).map(one => `${name}=${String(one)}`);
}
