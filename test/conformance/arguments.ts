import { parseArgs } from 'node:util';

export const parts = ['admission', 'cases', 'stages', 'generated', 'clusters', 'corpus', 'envoy'] as const;
export type Part = (typeof parts)[number];

/** What runs unless somebody says otherwise: the steps of stages are not known to hold for every case yet. */
const usual = parts.filter(part => part !== 'stages');

/** What a run was asked for. */
export interface Arguments {
  /** How many scenarios are generated; the first has the seed, the next ones those that follow it. */
  readonly count: number;
  readonly seed: number;
  /** The same for whole clusters, which take longer: a few that are always the same, unless somebody asks for others. */
  readonly clusters: { readonly count: number; readonly seed: number };
  /** For each release and channel of the Gateway API: the same ones, unless somebody asks for others. */
  readonly objects: { readonly count: number; readonly seed: number };
  readonly only: readonly Part[];
  /** A part of the names of the cases to run. */
  readonly filter: string;
  /** A file or folder of whole clusters to judge in place of generated ones. */
  readonly input: string;
  /** For how many kinds of failures a whole cluster is made small. */
  readonly shrink: number;
  /** Whether to write down what istiod says of the cases. */
  readonly record: boolean;
  /** Whether it is a failure when Go is not there, as in CI. */
  readonly strict: boolean;
}

/** @throws for an option nobody knows */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string', default: usual.join() },
      filter: { type: 'string', default: '' },
      input: { type: 'string', default: '' },
      shrink: { type: 'string', default: '10' },
      record: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const { filter, input, record, strict } = values;
  const only = values.only.split(',').map(name => {
    const part = parts.find(known => known === name);
    if (part === undefined) throw new Error(`--only ${name}: want some of ${parts.join()}`);
    return part;
  });
  const chance = String(Math.floor(Math.random() * 1_000_000_000));
  return {
    count: wholeNumber('count', values.count ?? '500'),
    seed: wholeNumber('seed', values.seed ?? chance),
    clusters: {
      count: wholeNumber('count', values.count ?? '20'),
      seed: wholeNumber('seed', values.seed ?? '204'),
    },
    objects: {
      count: wholeNumber('count', values.count ?? '2000'),
      seed: wholeNumber('seed', values.seed ?? '20'),
    },
    only,
    filter,
    input,
    shrink: wholeNumber('shrink', values.shrink),
    record,
    strict,
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text}: want a whole number`);
  return Number(text);
}
