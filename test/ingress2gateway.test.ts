import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { applyEdits, convert, type SourceFile, verify } from '../src/index.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'testdata/ingress2gateway');

interface Backend {
  readonly name: string;
  readonly port?: number;
  readonly weight?: number;
}

interface Rule {
  readonly matches?: readonly object[];
  readonly backendRefs?: readonly Backend[];
  readonly filters?: readonly object[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly parentRefs?: readonly object[]; readonly rules?: readonly Rule[] };
}

const textOf = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');
const inputOf = (name: string): SourceFile => ({ path: 'input.yaml', text: textOf(name, 'input.yaml') });

function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap(document => {
    const value = document.toJS() as Manifest | string | null;
    return value === null || typeof value === 'string' ? [] : [value];
  });
}

const rulesOf = (text: string): readonly Rule[] =>
  manifestsOf(text).flatMap(({ kind, spec }) => (kind === 'HTTPRoute' ? (spec.rules ?? []) : []));

const backendsOf = (text: string): readonly Backend[] =>
  rulesOf(text).flatMap(({ backendRefs = [] }) => backendRefs);

const recordOf = (name: string): string => textOf(name, 'ingress2gateway.yaml');

/** The file that `convert --write` leaves. */
function resultOf(name: string): string {
  const conversion = convert([inputOf(name)]);
  return applyEdits(conversion).get('input.yaml') ?? inputOf(name).text;
}

const codesOf = (name: string): readonly string[] =>
  convert([inputOf(name)]).diagnostics.map(({ code }) => code);

/** The Services of an input, which neither tool changes. */
function servicesOf(name: string): string {
  return inputOf(name)
    .text.split(/^---\n/m)
    .filter(document => /^kind: Service$/m.test(document))
    .join('---\n');
}

/** For example requests that go elsewhere: the path, then the backend before and after. */
function differencesOf(name: string, after: string): readonly string[] {
  const found = verify([inputOf(name)], [{ path: 'after.yaml', text: `${after}\n---\n${servicesOf(name)}` }]);
  return found.causes.map(({ example: { request, outcomes } }) => {
    const [before, now] = outcomes.map(outcome =>
      outcome.kind === 'forward'
        ? outcome.destinations.map(({ label }) => label.split('.')[0]).join(', ')
        : outcome.kind,
    );
    return `${request.path}: ${before} -> ${now}`;
  });
}

/** The commands in the help of ingress2gateway. */
const commandsOfOther = (): readonly string[] =>
  [...textOf('.', 'help.txt').matchAll(/^ {2}(completion|help|print|version|\w+) {2,}[A-Z]/gm)].map(
    ([, command = '']) => command,
  );

interface Line {
  readonly row: string;
  /** Folder of the input. */
  readonly input: string;
  readonly holds: (input: string) => void;
}

