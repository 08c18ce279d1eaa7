import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';
import { markdownReport } from '../../src/reporters/markdown.ts';
import { readArguments } from './arguments.ts';
import { Failure } from './failure.ts';
import { isWayBack, stepsIn } from './plan.ts';

const text = `
apiVersion: v1
kind: Service
metadata:
  name: oven
  namespace: bakery
spec:
  selector:
    app: oven
  ports:
  - name: http
    port: 8080
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: oven
  namespace: bakery
spec:
  hosts:
  - oven
  http:
  - route:
    - destination:
        host: oven
`;

test('the steps are read from the report as it is printed', () => {
  const steps = stepsIn(markdownReport(convert([{ path: 'bakery.yaml', text }])));
  expect(steps.map(({ number, title }) => [number, title])).toEqual([
    [1, 'Apply the routes, and go on when each parent says Accepted=True and ResolvedRefs=True'],
    [2, 'Delete the VirtualServices one after the other in this order, then the Istio Gateways'],
    [
      3,
      'The way back: apply the old manifests, point DNS back, and delete the routes, which would win as the older objects',
    ],
  ]);
  expect(steps.map(isWayBack)).toEqual([false, false, true]);
  expect(steps.map(({ lines }) => lines.at(-1))).toEqual([
    expect.stringMatching(/^kubectl -n bakery get httproutes[.]gateway[.]networking[.]k8s[.]io oven -o /),
    'kubectl -n bakery delete virtualservices.networking.istio.io oven',
    'kubectl -n bakery delete httproutes.gateway.networking.k8s.io oven',
  ]);
});

test.each([
  [['--rate', '201'], '--rate 201: want a whole number from 1 to 200'],
  [['--rate', 'fast'], '--rate fast: want a whole number from 1 to 200'],
  [['--port', '65001'], '--port 65001: want a whole number from 0 to 65000'],
  [['--only', 'lunch'], '--only lunch: want some of cut-over,cluster,mistakes,gitops,faults,admission'],
])('%s is bad usage', (args, message) => {
  expect(() => readArguments(args)).toThrow(new Failure('usage', message));
});

test('a run has every part and 200 requests a second, unless somebody says otherwise', () => {
  expect(readArguments([])).toEqual({
    only: ['cut-over', 'cluster', 'mistakes', 'gitops', 'faults', 'admission'],
    rate: 200,
    port: 0,
    corpus: '',
    output: '',
    update: false,
    keep: false,
  });
});
