import { expect, test } from 'vitest';
import { wantsColor } from '../../src/cli/world.ts';
import { defaultOptions } from '../../src/options.ts';
import { placeWith, virtualService } from './run.ts';

const optionsOf = (...flags: readonly string[]): unknown => {
  const place = placeWith({ 'a.yaml': virtualService('a') });
  const { stderr } = place.run(['convert', ...flags], { env: { SHOW_OPTIONS: '1' } });
  return JSON.parse(stderr.split('\n')[0] ?? '').options;
};

test('without flags the defaults stand', () => {
  expect(optionsOf()).toEqual(defaultOptions);
  expect(optionsOf('--quiet', '--no-progress', '--no-color', '--color', 'never')).toEqual(defaultOptions);
});

test('every choice has its flag', () => {
  const flags =
    '--profile portable --from ambient --attach service --waypoint infra/wp --create-waypoints --gateways keep --gateway-service istio-ingress/gw --grpc http --prefix string --gateway-api 1.7 --channel experimental --namespace shop --default-port 8080 --partial --stage 2 --keep-virtual-services --policies convert --patches drop --limit-requests 5 --limit-automata 6 --limit-matches 7 --limit-paths 8';
  const mappings = ['--gateway', 'istio-ingress/gw=kube-system/edge#https', '--gateway=a/b=c/d.e'];
  expect(optionsOf(...flags.split(' '), ...mappings)).toEqual({
    profile: 'portable',
    from: 'ambient',
    attach: 'service',
    waypoint: 'infra/wp',
    createWaypoints: true,
    gateways: 'keep',
    gatewayMap: [
      {
        from: { namespace: 'istio-ingress', name: 'gw' },
        to: { namespace: 'kube-system', name: 'edge', sectionName: 'https' },
      },
      { from: { namespace: 'a', name: 'b' }, to: { namespace: 'c', name: 'd.e' } },
    ],
    gatewayService: 'istio-ingress/gw',
    grpc: 'http',
    prefix: 'string',
    gatewayApi: '1.7',
    channel: 'experimental',
    namespace: 'shop',
    defaultPort: 8080,
    partial: true,
    keepVirtualServices: true,
    stage: '2',
    policies: 'convert',
    patches: 'drop',
    limitRequests: 5,
    limitAutomata: 6,
    limitMatches: 7,
    limitPaths: 8,
    targetFromInput: false,
  });
});

const port = "error: option '--default-port <port>'";
const gateway = "error: option '--gateway <from=to#listener>'";
const mapping =
  'Write NAMESPACE/NAME=NAMESPACE/NAME#LISTENER, as in istio-ingress/gw=kube-system/edge#https; #LISTENER may be left out.';

test.each([
  [['--default-port', '0'], `${port} argument '0' is invalid. A port is a number from 1 to 65535.`],
  [['--default-port', '65536'], `${port} argument '65536' is invalid. A port is a number from 1 to 65535.`],
  [['--default-port', '80a'], `${port} argument '80a' is invalid. A port is a number from 1 to 65535.`],
  [['--default-port'], `${port} argument missing`],
  [
    ['--jobs', '0'],
    "error: option '--jobs <n>' argument '0' is invalid. The number of threads is a whole number from 1 to 64.",
  ],
  [
    ['--jobs', '65'],
    "error: option '--jobs <n>' argument '65' is invalid. The number of threads is a whole number from 1 to 64.",
  ],
  [['--gateway', 'gw=edge'], `${gateway} argument 'gw=edge' is invalid. ${mapping}`],
  [['--gateway', 'a/b=c/d#'], `${gateway} argument 'a/b=c/d#' is invalid. ${mapping}`],
  [
    ['--gateway', 'a/b=c/d', '--gateway', 'a/b=e/f'],
    `${gateway} argument 'a/b=e/f' is invalid. a/b is mapped twice.`,
  ],
  [
    ['--profile', 'isto'],
    "error: option '--profile <istio|portable|envoy-gateway|contour|traefik>' argument 'isto' is invalid. Choose one of istio, portable, envoy-gateway, contour, traefik.",
  ],
  [
    ['--gateway-api', '1.3'],
    "error: option '--gateway-api <1.4|1.5|1.6|1.7>' argument '1.3' is invalid. Choose one of 1.4, 1.5, 1.6, 1.7.",
  ],
  [
    ['--namespace', 'Shop'],
    "error: option '--namespace <name>' argument 'Shop' is invalid. A namespace has lower-case letters, digits and dashes, at most 63.",
  ],
  [
    ['--waypoint', 'a/b/c'],
    "error: option '--waypoint <name>' argument 'a/b/c' is invalid. Write NAME or NAMESPACE/NAME.",
  ],
  [
    ['--gateway-service', 'gw'],
    "error: option '--gateway-service <name>' argument 'gw' is invalid. Write NAMESPACE/NAME.",
  ],
  [
    ['--write', '--output', 'x'],
    "error: option '--write' cannot be used with option '-o, --output <folder>'",
  ],
  [['--gatway', 'x'], "error: unknown option '--gatway'\n(Did you mean --gateway?)"],
])('%j is refused: exit 2', (flags, message) => {
  const files = { 'a.yaml': virtualService('a') };
  const place = placeWith(files);
  expect(place.run(['convert', ...flags])).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  expect(place.tree()).toEqual(files);
});

const coloured = (flags: readonly string[], env: Record<string, string>): boolean =>
  placeWith({ 'held.yaml': virtualService('held') })
    .run(['convert', ...flags], { env })
    .stderr.includes('\u001b[');

test('a flag decides about colours, then NO_COLOR, then FORCE_COLOR, then the terminal', () => {
  expect(coloured([], {})).toBe(false);
  expect(coloured([], { FORCE_COLOR: '1' })).toBe(true);
  expect(coloured([], { FORCE_COLOR: '0' })).toBe(false);
  expect(coloured([], { CI: '1' })).toBe(false);
  expect(coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  expect(coloured([], { FORCE_COLOR: '1', NO_COLOR: '' })).toBe(true);
  expect(coloured(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
  expect(coloured(['--color=never'], { FORCE_COLOR: '1' })).toBe(false);
  expect(coloured(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
});

test('a terminal that can has colours, unless somebody says no', () => {
  const terminal = { isTTY: true, write: () => true };
  expect(wantsColor(terminal, undefined, {})).toBe(true);
  expect(wantsColor(terminal, 'auto', { TERM: 'xterm' })).toBe(true);
  expect(wantsColor(terminal, undefined, { TERM: 'dumb' })).toBe(false);
  expect(wantsColor(terminal, undefined, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColor(terminal, 'never', {})).toBe(false);
});
