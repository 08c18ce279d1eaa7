import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { admission, type Bundle, type Verdict } from '../../../src/admission/admission.ts';
import type { Refusal } from '../../../src/admission/schema.ts';
import type { Judge } from '../judge.ts';
import { randomFrom } from '../random.ts';
import { bundles } from './generate.ts';
import { mutated } from './mutate.ts';

/** How many objects go to the judge at a time. */
const batch = 100;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Holds the carried table against the API server's own library: objects that are changed by chance are refused by both for the
 * same reasons at the same places, or taken by both and stored alike.
 *
 * @param count of objects, for each release and channel
 * @returns what differs
 */
export async function checkAdmission(
  root: string,
  judge: Judge,
  {
    count,
    seed,
    say,
  }: { readonly count: number; readonly seed: number; readonly say: (line: string) => void },
): Promise<readonly string[]> {
  const text = readFileSync(join(root, 'test/conformance/admission/bases.yaml'), 'utf8');
  const bases = parseAllDocuments(text).map(document => document.toJSON() as Manifest);
  const { table } = admission;
  const { gatewayApi } = await judge.versions();
  const faults: string[] = [];
  if (!isDeepStrictEqual(gatewayApi, table.releases))
    faults.push(
      `the table is of ${JSON.stringify(table.releases)}, the CRDs are ${JSON.stringify(gatewayApi)}`,
    );
  for (const bundle of bundles) {
    const random = randomFrom(seed);
    const kinds = table.kinds[`${bundle.gatewayApi} ${bundle.channel}`] ?? {};
    const held = bases.flatMap(base => {
      const place = kinds[`${base.kind} ${base.apiVersion}`];
      const schema = place === undefined ? undefined : table.schemas[place];
      return schema === undefined ? [] : [{ base, schema }];
    });
    let refused = 0;
    for (let done = 0; done < count; done += batch) {
      const objects = Array.from({ length: Math.min(batch, count - done) }, (_, index) => {
        const { base, schema } = random.pick(held);
        // The first of all are the objects as they are.
        return done === 0 && index < held.length
          ? (held[index]?.base ?? base)
          : mutated(base, schema, table, random);
      });
      const found = await differences(objects, bundle, judge, object => {
        const verdict = admission.admit(object, bundle);
        if ((verdict?.refusals.length ?? 0) > 0) refused += 1;
        return verdict;
      });
      faults.push(...found);
    }
    say(
      `admission, Gateway API ${gatewayApi[bundle.gatewayApi]} ${bundle.channel}: ${count} objects, ${refused} refused by both or one; ${faults.length} faults so far`,
    );
  }
  for (const fault of faults.slice(0, 20)) say(`  ${fault}`);
  return faults;
}

async function differences(
  objects: readonly unknown[],
  bundle: Bundle,
  judge: Judge,
  ours: (object: unknown) => Verdict | undefined,
): Promise<readonly string[]> {
  const manifests = objects.map(object => JSON.stringify(object)).join('\n---\n');
  const { objects: theirs, defaulted } = await judge.admit(manifests, bundle);
  const stored = parseAllDocuments(defaulted).map(document => document.toJSON() as unknown);
  return objects.flatMap((object, index) => {
    const verdict = ours(object);
    const said = (theirs[index]?.errors ?? []).filter(
      error => !error.includes('some validation rules were not checked'),
    );
    const unlike = unmatched(verdict?.refusals ?? [], said);
    const place = `${bundle.gatewayApi} ${bundle.channel}: ${JSON.stringify(object)}`;
    if (unlike.length > 0) return [`${place}\n    ${unlike.join('\n    ')}`];
    if (said.length > 0 || isDeepStrictEqual(specOf(verdict?.stored), specOf(stored[index]))) return [];
    return [
      `${place}\n    stored otherwise: ${JSON.stringify(specOf(verdict?.stored))}\n    and not ${JSON.stringify(specOf(stored[index]))}`,
    ];
  });
}

function specOf(object: unknown): unknown {
  return parse(JSON.stringify((object as { readonly spec?: unknown } | undefined)?.spec ?? null));
}

/** @returns what one of the two says and the other does not */
function unmatched(refusals: readonly Refusal[], errors: readonly string[]): readonly string[] {
  const left = [...refusals];
  const alternatives = refusals.filter(({ detail }) => detail.includes('(oneOf)'));
  const theirs = errors.filter(error => {
    const found = left.findIndex(refusal => isSaidBy(refusal, error));
    if (found >= 0) left.splice(found, 1);
    // What is wrong within one of several alternatives is a guess of the API server's.
    const isGuess = alternatives.some(
      ({ path }) => error.startsWith('<nil>') || pathOf(error).startsWith(dotted(path)),
    );
    return found < 0 && !isGuess;
  });
  return [
    ...theirs.map(error => `only the API server: ${error}`),
    ...left.map(({ path, type, detail }) => `only the table: ${dotted(path)}: ${type}: ${detail}`),
  ];
}

function isSaidBy({ path, type, detail }: Refusal, error: string): boolean {
  const name = type === 'Wrong type' ? 'Invalid value' : type === 'Unknown field' ? 'unknown field' : type;
  if (type === 'Unknown kind') return error === detail;
  // What no alternative takes has no path there.
  const place = error.startsWith('<nil>') ? dotted(path) : pathOf(error);
  return place === dotted(path) && error.includes(`: ${name}`) && error.endsWith(detail);
}

/** A path as both write it: `spec.rules.0.matches`. */
function dotted(path: Refusal['path']): string {
  return path.join('.');
}

function pathOf(error: string): string {
  const path =
    /^(.*?): (?:unknown field|Invalid value|Required value|Unsupported value|Too long|Too many|Duplicate value)/s.exec(
      error,
    )?.[1];
  return (path ?? '').replaceAll('[', '.').replaceAll(']', '');
}
