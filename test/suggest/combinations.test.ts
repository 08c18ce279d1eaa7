import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editFiles } from '../../src/6-emit/edit-files.ts';
import { convert, type SourceFile, verify } from '../../src/index.ts';
import { itemsOf } from '../../src/suggest/items.ts';
import { offeredParts } from '../../src/suggest/offered.ts';
import { service } from '../forge/run.ts';

/** A VirtualService of a new pull request, in some of the forms that people write. */
interface Shape {
  readonly name: string;
  readonly form: 'plain' | 'canary' | 'timeout' | 'two-of-one-host';
  readonly policy: boolean;
  readonly isOneFile: boolean;
}

function virtualService(name: string, host: string, route: string): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${host}
  http:
  - ${route}
`;
}

function destinationRule(name: string, policy: boolean): string {
  const settings = policy
    ? '  trafficPolicy:\n    connectionPool:\n      http:\n        http2MaxRequests: 7\n'
    : '';
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
  namespace: shop
spec:
  host: ${name}
${settings}  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
`;
}

function filesOf({ name, form, policy, isOneFile }: Shape): readonly SourceFile[] {
  const to = `destination:\n        host: ${name}`;
  switch (form) {
    case 'plain':
      return [{ path: `${name}.yaml`, text: virtualService(name, name, `route:\n    - ${to}`) }];
    case 'timeout':
      return [
        { path: `${name}.yaml`, text: virtualService(name, name, `timeout: 5s\n    route:\n    - ${to}`) },
      ];
    case 'two-of-one-host':
      return [
        {
          path: `${name}.yaml`,
          text: virtualService(
            name,
            `${name}.shop.svc.cluster.local`,
            `timeout: 2s\n    route:\n    - ${to}`,
          ),
        },
        {
          path: `${name}-more.yaml`,
          text: virtualService(`${name}-more`, 'other.example', `route:\n    - ${to}`),
        },
      ];
    case 'canary': {
      const route = `route:\n    - ${to}\n        subset: v1\n      weight: 90\n    - ${to}\n        subset: v2\n      weight: 10`;
      const text = virtualService(name, name, route);
      const rule = destinationRule(name, policy);
      return isOneFile
        ? [{ path: `${name}.yaml`, text: `${rule}---\n${text}` }]
        : [
            { path: `${name}.yaml`, text },
            { path: `${name}-rule.yaml`, text: rule },
          ];
    }
  }
}

const names = ['cart', 'reviews', 'ratings'];
const services: SourceFile = { path: 'services.yaml', text: names.map(service).join('---\n') };

test('whichever buttons are pressed, every request goes where it went', () => {
  let pressed = 0;
  fc.assert(
    fc.property(
      fc.tuple(
        ...names.map(name =>
          fc.record({
            name: fc.constant(name),
            form: fc.constantFrom<Shape['form']>('plain', 'canary', 'timeout', 'two-of-one-host'),
            policy: fc.boolean(),
            isOneFile: fc.boolean(),
          }),
        ),
      ),
      shapes => {
        const sources = [services, ...shapes.flatMap(filesOf)];
        const items = itemsOf(convert(sources), () => true).filter(item => item.kind === 'change');
        const buttons = items.map(offeredParts).filter(parts => parts.length === 1);
        for (let choice = 1; choice < 2 ** buttons.length; choice += 1) {
          const edits = buttons.flatMap((parts, index) =>
            (choice >> index) % 2 === 1 ? parts.flatMap(part => part.edits) : [],
          );
          const edited = new Map(editFiles(sources, edits).map(({ file, text }) => [file.path, text]));
          const after = sources.flatMap(({ path, text }) => {
            const now = edited.has(path) ? edited.get(path) : text;
            return now === undefined ? [] : [{ path, text: now }];
          });
          const { causes, connectionCauses } = verify(sources, after);
          expect([...causes, ...connectionCauses].map(({ summary }) => summary)).toEqual([]);
          pressed += 1;
        }
      },
    ),
    { numRuns: 25 },
  );
  expect(pressed).toBeGreaterThan(50);
}, 60_000);
