import { setTimeout as sleep } from 'node:timers/promises';
import { carryBack, carryOut, type Disturbance, planOf } from './cut-over.ts';
import type { Drill } from './drill.ts';
import { mistakes } from './mistakes.ts';
import { Tally } from './tally.ts';

/** A run with its numbers. */
export interface Told {
  readonly name: string;
  readonly tally: Tally;
  /** Whether requests with a fate of neither side are what the run is to show. */
  readonly isMistake: boolean;
}

/** Hears of a run as soon as it is over. */
export type Tell = (told: Told) => void;

const resting = 2000;

/** The printed plan, there and back. */
export async function cutOver(drill: Drill, tell: Tell): Promise<void> {
  const { there, back } = planOf(drill);
  drill.say('the printed plan');
  const way = await drill.under(async () => {
    drill.step('before');
    await sleep(resting);
    await carryOut(drill, there);
    drill.step('after');
    await sleep(resting);
  });
  tell({ name: 'the plan', tally: way, isMistake: false });
  await drill.untilAllAre('after');
  drill.say('the way back');
  const home = await drill.under(async () => {
    drill.step('after');
    await sleep(resting);
    await carryBack(drill, back);
    drill.step('before');
    await sleep(resting);
  });
  tell({ name: 'the way back', tally: home, isMistake: false });
  await drill.reset();
}

/** The plan, while something goes wrong around it. */
export async function faults(drill: Drill, tell: Tell): Promise<void> {
  const { controlPlane } = drill.cluster;
  const { there } = planOf(drill);
  const isFirst = (title: string, start: string, index: number) => title.startsWith(start) && index === 1;
  const disturbances: Readonly<Record<string, Disturbance>> = {
    'istiod is restarted before the VirtualServices go': {
      before: async ({ title }, index) => {
        if (!isFirst(title, 'Delete the VirtualServices', index)) return;
        await controlPlane.stopIstiod();
        void sleep(3000).then(() => controlPlane.startIstiod());
      },
    },
    'the API server is away for ten seconds while the routes come': {
      before: async ({ title }, index) => {
        if (!isFirst(title, 'Apply the routes', index)) return;
        await controlPlane.stopApiServer();
        void sleep(10_000).then(() => controlPlane.startApiServer());
      },
      perform: async action => {
        for (let tries = 0; ; tries += 1)
          try {
            await action.run();
            return;
          } catch (error) {
            if (tries > 60) throw error;
            await sleep(1000);
          }
      },
    },
    'every command is given twice': {
      perform: async action => {
        await action.run();
        await action.run();
      },
    },
  };
  for (const [name, disturbance] of Object.entries(disturbances)) {
    drill.say(name);
    const tally = await drill.under(async () => {
      drill.step('before');
      await sleep(resting);
      await carryOut(drill, there, disturbance);
      drill.step('after');
      await sleep(resting);
    });
    tell({ name, tally, isMistake: false });
    await drill.untilAllAre('after');
    await drill.reset();
  }
  await beginAgain(drill, tell);
}

/** The plan is broken off after each step and begins again; each part is a load of its own. */
async function beginAgain(drill: Drill, tell: Tell): Promise<void> {
  const name = 'the plan begins again after each step';
  drill.say(name);
  const { there } = planOf(drill);
  const tally = new Tally();
  for (const [index, step] of there.entries()) {
    await drill.under(async () => {
      await carryOut(drill, [step]);
      await carryOut(drill, there.slice(0, index + 1));
    }, tally);
  }
  tell({ name, tally, isMistake: false });
  await drill.untilAllAre('after');
  await drill.reset();
}

/** What people do wrong, each from the beginning. */
export async function wrongly(drill: Drill, tell: Tell): Promise<void> {
  for (const { name, run } of mistakes) {
    drill.say(name);
    const tally = await drill.under(async () => {
      drill.step('before');
      await sleep(resting);
      drill.step('mistake');
      await run(drill);
      await sleep(4000);
    });
    await drill.reset();
    tell({ name, tally, isMistake: true });
  }
}
