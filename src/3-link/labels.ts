import { ownValue } from '../yaml/own-value.ts';

type Labels = Readonly<Record<string, string>>;

/** @returns whether pods with some labels are among those that a selector asks for; one without labels asks for all */
export function areSelected(labels: Labels | undefined, selector: Labels = {}): boolean {
  return Object.entries(selector).every(([key, value]) => ownValue(labels, key) === value);
}

/** Whether no pod can have both the labels that are known of it and others. */
export function contradicts(known: Labels = {}, labels: Labels): boolean {
  return Object.entries(labels).some(([key, value]) => (ownValue(known, key) ?? value) !== value);
}
