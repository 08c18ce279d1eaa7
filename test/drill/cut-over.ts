import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill } from './drill.ts';
import { Failure } from './failure.ts';
import { type Action, actionsOf, isWayBack, type PlanStep, stepsIn } from './plan.ts';

/** How long after a command its effects are put down to it. */
const settling = 400;

/** What happens besides, while the plan is carried out. */
export interface Disturbance {
  /** Before each command of a step. */
  readonly before?: (step: PlanStep, index: number) => Promise<void>;
  /** In place of an action, for those who try again or do it twice. */
  readonly perform?: (action: Action) => Promise<void>;
  /** After each step. */
  readonly after?: (step: PlanStep) => Promise<void>;
}

/** Where DNS is a step of its own, it is moved there. */
function isDns({ title }: PlanStep): boolean {
  return title.startsWith('Point DNS');
}

export function planOf(drill: Drill): { readonly there: readonly PlanStep[]; readonly back: PlanStep } {
  const steps = stepsIn(drill.company.report);
  const back = steps.find(isWayBack);
  if (back === undefined) throw new Failure('drill-failed', 'the report has no plan');
  return { there: steps.filter(step => step !== back), back };
}

/** Carries out steps of the printed plan, command by command. */
export async function carryOut(
  drill: Drill,
  steps: readonly PlanStep[],
  { before, perform = action => action.run(), after }: Disturbance = {},
): Promise<void> {
  for (const step of steps) {
    drill.step(nameOf(step));
    for (const [index, action] of actionsOf(step, drill.company, drill.cluster.shell).entries()) {
      await before?.(step, index);
      await perform(action);
      await sleep(settling);
    }
    if (isDns(step)) {
      drill.pointDns('public-istio-0');
      await sleep(settling);
    }
    await after?.(step);
  }
}

/** The way back: the old manifests, DNS, and then what the plan prints. */
export async function carryBack(drill: Drill, back: PlanStep): Promise<void> {
  drill.step(nameOf(back));
  const { folders } = drill.company;
  await drill.cluster.shell.must(`kubectl apply -k ${folders.before}/environments/production`);
  await sleep(settling);
  drill.pointDns('istio-ingressgateway-0');
  await sleep(settling);
  for (const action of actionsOf(back, drill.company, drill.cluster.shell)) {
    await action.run();
    await sleep(settling);
  }
}

/** The first words of a step, for a table. */
export function nameOf({ number, title }: PlanStep): string {
  const [short = ''] = title.split(/[,;:]| and | one after/);
  return `${number}. ${short}`;
}
