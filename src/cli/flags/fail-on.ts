import type { Item } from '../../suggest/items.ts';

/** From which level on a finding makes a command fail. */
export type FailOn = 'error' | 'warning' | 'info' | 'never';

export const failLevels: readonly FailOn[] = ['error', 'warning', 'info', 'never'];

/** Whether there is something of a level, or of a worse one. */
export function fails(items: readonly Item[], failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  if (failOn === 'info') return items.length > 0;
  return items.some(({ level }) => level === 'error' || (failOn === 'warning' && level === 'warning'));
}
