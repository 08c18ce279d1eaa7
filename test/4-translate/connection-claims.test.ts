import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';

const service = `apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{name: tcp, port: 5432}]}
`;

function virtualService(name: string): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec: {hosts: [db], tcp: [{match: [{port: 5432}], route: [{destination: {host: db, subset: ${name}, port: {number: 5432}}}]}]}
`;
}

/** What is said of VirtualServices that take the connections to one port: whom, and how many places. */
function claimsAmong(names: readonly string[]): readonly (readonly [string | undefined, string, number])[] {
  const text = [service, ...names.map(virtualService)].join('---\n');
  return convert([{ path: 'in.yaml', text }])
    .diagnostics.filter(({ code }) => code === 'host-claimed-twice')
    .map(({ resource, message, related }) => [
      resource?.name,
      /VirtualService ([^\s,]+(?: and \d+ others?)?)/.exec(message)?.[1] ?? '',
      related.length,
    ]);
}

test('each VirtualService for a shared port is reported once, and the first one names the places of the others', () => {
  expect(claimsAmong(['a', 'b', 'c', 'd'])).toEqual([
    ['a', 'shop/b and 2 others', 3],
    ['b', 'shop/a and 2 others', 1],
    ['c', 'shop/a and 2 others', 1],
    ['d', 'shop/a and 2 others', 1],
  ]);
});

test('two VirtualServices for one port name each other', () => {
  expect(claimsAmong(['a', 'b'])).toEqual([
    ['a', 'shop/b', 1],
    ['b', 'shop/a', 1],
  ]);
});

test('one by itself is told nothing', () => {
  expect(claimsAmong(['a'])).toEqual([]);
});
