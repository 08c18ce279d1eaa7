import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/**
 * A field that Istio or the Gateway API adds must not be passed over. So a scratch copy of the sources gets one new field in
 * every type of both, and the compiler names each place that has to decide on it. Where the new field is required, it names each
 * place that builds an object from parts, too, whose copy would lack the field.
 */
const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'typed-readers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const apis = ['istio', 'gateway-api'] as const;
const marker = 'scratchField';

/** Whether objects may lack the new field. */
type Need = 'optional' | 'required';

/** A type with a new field, as `istio.HTTPRoute`, and the file of the scratch copy that has it. */
interface Widened {
  readonly type: string;
  readonly path: string;
}

function copySources(): readonly Widened[] {
  cpSync(join(root, 'src'), join(scratch, 'src'), { recursive: true });
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package.json'])
    cpSync(join(root, file), join(scratch, file));
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  const ofApis = apis.flatMap(api =>
    readdirSync(join(scratch, 'src', api))
      .filter(name => name.endsWith('.ts'))
      .flatMap(file => typesIn(api, join(scratch, 'src', api, file))),
  );
  // A match on its way from one API to the other.
  const match = { type: '4-translate.TranslatedMatch', path: join(scratch, 'src/4-translate/entry.ts') };
  return [...ofApis, match];
}