const lines: readonly Line[] = [
  {
    row: '| `networking.istio.io/v1` | not read: "No resources found", exit code 0 | read, as v1beta1 and v1alpha3 are |',
    input: 'api-version-v1',
    holds: input => {
      expect(recordOf(input)).toBe('No resources found\n');
      expect(textOf(input, 'ingress2gateway.txt')).toContain('\nexit code 0\n');
      expect(backendsOf(resultOf(input)).map(({ name }) => name)).toEqual(['cart']);
    },
  },
  {
    row: '| subsets, 80 % and 20 % | one backend, the whole Service, 100 % | a Service per subset, 80 and 20 |',
    input: 'subsets',
    holds: input => {
      expect(backendsOf(recordOf(input))).toMatchObject([{ name: 'cart', weight: 100 }]);
      expect(backendsOf(resultOf(input))).toMatchObject([
        { name: 'cart-v1', weight: 80 },
        { name: 'cart-v2', weight: 20 },
      ]);
      const services = manifestsOf(resultOf(input)).filter(({ kind }) => kind === 'Service');
      expect(services.map(({ metadata }) => metadata.name)).toEqual(
        expect.arrayContaining(['cart-v1', 'cart-v2']),
      );
    },
  },
  {
    row: '| sole destination without a weight | `weight: 0` | no weight, which means all requests |',
    input: 'weight-left-out',
    holds: input => {
      expect(backendsOf(recordOf(input))).toMatchObject([{ name: 'cart', weight: 0 }]);
      expect(backendsOf(resultOf(input))).toEqual([{ name: 'cart', port: 8080 }]);
    },
  },
  {
    row: '| VirtualService inside the mesh | a route without `parentRefs` | a route attached to the Service |',
    input: 'mesh-host',
    holds: input => {
      const parentsOf = (text: string) =>
        manifestsOf(text).flatMap(({ kind, spec }) => (kind === 'HTTPRoute' ? [spec.parentRefs] : []));
      expect(parentsOf(recordOf(input))).toEqual([undefined]);
      expect(parentsOf(resultOf(input))).toEqual([
        [{ group: '', kind: 'Service', name: 'cart', port: 8080 }],
      ]);
    },
  },
  {
    row: '| order: prefix `/items` before path `/items/sale` | `/items/sale` gets another backend | the same backend as today |',
    input: 'order-of-entries',
    holds: input => {
      expect(differencesOf(input, recordOf(input))).toContain('/items/sale: items -> sale');
      expect(differencesOf(input, resultOf(input))).not.toContain('/items/sale: items -> sale');
      expect(codesOf(input)).toContain('never-reached');
    },
  },
  {
    row: '| regular expression before a prefix | the prefix takes precedence | the expression takes precedence, as today |',
    input: 'regex',
    holds: input => {
      expect(differencesOf(input, recordOf(input))).toContain('/items/0/stars: stars -> items');
      expect(differencesOf(input, resultOf(input))).toEqual([]);
    },
  },
  {
    row: '| header match by prefix | the condition is left out: all requests match | a regular expression |',
    input: 'header-prefix',
    holds: input => {
      expect(rulesOf(recordOf(input)).map(({ matches }) => matches)).toContainEqual([{}]);
      expect(rulesOf(resultOf(input))[0]?.matches).toMatchObject([
        { headers: [{ type: 'RegularExpression', name: 'x-language', value: 'pt.*' }] },
      ]);
      expect(differencesOf(input, resultOf(input))).toEqual([]);
    },
  },
  {
    row: '| mirror of 25 % | mirrors every request | mirrors 25 % |',
    input: 'mirror-percentage',
    holds: input => {
      const mirror = { type: 'RequestMirror', requestMirror: { backendRef: { name: 'audit' } } };
      expect(rulesOf(recordOf(input))[0]?.filters).toMatchObject([mirror]);
      expect(recordOf(input)).not.toContain('percent');
      expect(rulesOf(resultOf(input))[0]?.filters).toMatchObject([
        { ...mirror, requestMirror: { ...mirror.requestMirror, percent: 25 } },
      ]);
    },
  },
  {
    row: '| delegate | a rule without a backend, and a route of its own for the delegate | entries of the delegate in the route |',
    input: 'delegate',
    holds: input => {
      expect(rulesOf(recordOf(input)).map(({ backendRefs }) => backendRefs?.length)).toEqual([undefined, 1]);
      expect(rulesOf(resultOf(input)).map(({ backendRefs }) => backendRefs)).toEqual([
        [{ name: 'items', port: 8080 }],
      ]);
    },
  },
  {
    row: '| two VirtualServices for one host of a gateway | an exact path of the younger one takes precedence | the older one takes precedence, as today |',
    input: 'two-for-one-host',
    holds: input => {
      expect(differencesOf(input, recordOf(input))).toContain('/items/sale: items -> sale');
      expect(differencesOf(input, resultOf(input))).not.toContain('/items/sale: items -> sale');
      expect(codesOf(input)).toContain('never-reached');
    },
  },
  {
    row: '| fault, which a route cannot express | left out with a note; "successfully converted", exit code 0 | not converted, with the reason; exit code 1 |',
    input: 'fault',
    holds: input => {
      const said = textOf(input, 'ingress2gateway.txt');
      expect(said).toMatch(
        /INFO .*\n│ {2}ignoring field: istio\.VirtualService\[shop\/cart\]\.Http\[0\]\.Fault/,
      );
      expect(said).toContain('successfully converted to HTTPRoute "shop/cart-idx-0"');
      expect(said).toMatch(/exit code 0\n$/);
      expect(backendsOf(recordOf(input))).toHaveLength(1);
      expect(codesOf(input)).toContain('fault-injection');
      expect(resultOf(input)).toBe(inputOf(input).text);
    },
  },
  {
    row: '| proof | none | the same requests before and after, each difference named |',
    input: 'regex',
    holds: input => {
      expect(textOf('.', 'help.txt')).not.toMatch(/verif|proof|prove|compare/i);
      const [converted] = convert([inputOf(input)]).resources.flatMap(({ proof }) => proof ?? []);
      expect(converted?.requests).toBeGreaterThan(2);
      expect(converted?.differences).toBe(0);
    },
  },
  {
    row: '| comments | lost | kept, with every byte around the object |',
    input: 'comments',
    holds: input => {
      expect(recordOf(input)).not.toContain('#');
      expect(resultOf(input)).toContain('# Team cart owns this entry.');
      expect(resultOf(input)).toContain("# half of the client's");
    },
  },
  {
    row: '| commands | `print` | `convert`, also in place, `diff`, `report`, `review`, `verify`, `trace` and more |',
    input: 'comments',
    holds: () => {
      expect(commandsOfOther()).toEqual(['completion', 'help', 'print', 'version']);
      expect(textOf('.', 'help.txt')).not.toContain('--write');
      for (const command of ['convert', 'diff', 'report', 'review', 'verify', 'trace'])
        expect(existsSync(join(root, `src/cli/commands/${command}.ts`))).toBe(true);
    },
  },
  {
    row: '| other sources: Ingress, NGINX, Kong, Traefik and more | 9 providers | none |',
    input: 'comments',
    holds: () => {
      const [, providers = ''] = /supported values are \[([^\]]*)\]\.\n/.exec(textOf('.', 'help.txt')) ?? [];
      expect(providers.split(' ')).toHaveLength(9);
      expect(providers.split(' ')).toEqual(expect.arrayContaining(['nginx', 'kong', 'traefik', 'istio']));
    },
  },
];

test('the table of README has a line for each test here, and no other', () => {
  const [, table = ''] = /\| \| ingress2gateway v1\.2\.0 \| vs2route \|\n\|[-| ]+\|\n((?:\|.*\n)+)/.exec(
    readFileSync(join(root, 'README.md'), 'utf8'),
  ) ?? [''];
  expect(table.trimEnd().split('\n')).toEqual(lines.map(({ row }) => row));
});

test('the record is of the version that README names, and every input has a line', () => {
  expect(readFileSync(join(root, 'bench/ingress2gateway/go.mod'), 'utf8')).toContain(
    'require github.com/kubernetes-sigs/ingress2gateway v1.2.0\n',
  );
  const inputs = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  expect(new Set(lines.map(({ input }) => input))).toEqual(new Set(inputs.map(({ name }) => name)));
});

test.each(lines)('$row', ({ input, holds }) => {
  holds(input);
});
