import { describe, expect, test } from 'vitest';
import { convert, defaultOptions } from '../../src/index.ts';

const service = `apiVersion: v1
kind: Service
metadata: {name: oven, namespace: bakery}
spec:
  selector: {app: oven}
  ports: [{name: http, port: 80}]
`;

const virtualService = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: oven, namespace: bakery}
spec:
  hosts: [oven]
  http: [{route: [{destination: {host: oven, subset: gas}}]}]
`;

function rule(subset: string): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: oven, namespace: bakery}
spec:
  host: oven
  subsets: [{name: ${subset}, labels: {heat: ${subset}}}]
`;
}

/** What becomes of a VirtualService that asks for subset gas, in a tree with two documents of its DestinationRule. */
function outcomeIn(files: Readonly<Record<string, string>>): unknown {
  const texts = { 'service.yaml': service, ...files };
  const sources = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const { resources, outputs } = convert(sources, [], defaultOptions);
  const found = resources.find(({ resource }) => resource.kind === 'VirtualService');
  return {
    status: found?.status,
    codes: found?.diagnostics.map(({ code }) => code).filter(code => code.includes('subset')),
    services: outputs.flatMap(({ resource }) =>
      resource.type === 'core.Service' ? [[resource.name, resource.spec.selector]] : [],
    ),
  };
}

const gas = { status: 'converted', codes: [], services: [['oven-gas', { app: 'oven', heat: 'gas' }]] };

describe('several documents for one DestinationRule are variants', () => {
  test('the one with the subsets counts among those that are as near', () => {
    const [coal, other] = [rule('coal'), rule('gas')];
    expect(outcomeIn({ 'a.yaml': coal, 'b.yaml': other, 'oven.yaml': virtualService })).toEqual(gas);
    expect(outcomeIn({ 'a.yaml': other, 'b.yaml': coal, 'oven.yaml': virtualService })).toEqual(gas);
  });

  test('the nearest counts, even without the subset, and then nobody knows what happens', () => {
    const files = { 'one/rule.yaml': rule('coal'), 'two/rule.yaml': rule('gas') };
    expect(outcomeIn({ ...files, 'two/oven.yaml': virtualService })).toEqual(gas);
    expect(outcomeIn({ ...files, 'one/oven.yaml': virtualService })).toEqual({
      status: 'held-back',
      codes: ['subset-of-alternative'],
      services: [],
    });
  });

  test('it is known what happens where none of them has the subset', () => {
    const files = { 'one/rule.yaml': rule('coal'), 'two/rule.yaml': rule('wood') };
    expect(outcomeIn({ ...files, 'one/oven.yaml': virtualService })).toEqual({
      status: 'converted',
      codes: ['subset-not-found'],
      services: [['oven-gas', undefined]],
    });
  });
});
