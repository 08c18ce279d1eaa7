import { parseArgs } from 'node:util';
import { Failure } from '../drill/failure.ts';
import { type Translator, translators } from './implementations.ts';

/** What a run was asked for. */
export interface Arguments {
  readonly only: readonly Translator[];
  /** A part of the names of the cases. */
  readonly filter: string;
  /** How many requests are made up for each host, beside the witnesses. */
  readonly random: number;
  /** How many VirtualServices are made up, beside the cases. */
  readonly madeUp: number;
}

/** @throws Failure for an option or an implementation that nobody knows */
export function readArguments(args: readonly string[]): Arguments {
  const all = translators.map(({ name }) => name).join();
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: all },
        filter: { type: 'string', default: '' },
        'made-up': { type: 'string', default: '300' },
        random: { type: 'string', default: '20' },
      },
    });
    const only = values.only.split(',').map(name => {
      const translator = translators.find(known => known.name === name);
      if (translator === undefined) throw new Error(`--only ${name}: want some of ${all}`);
      return translator;
    });
    return { only, filter: values.filter, random: Number(values.random), madeUp: Number(values['made-up']) };
  } catch (error) {
    throw new Failure('usage', (error as Error).message);
  }
}
