import { expect, test } from 'vitest';
import { buildFacts } from '../../src/3-link/facts.ts';
import { type Groups, groupsOf } from '../../src/3-link/groups.ts';
import { defaultOptions } from '../../src/options.ts';
import { readResources } from '../../src/read-resources.ts';

function groupsIn(text: string): Groups {
  const resources = readResources([{ path: 'in.yaml', text }], 'hall', () => undefined);
  return groupsOf(buildFacts(resources, defaultOptions, new Set(resources)));
}

/** The names of the members of each group. */
function namesIn(text: string): readonly (readonly string[])[] {
  return groupsIn(text).all.map(({ members }) => members.map(({ name }) => name));
}

const service = (name: string) => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: hall}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}
`;

const virtualService = (name: string, hosts: string, more = '', entries = 'http') => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: hall}
spec:
  hosts: [${hosts}]
  ${entries}: [{route: [{destination: {host: choir}}]}]
  ${more}
`;

const gateway = (name: string, selector: string, hosts: string, port = 80) => `---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: hall}
spec:
  selector: {${selector}}
  servers: [{port: {number: ${port}, name: http, protocol: HTTP}, hosts: [${hosts}]}]
`;

test('VirtualServices that name one Service by its short and its full name are one group, also through others', () => {
  const text =
    service('choir') +
    service('organ') +
    virtualService('a', 'choir') +
    virtualService('b', '"choir.hall.svc.cluster.local", organ') +
    virtualService('c', 'organ.hall.svc.cluster.local') +
    virtualService('d', 'trumpet');
  expect(namesIn(text)).toEqual([['a', 'b', 'c'], ['d']]);
});

test('requests and connections are decided apart', () => {
  const text = service('choir') + virtualService('a', 'choir') + virtualService('b', 'choir', '', 'tcp');
  expect(namesIn(text)).toEqual([['a'], ['b']]);
});

test('a wildcard inside the mesh leaves a Service to whoever names it, where everybody sees that', () => {
  const all = virtualService('all', '"*.hall.svc.cluster.local"');
  const text = service('choir') + service('organ') + all;
  expect(namesIn(text + virtualService('one', 'choir'))).toEqual([['all'], ['one']]);
  expect(namesIn(text + virtualService('one', 'choir', 'exportTo: [loft]'))).toEqual([['all', 'one']]);
});

test('hosts that overlap on the same pods are together, whichever Istio Gateway they are at', () => {
  const pair =
    virtualService('a', 'shop.example.com', 'gateways: [edge]') +
    virtualService('b', '"*.example.com"', 'gateways: [public]');
  const edge = gateway('edge', 'istio: gate', '"*"');
  expect(namesIn(pair + edge + gateway('public', 'istio: gate', '"*"'))).toEqual([['a', 'b']]);
  expect(namesIn(pair + edge + gateway('public', 'istio: gate, app: gate', '"*"'))).toEqual([['a', 'b']]);
  expect(namesIn(pair + edge + gateway('public', 'istio: other', '"*"'))).toEqual([['a'], ['b']]);
  // Clients of a host have one address for all ports of the pods.
  expect(namesIn(pair + edge + gateway('public', 'istio: gate', '"*"', 8080))).toEqual([['a', 'b']]);
  expect(namesIn(pair + edge + gateway('public', 'istio: gate', '"*.example.org"'))).toEqual([['a'], ['b']]);
});

test('an object that istiod refuses decides nothing', () => {
  const text =
    service('choir') + virtualService('a', 'choir') + virtualService('b', 'choir', 'exportTo: ["~"]');
  expect(namesIn(text)).toEqual([['a'], ['b']]);
});

test('the host that two share is told, and none of those who share through another', () => {
  const { all, sharedHost } = groupsIn(
    service('choir') +
      service('organ') +
      virtualService('a', 'choir') +
      virtualService('b', 'choir, organ') +
      virtualService('c', 'organ'),
  );
  const [a, b, c] = all.flatMap(({ members }) => members);
  if (a === undefined || b === undefined || c === undefined) throw new Error('three are expected');
  expect([sharedHost(a, b), sharedHost(b, c), sharedHost(a, c)]).toEqual([
    'choir.hall.svc.cluster.local',
    'organ.hall.svc.cluster.local',
    undefined,
  ]);
});
