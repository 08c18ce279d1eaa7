import { parseArgs } from 'node:util';
import { Failure } from '../drill/failure.ts';
import { type Neighbour, neighbours } from './neighbours.ts';

/** What a run was asked for. */
export interface Arguments {
  readonly only: readonly Neighbour[];
  /** Whether the expected tables are written rather than compared. */
  readonly update: boolean;
}

/** @throws Failure for an option or a neighbour that nobody knows */
export function readArguments(args: readonly string[]): Arguments {
  const all = neighbours.map(({ name }) => name).join();
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: all },
        update: { type: 'boolean', default: false },
      },
    });
    const only = values.only.split(',').map(name => {
      const neighbour = neighbours.find(known => known.name === name);
      if (neighbour === undefined) throw new Error(`--only ${name}: want some of ${all}`);
      return neighbour;
    });
    return { only, update: values.update };
  } catch (error) {
    throw new Failure('usage', (error as Error).message);
  }
}
