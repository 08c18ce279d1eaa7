import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import type { Conversion } from '../src/conversion.ts';
import { convert, type SourceFile, verify } from '../src/index.ts';
import { defaultOptions, type Options } from '../src/options.ts';
import type { Verification } from '../src/verify/verify.ts';
import { caseFolders } from './case-folders.ts';
import { generateScenario } from './conformance/generate/scenario.ts';

/**
 * `verify` knows nothing of how a tree came about. Each difference that it finds after `convert --write` has to be one that a
 * diagnostic of the object declares, and the CRDs take all that was written.
 */
interface Scenario {
  readonly name: string;
  readonly inputs: readonly SourceFile[];
  readonly facts: readonly SourceFile[];
  readonly options: Options;
}

interface Compared {
  readonly conversion: Conversion;
  /** Of the files before and after `convert --write`. */
  readonly verification: Verification;
}

function compared({ inputs, facts, options }: Scenario): Compared {
  const conversion = convert(inputs, facts, options);
  const after = inputs.map(file => ({ ...file, text: applyEdits(file, conversion.edits).text ?? '' }));
  const {
    gatewayMap,
    from = 'labels',
    namespace,
    defaultPort,
    trustedProxies,
    rootNamespace,
    profile,
  } = options;
  const { gatewayApi, channel, targetFromInput } = options;
  const verification = verify(inputs, after, facts, {
    gatewayMap: [...gatewayMap],
    from,
    namespace,
    profile,
    gatewayApi,
    channel,
    targetFromInput,
    ...(defaultPort === undefined ? {} : { defaultPort }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(rootNamespace === undefined ? {} : { rootNamespace }),
  });
  return { conversion, verification };
}

/** @returns every difference that nothing declares, in a line */
function undeclaredIn(scenario: Scenario): readonly string[] {
  const { conversion, verification } = compared(scenario);
  if (conversion.edits.length === 0) return [];
  return [
    ...verification.faults
      .filter(({ code }) => code === 'gateway-api-refuses')
      .map(({ message, path }) => `${path}: ${message}`),
    ...verification.causes
      .filter(cause => !isDeclared(conversion, cause))
      .map(
        ({ summary, aspects, example }) =>
          `${summary} (${aspects.join(', ')}): ${example.description}: ${example.before.outcome} -> ${example.after.outcome}`,
      ),
    ...verification.connectionCauses
      .filter(cause => !isDeclared(conversion, { ...cause, aspects: ['destinations'] }))
      .map(
        ({ summary, example }) =>
          `${summary}: ${example.command}: ${example.before.outcome} -> ${example.after.outcome}`,
      ),
    ...verification.addresses
      .filter(({ lacks }) => lacks.length > 0)
      .filter(() => !conversion.diagnostics.some(({ code }) => ofAddresses.has(code)))
      .map(({ hosts, after, lacks }) => `${hosts.join()} at ${after} without port ${lacks.join()}`),
  ];
}

/** Diagnostics that say of a host that not all of its ports are at the address of a new Gateway. */
const ofAddresses: ReadonlySet<string> = new Set([
  'gateway-assumed',
  'gateway-port-left-out',
  'gateway-shared-address',
  'gateway-shared-host',
  'https-redirect-elsewhere',
  'https-redirect-of-another-gateway',
]);

type Cause = Pick<Verification['causes'][number], 'aspects' | 'example'>;

/**
 * Diagnostics that say of a whole Gateway what they would have to say of each of its requests: that it has to exist,
 * that it lacks a port, and that what another Istio Gateway on the same pods served no longer arrives there.
 */
const ofWholeGateways: ReadonlySet<string> = new Set([
  'gateway-assumed',
  'gateway-port-left-out',
  'gateway-shared-host',
]);

/** An object declares a difference where the proof met one in the same aspects, by a diagnostic that stands in the report. */
function isDeclared(
  { resources }: Conversion,
  { aspects, example }: { aspects: Cause['aspects']; example: Pick<Cause['example'], 'before' | 'after'> },
): boolean {
  const deciding = [example.before.rule, example.after.rule].flatMap(rule =>
    rule === undefined ? [] : [`${rule.resource.kind} ${rule.resource.namespace}/${rule.resource.name}`],
  );
  const gateways = resources.filter(({ resource }) => resource.type === 'istio.Gateway');
  // What no list decides goes to the Service itself, by its DestinationRules.
  const concerned = resources.filter(
    ({ resource, outputs }) =>
      deciding.length === 0 ||
      [resource, ...outputs].some(({ kind, namespace, name }) =>
        deciding.includes(`${kind} ${namespace}/${name}`),
      ),
  );
  const isOfGateway = example.before.rule === undefined || example.after.rule === undefined;
  if (
    [...concerned, ...(isOfGateway ? gateways : [])].some(({ diagnostics }) =>
      diagnostics.some(({ code }) => ofWholeGateways.has(code)),
    )
  )
    return true;
  const declared = concerned.flatMap(({ proof, diagnostics }) =>
    (proof?.declared ?? []).filter(({ code }) => diagnostics.some(diagnostic => diagnostic.code === code)),
  );
  return aspects.every(aspect =>
    declared.some(({ aspects: said }) => said === 'all' || said.includes(aspect)),
  );
}

/**
 * Of a portable route nothing is promised but what it says; waypoints of others act on a Gateway parent alone; and which
 * listeners stand in for which Gateway is for the conversion to know.
 */
function isOnePromise({ profile, attach, gatewayMap }: Options): boolean {
  return (
    profile === 'istio' && attach !== 'waypoint' && gatewayMap.every(({ to }) => to.sectionName === undefined)
  );
}

const cases = caseFolders()
  .filter(({ options }) => isOnePromise(options))
  .map(({ name, input, facts, options }): Scenario => ({ name, inputs: [input], facts, options }));

const withPrefixes = cases.filter(({ inputs }) => inputs.some(({ text }) => text.includes('prefix:')));

const generated = Array.from({ length: 150 }, (_, seed) => generateScenario(seed))
  .filter(({ options }) => isOnePromise(options))
  .map(({ name, files, facts, options }): Scenario => ({ name, inputs: files, facts, options }));

/** Real manifests, where somebody put them beside the project or named their folder. */
const corpusFolder = process.env['VS2ROUTE_CORPUS'] ?? join(import.meta.dirname, '../../shared/corpus');
const corpus = existsSync(corpusFolder)
  ? readdirSync(corpusFolder, { withFileTypes: true, recursive: true })
      .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry): Scenario => {
        const path = relative(corpusFolder, join(entry.parentPath, entry.name));
        const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
        return {
          name: path,
          inputs: [{ path, text }],
          facts: [],
          options: { ...defaultOptions, defaultPort: 80 },
        };
      })
  : [];

test('connections are compared, wherever a case has some', () => {
  const ofConnections = cases.filter(({ name }) => /^(tcp|tls)\//.test(name));
  const uncompared = ofConnections.filter(scenario => {
    const { conversion, verification } = compared(scenario);
    const isMade = conversion.outputs.some(({ resource }) => /^(TCP|TLS)Route$/.test(resource.kind));
    return isMade && verification.connections === 0;
  });
  expect(uncompared.map(({ name }) => name)).toEqual([]);
  expect(ofConnections.length).toBeGreaterThan(20);
});

describe('verify finds nothing after convert --write that is not declared', () => {
  test.each(cases)('$name', scenario => {
    expect(undeclaredIn(scenario)).toEqual([]);
  });

  test.each(withPrefixes)('$name, prefixes to the letter', scenario => {
    const options = { ...scenario.options, prefix: 'string' } as const;
    expect(undeclaredIn({ ...scenario, options })).toEqual([]);
  });

  test.each(generated)('generated $name', scenario => {
    expect(undeclaredIn(scenario)).toEqual([]);
  });

  test.skipIf(corpus.length === 0).each(corpus)('real $name', scenario => {
    expect(undeclaredIn(scenario)).toEqual([]);
  });
});
