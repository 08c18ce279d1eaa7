import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import { type Conversion, convert, defaultOptions, type Options, trace, verify } from '../src/index.ts';
import { caseFolders, linesOf } from './case-folders.ts';
import { httpEntries, manifestsOf, negatedEntries } from './order/generate.ts';

/** Objects that people might write, which are then spoilt. */
const inputs: readonly (readonly unknown[])[] = caseFolders().map(({ input }) =>
  parseAllDocuments(input.text).map(document => document.toJS() as unknown),
);

/** What somebody may put where something else belongs. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1.5,
    true,
    [],
    {},
    'mesh',
    '*',
    '/',
    '.*',
    '{{ .Values.x }}',
    '\u0024{X}',
    '(',
  ),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.array(fc.constantFrom<unknown>(null, 'x', {}), { maxLength: 2 }),
  fc.dictionary(
    fc.constantFrom('exact', 'prefix', 'regex', 'host', 'x'),
    fc.constantFrom<unknown>('a', 1, null),
  ),
);

/** Puts a value into a random place of an object, or takes away what is there. */
function spoil(value: unknown, steps: readonly number[], by: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null) return by;
  const entries = Object.entries(value);
  const chosen = entries[step % Math.max(1, entries.length)];
  if (chosen === undefined) return by;
  const [key, child] = chosen;
  const spoilt = rest.length === 0 ? by : spoil(child, rest, by);
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === key ? spoilt : item));
  return Object.fromEntries(
    entries.flatMap(([name, item]) =>
      name !== key ? [[name, item]] : spoilt === undefined ? [] : [[name, spoilt]],
    ),
  );
}

const spoilt = fc
  .tuple(
    fc.constantFrom(...inputs),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 8 }),
        fc.option(odd, { nil: undefined }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([documents, changes]) =>
    changes.reduce<readonly unknown[]>(
      (list, [which, steps, by]) =>
        list.map((document, index) =>
          index === which % list.length ? spoil(document, steps, by) : document,
        ),
      documents,
    ),
  )
  .map(documents =>
    documents.map(document => `${JSON.stringify(document ?? null, null, 1)}\n`).join('---\n'),
  );

const someOptions: fc.Arbitrary<Options> = fc
  .record(
    {
      profile: fc.constantFrom('istio', 'portable'),
      from: fc.constantFrom('sidecar', 'ambient'),
      prefix: fc.constantFrom('path', 'string'),
      attach: fc.constantFrom('both', 'service', 'waypoint'),
      keepVirtualServices: fc.boolean(),
      gateways: fc.constantFrom('convert', 'keep'),
      partial: fc.boolean(),
      createWaypoints: fc.boolean(),
      policies: fc.constantFrom('keep', 'convert'),
      gatewayApi: fc.constantFrom('1.4', '1.6', '1.7'),
    },
    { requiredKeys: [] },
  )
  .map(given => ({ ...defaultOptions, defaultPort: 80, ...given }) as Options);

/** More texts than usual: `RUNS=20 npx vitest run test/convert-properties.test.ts`. */
const runs = Number(process.env['RUNS'] ?? 1);

function converted(text: string, options: Options): Conversion {
  return convert([{ path: 'input.yaml', text }], [], options);
}

function edited(text: string, { edits }: Conversion): string {
  return applyEdits({ path: 'input.yaml', text }, edits).text ?? '';
}

describe('whatever is written', () => {
  test('convert answers, the same each time, and a second run changes nothing', () => {
    fc.assert(
      fc.property(spoilt, someOptions, (text, options) => {
        const conversion = converted(text, options);
        expect(linesOf(converted(text, options))).toBe(linesOf(conversion));
        const first = edited(text, conversion);
        expect(edited(first, converted(first, options))).toBe(first);
      }),
      { numRuns: 200 * runs, seed: 7 },
    );
  });

  test('verify and trace answer', () => {
    fc.assert(
      fc.property(spoilt, spoilt, (before, after) => {
        const [old, now] = [before, after].map((text, index) => ({ path: `${index}.yaml`, text }));
        if (old === undefined || now === undefined) return;
        expect(verify([old], [now]).requests).toBeGreaterThanOrEqual(0);
        expect(verify([old], [old]).causes).toEqual([]);
        const request = {
          scheme: 'http',
          host: 'menu',
          port: 80,
          method: 'GET',
          path: '/',
          headers: {},
          queryParams: {},
        } as const;
        expect(trace([old], request).request).toEqual(request);
      }),
      { numRuns: 60 * runs, seed: 9 },
    );
  });
});

test('a second run over a generated list changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(httpEntries, negatedEntries), someOptions, (http, options) => {
      const text = manifestsOf(http);
      const first = edited(text, converted(text, options));
      expect(edited(first, converted(first, options))).toBe(first);
    }),
    { numRuns: 30 * runs, seed: 10 },
  );
});
