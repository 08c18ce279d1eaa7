import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

/**
 * A field that Istio or the Gateway API adds must not be passed over. So a scratch copy of the sources gets one new field in
 * every type of both, and the compiler names each place that has to decide on it.
 */
const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'typed-readers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const apis = ['istio', 'gateway-api'] as const;
const marker = 'scratchField';

function addFields(): readonly string[] {
  cpSync(join(root, 'src'), join(scratch, 'src'), { recursive: true });
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package.json'])
    cpSync(join(root, file), join(scratch, file));
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  const types: string[] = [];
  for (const api of apis) {
    for (const file of readdirSync(join(scratch, 'src', api)).filter(name => name.endsWith('.ts'))) {
      const path = join(scratch, 'src', api, file);
      const text = readFileSync(path, 'utf8').replace(
        /^export interface (\w+)([^{]*)\{$/gm,
        (line, name: string) => {
          types.push(`${api}.${name}`);
          return `${line}\n  readonly ${fieldOf(`${api}.${name}`)}?: string;`;
        },
      );
      writeFileSync(path, text);
    }
  }
  // A match on its way from one API to the other.
  const path = join(scratch, 'src', '4-translate/entry.ts');
  const text = readFileSync(path, 'utf8').replace(/^export interface TranslatedMatch \{$/m, line => {
    types.push('4-translate.TranslatedMatch');
    return `${line}\n  readonly ${fieldOf('4-translate.TranslatedMatch')}?: string;`;
  });
  writeFileSync(path, text);
  return types.sort();
}

function fieldOf(type: string): string {
  return `${marker}${type.replace(/\W/g, '_')}_`;
}

/** The files of the sources that do not compile with the new field of a type, by type. */
function decidingFiles(types: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { stdout, error } = spawnSync(
    compiler,
    ['-p', 'tsconfig.build.json', '--noEmit', '--pretty', 'false', '--noErrorTruncation'],
    { cwd: scratch, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (error !== undefined) throw error;
  const found = new Map(types.map(type => [type, new Set<string>()]));
  let file = '';
  for (const line of stdout.split('\n')) {
    file = /^src\/(.+?)\(\d+,\d+\): error/.exec(line)?.[1] ?? file;
    // `Property 'a' is missing`, and `missing the following properties from type X: a, b`.
    const missing =
      /Property '(\w+)' is missing/.exec(line)?.[1] ??
      /missing the following properties .*: (.*)$/.exec(line)?.[1] ??
      '';
    for (const type of types) if (missing.includes(fieldOf(type))) found.get(type)?.add(file);
  }
  return new Map([...found].map(([type, files]) => [type, [...files].sort()]));
}

const types = addFields();
const files = decidingFiles(types);

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
  'gateway-api.GRPCRouteMatch': ['6-emit/key-order.ts', 'semantics/seen-fields.ts'],
};

test.each(Object.entries(readers))(
  'a new field of %s does not compile until its readers decide',
  (type, places) => {
    expect(files.get(type)).toEqual(expect.arrayContaining([...places]));
  },
);
