import type { Facts } from '../3-link/facts.ts';
import type { Groups } from '../3-link/groups.ts';
import type { Output } from '../6-emit/edit.ts';
import type { Proof } from '../conversion.ts';
import type { SettledGateway } from './settle-gateways.ts';
import type { Unit } from './unit.ts';

/** The result for the VirtualServices, and all objects that replace them. */
export interface Settlement {
  readonly facts: Facts;
  readonly groups: Groups;
  readonly gateways: readonly SettledGateway[];
  readonly units: readonly SettledUnit[];
}

export interface SettledUnit {
  readonly unit: Unit;
  readonly held: boolean;
  readonly outputs: readonly Output[];
  readonly proof: Proof | undefined;
}
