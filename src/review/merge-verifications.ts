import type { Verification } from '../verify/verify.ts';

/** A verification of one environment. */
export interface NamedVerification {
  /** `prod`; empty where there is only one. */
  readonly environment: string;
  readonly verification: Verification;
}

/** Makes one verification of those of several environments; the places of each have its name before them. */
export function mergeVerifications(all: readonly NamedVerification[]): Verification {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only.verification;
  const each = all.map(({ environment, verification }) => named(environment, verification));
  return {
    same: each.every(({ same }) => same),
    ...(each.some(({ asked }) => asked !== undefined) && { asked: 'changed' }),
    requests: sum(each.map(({ requests }) => requests)),
    sampled: each.some(({ sampled }) => sampled),
    vantages: each.flatMap(({ vantages }) => vantages),
    causes: each.flatMap(({ causes }) => causes),
    connections: sum(each.map(({ connections }) => connections)),
    connectionCauses: each.flatMap(({ connectionCauses }) => connectionCauses),
    missing: distinct(each.flatMap(({ missing }) => missing)),
    assumed: distinct(each.flatMap(({ assumed }) => assumed)),
    added: distinct(each.flatMap(({ added }) => added)),
    addresses: distinct(each.flatMap(({ addresses }) => addresses)),
    unread: distinct(each.flatMap(({ unread }) => unread)),
    faults: distinct(each.flatMap(({ faults }) => faults)),
    diagnostics: distinct(each.flatMap(({ diagnostics }) => diagnostics)),
  };
}

function named(environment: string, verification: Verification): Verification {
  const label = (vantage: string): string => `${environment}: ${vantage}`;
  const labelled = <C extends { readonly vantages: readonly string[] }>(cause: C): C => ({
    ...cause,
    vantages: cause.vantages.map(label),
  });
  return {
    ...verification,
    vantages: verification.vantages.map(label),
    causes: verification.causes.map(labelled),
    connectionCauses: verification.connectionCauses.map(labelled),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
}
