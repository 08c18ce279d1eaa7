import type { Conversion, Status } from '../../src/conversion.ts';
import type { Comparison } from './disagreement.ts';
import type { Examination } from './examine.ts';
import type { Rejection } from './judge.ts';
import type { Converted } from './scenario.ts';

/** Something that must not be, in words, and the scenario it was seen in. */
export interface Fault {
  readonly scenario: string;
  readonly text: string;
}

/** What a part of a run has come to so far. */
export class Tally {
  scenarios = 0;
  places = 0;
  readonly requests: Record<Comparison, number> = { input: 0, output: 0, conversion: 0 };
  readonly statuses: Record<Status, number> = { converted: 0, approximate: 0, 'held-back': 0, skipped: 0 };
  connections = 0;
  admitted = 0;
  readonly missing = new Map<string, number>();
  /** Objects of the input that an API server or istiod refuses. */
  refused = 0;
  /** Scenarios whose two sides are not held against each other. */
  apart = 0;
  readonly faults: Fault[] = [];

  add({ scenario, conversion }: Converted, examination: Examination, refused: readonly Rejection[]): void {
    this.scenarios += 1;
    this.places += examination.counts.places;
    this.requests.input += examination.counts.input;
    this.requests.output += examination.counts.output;
    this.connections += examination.counts.connections;
    this.requests.conversion += examination.counts.conversion;
    for (const { resource, status } of conversion.resources)
      if (resource.type === 'istio.VirtualService') this.statuses[status] += 1;
    this.admitted += conversion.outputs.length - refused.length;
    this.refused += examination.refused.before.length;
    if (!examination.isWhole) this.apart += 1;
    this.faults.push(...convertedThoughRefused(scenario.name, conversion, examination.refused.before));
    for (const { reason } of examination.missing)
      this.missing.set(reason, (this.missing.get(reason) ?? 0) + 1);
    const written = fieldsNotKnown(examination.refused.before);
    for (const { kind, namespace, name, errors } of refused) {
      // A field newer than the CRDs is carried from an object of its kind.
      if (errors.every(error => written.has(`${kind} ${unknownField(error) ?? ''}`))) continue;
      this.faults.push({
        scenario: scenario.name,
        text: `${kind} ${namespace}/${name} is refused: ${errors.join('; ')}`,
      });
    }
  }

  /** @returns a line for people */
  summary(part: string): string {
    const { input, output, conversion } = this.requests;
    const statuses = Object.entries(this.statuses)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ');
    return [
      `${part}: ${this.scenarios} scenarios, ${this.places} places; VirtualServices: ${statuses}; ${this.admitted} objects admitted`,
      `  left out: ${this.refused} objects of the input that are refused; ${this.apart} scenarios with such or with alternatives, as to both sides; ${[...this.missing].map(([reason, count]) => `${count} places where ${reason}`).join(', ') || 'no places'}`,
      `  requests compared: ${input} before, ${output} after, ${conversion} through both; ${this.connections} connections; ${this.faults.length} faults`,
    ].join('\n');
  }
}

/** VirtualServices that no cluster can hold, and that we convert all the same. */
function convertedThoughRefused(
  scenario: string,
  { resources }: Conversion,
  refused: readonly Rejection[],
): readonly Fault[] {
  return refused.flatMap(({ kind, namespace, name, errors }) => {
    const converted = resources.some(
      ({ resource, status, diagnostics }) =>
        kind === 'VirtualService' &&
        // Without strict validation the API server drops a field that its CRD lacks, as is said.
        !(errors.every(unknownField) && diagnostics.some(({ code }) => code === 'unknown-field')) &&
        resource.type === 'istio.VirtualService' &&
        resource.name === name &&
        resource.namespace === namespace &&
        (status === 'converted' || status === 'approximate'),
    );
    return converted
      ? [
          {
            scenario,
            text: `${kind} ${namespace}/${name} is converted, and istiod refuses it: ${errors.join('; ')}`,
          },
        ]
      : [];
  });
}

/** @returns the name of the field that a CRD does not have, of an error that is about one */
function unknownField(error: string): string | undefined {
  return /([^.\]]+): unknown field$/.exec(error)?.[1];
}

/** Fields that the CRDs do not have, by kind and name. */
function fieldsNotKnown(refused: readonly Rejection[]): ReadonlySet<string> {
  return new Set(
    refused.flatMap(({ kind, errors }) =>
      errors.flatMap(error => {
        const field = unknownField(error);
        return field === undefined ? [] : [`${kind} ${field}`];
      }),
    ),
  );
}
