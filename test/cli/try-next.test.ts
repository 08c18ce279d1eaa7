import { expect, test } from 'vitest';
import type { ChooseLots } from '../../src/8-convert/kept.ts';
import { tryNext } from '../../src/cli/commands/try-next.ts';
import type { Conversion } from '../../src/conversion.ts';
import { convert } from '../../src/convert.ts';
import { defaultOptions, type Options, type SourceFile } from '../../src/index.ts';
import { readOne } from '../../src/read-resources.ts';
import { shopService, shopVirtualService } from './shop.ts';

const retries = '    retries:\n      attempts: 2\n      retryOn: 5xx\n';
const fault = '    fault:\n      delay:\n        fixedDelay: 5s\n        percentage:\n          value: 100\n';
const delegating = (name: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${name}
  http:
  - delegate:
      name: ${name}-part
`;
const delegate = (name: string, field: string): string =>
  `${shopVirtualService(`${name}-part`).replace(`  hosts:\n  - ${name}-part\n`, '')}${field}`;

const files: readonly SourceFile[] = Object.entries({
  plain: shopVirtualService('plain'),
  retries: shopVirtualService('retries') + retries,
  fault: shopVirtualService('fault') + fault,
  // Both stay as they are for a reason of the second, which has a reason of its own and that of the first.
  delegate: `${delegating('delegate')}---\n${delegate('delegate', retries)}`,
  'faulty-delegate': `${delegating('faulty-delegate')}---\n${delegate('faulty-delegate', fault)}`,
}).map(([name, text]) => ({ path: `${name}.yaml`, text: `${shopService(name)}---\n${text}` }));

/** @returns the lines, and the names of the VirtualServices that each try converted */
function tried(isChoosing: boolean): { readonly lines: readonly string[]; readonly looked: string[][] } {
  const looked: string[][] = [];
  const kept = { read: readOne, memory: new Map(), isComingAgain: true };
  const again = (options: Options, choose: ChooseLots): Conversion => {
    const chosen = isChoosing ? choose : undefined;
    const conversion = convert(files, [], options, undefined, [], kept, 0, chosen);
    looked.push(conversion.resources.map(({ resource }) => resource.name));
    return conversion;
  };
  return { lines: tryNext(convert(files), defaultOptions, again), looked };
}

test('a try converts the lots that it may help, and counts as a conversion of everything does', () => {
  const all = files.flatMap(({ path }) => {
    const name = path.replace('.yaml', '');
    return name.includes('delegate') ? [name, `${name}-part`] : [name];
  });
  const withRetries = ['retries', 'delegate', 'delegate-part'];
  const lines = [
    'Try --partial: 6 more convert.',
    'Try --gateway-api 1.7: 3 more convert.',
    'Try --channel experimental: 3 more convert.',
  ];
  expect(tried(true)).toEqual({ lines, looked: [withRetries, withRetries, all.slice(1)] });
  expect(tried(false)).toEqual({ lines, looked: [all, all, all] });
});
