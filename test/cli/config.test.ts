import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/cli/flags/config-schema.ts';
import { allSettings } from '../../src/cli/flags/keep-setting.ts';
import { placeWith } from './run.ts';
import { commitAll, isThere, runHere, shopRoute, shopService, shopVirtualService } from './shop.ts';

const schemaFile = join(import.meta.dirname, '../../schemas/config.schema.json');
const quiet = ['convert', '--quiet'];

test('the schema that is shipped is the one of the settings', () => {
  const text = `${JSON.stringify(configSchema(), undefined, 2)}\n`;
  if (process.env['UPDATE'] !== undefined) writeFileSync(schemaFile, text);
  expect(readFileSync(schemaFile, 'utf8')).toBe(text);
});

const everything = `$schema: ./node_modules/vs2route/schemas/config.schema.json
from: ambient
profile: portable
gatewayApi: 1.5
channel: experimental
attach: service
waypoint: infra/waypoint
createWaypoints: true
gateways: keep
gateway: ["istio-ingress/gw=kube-system/edge#https"]
gatewayService: istio-ingress/ingress
grpc: http
prefix: string
policies: convert
partial: true
keepVirtualServices: true
stage: all
with: [services.yaml]
defaultPort: 8081
trustedProxies: 1
rootNamespace: istio-config
namespace: shop
exclude: [old/]
keep: [legacy/]
ignore: false
rename: true
patches: drop
jobs: 2
limitRequests: 5000
limitAutomata: 5000
limitMatches: 5000
limitPaths: 5000
`;

test('every setting is in the schema and is read', async () => {
  const content = load(everything);
  const keys = Object.keys(content as object).filter(key => key !== '$schema');
  expect(keys.toSorted()).toEqual(allSettings.map(({ key }) => key).toSorted());
  const validate = new Ajv().compile(configSchema());
  expect(validate(content), JSON.stringify(validate.errors)).toBe(true);
  const place = placeWith({
    'vs2route.config.yaml': everything,
    'services.yaml': '',
    'a.yaml': shopRoute('a'),
  });
  expect(await runHere(place, quiet)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.each([
  ['profil: istio', 'profil: There is no such setting.'],
  ['profile: both', 'profile: Choose one of istio, portable, envoy-gateway, contour, traefik.'],
  ['gatewayApi: 2', 'gatewayApi: Choose one of 1.4, 1.5, 1.6, 1.7.'],
  ['rename: "yes"', 'rename: Write true or false.'],
  ['defaultPort: "80"', 'defaultPort: Write a number.'],
  ['defaultPort: 0', 'defaultPort: A port is a number from 1 to 65535.'],
  ['with: services.yaml', 'with: Write a list of texts.'],
  [
    'gateway: [edge]',
    'gateway: Write NAMESPACE/NAME=NAMESPACE/NAME#LISTENER, as in istio-ingress/gw=kube-system/edge#https; #LISTENER may be left out.',
  ],
  ['- a', 'holds no mapping of settings'],
  ['a: [', 'cannot be read: deficient indentation (2:1)'],
])('%s: refused by the schema and by the program', async (text, message) => {
  const place = placeWith({ 'vs2route.config.yaml': `${text}\n`, 'a.yaml': shopVirtualService('a') });
  const { code, stdout, stderr } = await runHere(place, [...quiet, '--write']);
  expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
    code: 2,
    stdout: '',
    first: `error: vs2route.config.yaml: ${message}`,
  });
  expect(place.tree()['a.yaml']).toBe(shopVirtualService('a'));
  // The schema leaves to the program what an item of a list is.
  if (message.startsWith('cannot') || message.startsWith('gateway')) return;
  expect(new Ajv().validate(configSchema(), load(text))).toBe(false);
});

test('a file that says nothing', async () => {
  const place = placeWith({ 'vs2route.config.yaml': '# nothing yet\n', 'a.yaml': shopRoute('a') });
  expect(await runHere(place, quiet)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.skipIf(!isThere('git'))('it is found upward to the top of the repository, and no further', async () => {
  const place = placeWith({
    'vs2route.config.yaml': 'defaultPort: 1111\n',
    'repository/apps/cart/a.yaml': shopVirtualService('a'),
    'repository/apps/vs2route.config.yaml': 'defaultPort: 3333\n',
  });
  const inFolder = async (folder: string): Promise<string> =>
    (await runHere(place, [...quiet, ...(folder === '.' ? ['repository'] : [])], { folder })).stdout;
  expect(await inFolder('repository/apps/cart')).toBe('');
  commitAll({ ...place, path: join(place.path, 'repository') });
  expect(await inFolder('repository/apps/cart')).toBe(shopRoute('a', 3333));
  expect(await inFolder('repository')).toBe('');
  writeFileSync(join(place.path, 'repository/vs2route.config.yaml'), 'defaultPort: 2222\n');
  expect(await inFolder('repository')).toBe(shopRoute('a', 2222));
  expect(await inFolder('.')).toBe(shopRoute('a', 1111));
});

test('flags win; --config names another file, --no-config none', async () => {
  const place = placeWith({
    'vs2route.config.yaml': 'defaultPort: 1111\n',
    'other/settings.yaml': 'defaultPort: 2222\n',
    'a.yaml': shopVirtualService('a'),
  });
  const run = async (...args: readonly string[]) =>
    (await runHere(place, [...quiet, ...args, 'a.yaml'])).stdout;
  expect(await run()).toBe(shopRoute('a', 1111));
  expect(await run('--default-port', '3333')).toBe(shopRoute('a', 3333));
  expect(await run('--config', 'other/settings.yaml')).toBe(shopRoute('a', 2222));
  expect(await run('--no-config')).toBe('');
  expect(await runHere(place, [...quiet, '--config', 'gone.yaml'])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: gone.yaml: cannot be read: no such file or folder
  fix: Mend the configuration file, or run without it: \`--no-config\`.
`,
  });
});

test('paths are those of the file that names them', async () => {
  const place = placeWith({
    'vs2route.config.yaml': 'with: [facts/services.yaml]\n',
    'facts/services.yaml': shopService('a', 9000),
    'apps/a.yaml': shopVirtualService('a'),
  });
  const { stdout } = await runHere(place, [...quiet, '--config', '../vs2route.config.yaml'], {
    folder: 'apps',
  });
  expect(stdout).toBe(shopRoute('a', 9000));
});

test.each([['diff'], ['report'], ['check'], ['trace', '--host', 'a.shop'], ['suggest', '--format', 'sarif']])(
  '%s reads it too',
  async (...args) => {
    const place = placeWith({ 'vs2route.config.yaml': 'no: such\n', 'a.yaml': shopVirtualService('a') });
    const { code, stdout, stderr } = await runHere(place, args);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stdout: '',
      first: 'error: vs2route.config.yaml: no: There is no such setting.',
    });
  },
);
