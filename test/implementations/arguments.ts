import { parseArgs } from 'node:util';
import { Failure } from '../drill/failure.ts';
import { type Translator, translators } from './implementations.ts';

/** What a run was asked for. */
export interface Arguments {
  readonly only: readonly Translator[];
  /** The profile to convert for; without it `istio`, `portable` and that of the implementation. */
  readonly profile: 'istio' | 'portable' | 'own' | undefined;
  /** A part of the names of the cases. */
  readonly filter: string;
  /** How many requests are made up for each host, beside the witnesses. */
  readonly random: number;
  /** How many VirtualServices are made up, beside the cases. */
  readonly madeUp: number;
}

const profiles = ['istio', 'portable', 'own'] as const;

/** @throws Failure for an option or an implementation that nobody knows */
export function readArguments(args: readonly string[]): Arguments {
  const all = translators.map(({ name }) => name).join();
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: all },
        profile: { type: 'string' },
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
    const profile = profiles.find(name => name === values.profile);
    if (values.profile !== undefined && profile === undefined)
      throw new Error(`--profile ${values.profile}: want one of ${profiles.join()}`);
    return {
      only,
      profile,
      filter: values.filter,
      random: Number(values.random),
      madeUp: Number(values['made-up']),
    };
  } catch (error) {
    throw new Failure('usage', (error as Error).message);
  }
}
