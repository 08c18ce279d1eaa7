import { parseArgs } from 'node:util';

export const parts = ['admission', 'cases', 'stages', 'generated', 'clusters', 'corpus', 'envoy'] as const;
export type Part = (typeof parts)[number];

/** Of the cases that go through the stages, a run that names no part takes one in so many: all of them take minutes. */
const usualStep = 4;

/** What a run was asked for. */
export interface Arguments {
  /**
   * How many scenarios are generated; the first has the seed, the next ones those that follow it. They are always the same, unless
   * somebody asks for others: a commit that passes once passes again.
   */
  readonly count: number;
  readonly seed: number;
  /** The same for whole clusters, which take longer: a few that are always the same, unless somebody asks for others. */
  readonly clusters: { readonly count: number; readonly seed: number };
  /** For each release and channel of the Gateway API: the same ones, unless somebody asks for others. */
  readonly objects: { readonly count: number; readonly seed: number };
  readonly only: readonly Part[];
  /** One case in so many goes through the stages. */
  readonly stagesStep: number;
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
      only: { type: 'string' },
      filter: { type: 'string', default: '' },
      input: { type: 'string', default: '' },
      shrink: { type: 'string', default: '10' },
      record: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const { filter, input, record, strict } = values;
  const only = (values.only ?? parts.join()).split(',').map(name => {
    const part = parts.find(known => known === name);
    if (part === undefined) throw new Error(`--only ${name}: want some of ${parts.join()}`);
    return part;
  });
  return {
    count: wholeNumber('count', values.count ?? '500'),
    seed: wholeNumber('seed', values.seed ?? '4100'),
    clusters: {
      count: wholeNumber('count', values.count ?? '20'),
      seed: wholeNumber('seed', values.seed ?? '204'),
    },
    objects: {
      count: wholeNumber('count', values.count ?? '2000'),
      seed: wholeNumber('seed', values.seed ?? '20'),
    },
    only,
    stagesStep: values.only === undefined ? usualStep : 1,
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