function typesIn(api: string, path: string): readonly Widened[] {
  const declared = readFileSync(path, 'utf8').matchAll(/^export interface (\w+)[^{]*\{$/gm);
  return [...declared].map(([, name]) => ({ type: `${api}.${name}`, path }));
}

function addFields(widened: readonly Widened[], need: Need): void {
  for (const { type, path } of widened) {
    const [api = '', name = ''] = type.split('.');
    const field = `${fieldOf(type)}${need === 'optional' ? '?' : ''}`;
    const old = new RegExp(`^(export interface ${name}\\b[^{]*\\{)(?:\\n  readonly ${marker}.*)?$`, 'm');
    const text = readFileSync(path, 'utf8');
    if (!old.test(text)) throw new Error(`no interface ${name} in ${api}`);
    writeFileSync(path, text.replace(old, `$1\n  readonly ${field}: string;`));
  }
}

function fieldOf(type: string): string {
  return `${marker}${type.replace(/\W/g, '_')}_`;
}

/** @returns the errors of the scratch copy, each as one text, with the file of the sources */
function compile(): readonly { readonly file: string; readonly lines: readonly string[] }[] {
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { stdout, error } = spawnSync(
    compiler,
    ['-p', 'tsconfig.build.json', '--noEmit', '--pretty', 'false', '--noErrorTruncation'],
    { cwd: scratch, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (error !== undefined) throw error;
  const errors: { file: string; lines: string[] }[] = [];
  for (const line of stdout.split('\n')) {
    const file = /^src\/(.+?)\(\d+,\d+\): error/.exec(line)?.[1];
    if (file !== undefined) errors.push({ file, lines: [line] });
    else errors.at(-1)?.lines.push(line);
  }
  return errors;
}

/** The files of the sources that do not compile with the new field of a type, by type. */
function decidingFiles(widened: readonly Widened[]): ReadonlyMap<string, readonly string[]> {
  addFields(widened, 'optional');
  const found = new Map(widened.map(({ type }) => [type, new Set<string>()]));
  for (const { file, lines } of compile())
    for (const line of lines) {
      // `Property 'a' is missing`, and `missing the following properties from type X: a, b`.
      const missing =
        /Property '(\w+)' is missing/.exec(line)?.[1] ??
        /missing the following properties .*: (.*)$/.exec(line)?.[1] ??
        '';
      for (const [type, files] of found) if (missing.includes(fieldOf(type))) files.add(file);
    }
  return new Map([...found].map(([type, files]) => [type, [...files].sort()]));
}

/** The types of which files build objects from parts, so that these lack a field that is new; an object without fields copies nothing. */
function builtTypes(widened: readonly Widened[]): ReadonlyMap<string, readonly string[]> {
  addFields(widened, 'required');
  const found = new Map<string, Set<string>>();
  for (const { file, lines } of compile()) {
    if (apis.some(api => file.startsWith(`${api}/`)) || file.startsWith('2-decode/')) continue;
    for (const line of lines) {
      const [, field = ''] = /Property '(\w+)' is missing in type '\{ \w/.exec(line) ?? [];
      const type = widened.find(one => fieldOf(one.type) === field)?.type;
      if (type !== undefined) found.set(file, (found.get(file) ?? new Set()).add(type));
    }
  }
  return new Map([...found].map(([file, built]) => [file, [...built].sort()]));
}

const widened = copySources();
const types = widened.map(({ type }) => type).sort();
const files = decidingFiles(widened);
const built = builtTypes(widened);

test('a new field of any type of both APIs does not compile until its decoder decides', () => {
  const undecided = types
    .filter(type => !type.startsWith('4-translate.'))
    .filter(type => !(files.get(type) ?? []).some(file => file.startsWith('2-decode/')));
  expect(undecided).toEqual([]);
});

/** The places that read, copy or merge a part of a rule, and have to know of each of its fields. */
const readers: Readonly<Record<string, readonly string[]>> = {
  'istio.VirtualService': ['4-translate/virtual-service.ts'],
  'istio.HTTPRoute': ['3-link/delegates.ts', '4-translate/http-entry.ts', 'semantics/seen-fields.ts'],
  'istio.HTTPMatchRequest': [
    '3-link/delegates.ts',
    '4-translate/http-match.ts',
    'semantics/compile-entry.ts',
    'semantics/seen-fields.ts',
  ],
  'istio.HTTPRouteDestination': ['semantics/seen-fields.ts'],
  'istio.Destination': ['semantics/seen-fields.ts'],
  'istio.HTTPRedirect': ['semantics/seen-fields.ts'],
  'istio.HTTPRewrite': ['semantics/seen-fields.ts'],
  'istio.HTTPRetry': ['semantics/seen-fields.ts'],
  'istio.CorsPolicy': ['semantics/seen-fields.ts'],
  'istio.TrafficPolicy': ['4-translate/traffic-policy.ts'],
  'istio.Server': ['4-translate/server.ts'],
  'istio.ServerTLSSettings': ['4-translate/server-tls.ts'],
  'gateway-api.HTTPRoute': ['6-emit/key-order.ts'],
  'gateway-api.HTTPRouteRule': [
    '5-order/grpc-route.ts',
    '5-order/rules.ts',
    '6-emit/key-order.ts',
    'semantics/http-route.ts',
    'semantics/seen-fields.ts',
  ],
  'gateway-api.HTTPRouteMatch': [
    '5-order/grpc-route.ts',
    '5-order/rules.ts',
    '6-emit/key-order.ts',
    'semantics/http-route.ts',
    'semantics/seen-fields.ts',
  ],
  'gateway-api.HTTPRequestRedirectFilter': ['6-emit/key-order.ts', 'semantics/http-route.ts'],
  'gateway-api.HTTPURLRewriteFilter': ['6-emit/key-order.ts', 'semantics/http-route.ts'],
  'gateway-api.HTTPCORSFilter': ['6-emit/key-order.ts', 'semantics/http-route.ts'],
  'gateway-api.HTTPHeaderFilter': ['6-emit/key-order.ts', 'semantics/http-route.ts'],
  'gateway-api.HTTPBackendRef': ['6-emit/key-order.ts', 'semantics/seen-fields.ts'],
  'gateway-api.Service': ['3-link/subsets/inherited-by-versions.ts'],
  'gateway-api.ServicePort': ['3-link/subsets/inherited-by-versions.ts'],
  'istio.DestinationRule': ['6-emit/version-services.ts'],
  '4-translate.TranslatedMatch': ['5-order/complement.ts', '5-order/match-sets.ts'],
  'gateway-api.GRPCRouteRule': ['semantics/grpc-route.ts', 'semantics/seen-fields.ts'],
  'gateway-api.GRPCRouteMatch': [
    '6-emit/key-order.ts',
    'semantics/grpc-route.ts',
    'semantics/seen-fields.ts',
  ],
  'gateway-api.Layer4RouteRule': ['semantics/connection-lists.ts'],
};

test.each(Object.entries(readers))(
  'a new field of %s does not compile until its readers decide',
  (type, places) => {
    expect(files.get(type)).toEqual(expect.arrayContaining([...places]));
  },
);

/** @returns the types over whose keys a file of the sources has a record */
function recordsIn(file: string): readonly string[] {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  const names = { istio: 'istio', gateway: 'gateway-api', gatewayApi: 'gateway-api' } as const;
  return [...text.matchAll(/Record<\s*keyof (istio|gateway|gatewayApi)\.(\w+)/g)].map(
    ([, api, name]) => `${names[api as keyof typeof names]}.${name}`,
  );
}

test('each record over the keys of a type has all of them', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => file.replaceAll('\\', '/'));
  const records = sources.flatMap(file => recordsIn(file).map(type => ({ type, file })));
  expect(records.length).toBeGreaterThanOrEqual(15);
  expect(records.filter(({ type, file }) => !(files.get(type) ?? []).includes(file))).toEqual([]);
});

/** Whether a function of a file has a parameter of a type. */
function isGiven(file: string, type: string): boolean {
  const [, name] = type.split('.');
  const text = readFileSync(join(root, 'src', file), 'utf8');
  const annotated = `[\\w}\\]]\\??: (?:readonly )?(?:gateway(?:Api)?\\.)?${name}\\b`;
  return new RegExp(`(?<!\\b(?:const|let|readonly) \\w*)${annotated}`).test(text);
}

/** Objects that are built where nothing decides on their types, and why no field can get lost there. */
const lossless: Readonly<Record<string, { readonly types: string; readonly why: string }>> = {
  '3-link/subsets/traffic-policy.ts': {
    types: 'istio.PortTrafficPolicy',
    why: 'the fields that it does not name are carried along',
  },
  '4-translate/cors-policy.ts': {
    types: 'gateway-api.HTTPCORSFilter, istio.StringMatch',
    why: 'made of a corsPolicy, and of one text of allowOrigin',
  },
  '4-translate/headers.ts': { types: 'gateway-api.HTTPHeaderFilter', why: 'made of operations of Istio' },
  '4-translate/route.ts': { types: 'istio.PortSelector', why: 'made of a number' },
  '6-emit/gateways.ts': {
    types: 'gateway-api.ObjectMeta',
    why: 'labels and annotations are carried one by one',
  },
  '6-emit/parent-refs.ts': { types: 'gateway-api.ParentReference', why: 'made of a Gateway or a Service' },
  '7-settle/around/policy-moves.ts': {
    types: 'istio.PolicyTargetReference',
    why: 'made of the name of a Service or a waypoint',
  },
  '7-settle/conversion-vantages.ts': {
    types: 'gateway-api.AllowedRoutes, gateway-api.ParentReference',
    why: 'stands in for a Gateway that is not found in the input',
  },
  'semantics/cors.ts': { types: 'istio.StringMatch', why: 'made of one text of allowOrigin' },
  'semantics/mesh-table.ts': {
    types: 'istio.Destination, istio.PortSelector',
    why: 'where requests go without any VirtualService',
  },
  'semantics/stand-ins.ts': {
    types: 'gateway-api.AllowedRoutes, gateway-api.ObjectMeta, istio.Server',
    why: 'stands in for a Gateway that is not found in the input',
  },
};

test('an object is built from parts only where new fields are decided on, or where it is made of another API', () => {
  const deciding = new Set([...files.values()].flat());
  // From Istio, on whose fields src/diagnostics/fields decides one by one, to the Gateway API; a function that is given such an
  // object may copy it.
  const isMadeOfIstio = (file: string, type: string) =>
    !type.startsWith('istio.') && /^(4-translate|6-emit)\//.test(file) && !isGiven(file, type);
  const undecided = [...built].flatMap(([file, own]) => {
    const left = own.filter(type => !isMadeOfIstio(file, type) && !(files.get(type) ?? []).includes(file));
    const isElsewhere = !/^(4-translate|6-emit)\//.test(file) && deciding.has(file);
    return isElsewhere || left.length === 0 ? [] : [[file, left.join(', ')]];
  });
  const expected = Object.entries(lossless).map(([file, { types: named }]) => [file, named]);
  expect(Object.fromEntries(undecided)).toEqual(Object.fromEntries(expected));
});
