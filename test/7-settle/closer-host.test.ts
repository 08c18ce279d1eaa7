import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert } from '../../src/convert.ts';
import { defaultOptions } from '../../src/options.ts';

const folder = join(import.meta.dirname, '../../testdata/cases/gateway/a-closer-host-behind-tls');
const files = [{ path: 'input.yaml', text: readFileSync(join(folder, 'input.yaml'), 'utf8') }];

test('a wildcard behind TLS converts beside a closer host where the pods stay the same', () => {
  const outcome = (options: typeof defaultOptions) => {
    const { resources, diagnostics } = convert(files, [], options);
    return {
      states: resources.map(({ resource, status }) => `${resource.kind} ${resource.name}: ${status}`),
      codes: diagnostics.map(({ code }) => code),
    };
  };
  expect(outcome(defaultOptions)).toEqual({
    states: ['Gateway vestry: skipped', 'Gateway cloister: skipped', 'VirtualService bells: held-back'],
    codes: ['gateway-unused', 'gateway-closer-host'],
  });
  expect(outcome({ ...defaultOptions, gatewayService: 'istio-system/istio-ingressgateway' })).toEqual({
    states: ['Gateway vestry: skipped', 'Gateway cloister: converted', 'VirtualService bells: converted'],
    codes: ['gateway-unused'],
  });
});
