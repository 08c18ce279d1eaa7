import { parseArgs } from 'node:util';
import { Failure } from './failure.ts';

export const parts = ['cut-over', 'cluster', 'mistakes', 'gitops', 'faults', 'admission'] as const;
export type Part = (typeof parts)[number];

/** What a run was asked for. */
export interface Arguments {
  readonly only: readonly Part[];
  /** Requests a second, in all. */
  readonly rate: number;
  /** The first of the ports on loopback; 0 takes free ones. */
  readonly port: number;
  /** The folder of people's manifests whose output the API server is asked about. */
  readonly corpus: string;
  /** Where the numbers are written as JSON. */
  readonly output: string;
  /** Whether what is expected of the commands that read a cluster is written anew. */
  readonly update: boolean;
  /** Whether the folder with what the programs said is kept. */
  readonly keep: boolean;
}

/** More than these are never sent. */
export const mostRequestsASecond = 200;

/** @throws Failure for an option that nobody knows */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: parts.join() },
        rate: { type: 'string', default: String(mostRequestsASecond) },
        port: { type: 'string', default: '0' },
        corpus: { type: 'string', default: '' },
        output: { type: 'string', default: '' },
        update: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
      },
    });
    const only = values.only.split(',').map(name => {
      const part = parts.find(known => known === name);
      if (part === undefined) throw new Error(`--only ${name}: want some of ${parts.join()}`);
      return part;
    });
    const { corpus, output, update, keep } = values;
    return {
      only,
      corpus,
      output,
      update,
      keep,
      rate: numberUpTo(mostRequestsASecond, 1, 'rate', values.rate),
      port: numberUpTo(65_000, 0, 'port', values.port),
    };
  } catch (error) {
    throw new Failure('usage', (error as Error).message);
  }
}

function numberUpTo(most: number, least: number, name: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most || number < least)
    throw new Error(`--${name} ${text}: want a whole number from ${least} to ${most}`);
  return number;
}
