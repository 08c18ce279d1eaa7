import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusedOutputs } from './admit.ts';
import type { Disagreement } from './disagreement.ts';
import { type Effort, type Examination, examine } from './examine.ts';
import type { Judge } from './judge.ts';
import { describeDisagreement, dossier } from './print.ts';
import { type Converted, convertScenario, type Scenario } from './scenario.ts';
import { Tally } from './tally.ts';

/** So many disagreements of one scenario are told; they mostly have one cause. */
const told = 3;

/** How many scenarios are open at a time, so that neither side waits for the other. */
const inFlight = 8;

export interface Surroundings {
  readonly judge: Judge;
  readonly effort: Effort;
  /** Where the manifests of what went wrong are written. */
  readonly dossiers: string;
  readonly say: (line: string) => void;
  /** Looks at a scenario once more. @returns what is wrong with it */
  readonly also?: (converted: Converted, examination: Examination) => readonly string[];
}

/** Examines scenarios, and says what disagrees as it comes. */
export async function runAll(
  part: string,
  scenarios: Iterable<Scenario>,
  around: Surroundings,
): Promise<Tally> {
  const tally = new Tally();
  const folder = join(around.dossiers, part);
  rmSync(folder, { recursive: true, force: true });
  const open = new Set<Promise<void>>();
  for (const scenario of scenarios) {
    const work = runOne(scenario, tally, folder, around).finally(() => open.delete(work));
    open.add(work);
    if (open.size >= inFlight) await Promise.race(open);
  }
  await Promise.all(open);
  around.say(tally.summary(part));
  return tally;
}

async function runOne(
  scenario: Scenario,
  tally: Tally,
  folder: string,
  { judge, effort, say, also }: Surroundings,
): Promise<void> {
  const before = tally.faults.length;
  try {
    const converted = convertScenario(scenario);
    const refused = await refusedOutputs(converted, judge);
    const examination = await examine(converted, judge, effort);
    tally.add(converted, examination, refused);
    for (const disagreement of tellable(examination.disagreements))
      tally.faults.push({ scenario: scenario.name, text: describeDisagreement(disagreement) });
    for (const text of also?.(converted, examination) ?? [])
      tally.faults.push({ scenario: scenario.name, text });
    const faults = tally.faults.slice(before).filter(fault => fault.scenario === scenario.name);
    if (faults.length === 0) return;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${scenario.name.replaceAll('/', '--')}.txt`);
    const texts = faults.map(({ text }) => text);
    writeFileSync(file, dossier(converted, texts));
    say(
      [`${scenario.name}, ${examination.disagreements.length} requests differ; see ${file}`, ...texts].join(
        '\n',
      ),
    );
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tally.faults.push({ scenario: scenario.name, text });
    say(`${scenario.name}: ${text}`);
  }
}

/** The plainest of each comparison. */
function tellable(disagreements: readonly Disagreement[]): readonly Disagreement[] {
  const size = ({ request: { path, headers, queryParams } }: Disagreement) =>
    path.length + 50 * (Object.keys(headers).length + Object.keys(queryParams).length);
  const kinds = new Map<string, Disagreement>();
  for (const disagreement of [...disagreements].sort((a, b) => size(a) - size(b))) {
    const key = `${disagreement.comparison} ${disagreement.aspects.join()}`;
    if (!kinds.has(key)) kinds.set(key, disagreement);
  }
  return [...kinds.values()].slice(0, told);
}
