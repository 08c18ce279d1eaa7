import fc from 'fast-check';
import { defaultOptions } from '../src/index.ts';

export const options = { ...defaultOptions, defaultPort: 8080 };

function object(apiVersion: string, kind: string, namespace: string, name: string, spec: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n${spec}`;
}

const istio = 'networking.istio.io/v1';

/** The choices of one object in a file. */
export interface Piece {
  readonly kind: keyof typeof pieces;
  readonly name: string;
  readonly namespace: string;
  readonly other: string;
  readonly number: number;
}

/** Texts by kind: some have a lot of their own, some tie lots together, some concern the whole cluster. */
export const pieces = {
  route: ({ name, namespace, number }: Piece) =>
    object(
      istio,
      'VirtualService',
      namespace,
      name,
      `  hosts: [${name}]\n  http:\n  - match: [{uri: {prefix: /${number}}}]\n    route: [{destination: {host: ${name}}}]\n  - route: [{destination: {host: ${name}}}]\n    timeout: ${number}s\n`,
    ),
  subsets: ({ name, namespace, number }: Piece) =>
    `${object(istio, 'DestinationRule', namespace, name, `  host: ${name}\n  subsets:\n  - {name: v1, labels: {version: v1}}\n  - {name: v${number}, labels: {version: v${number}}}\n`)}---\n${object(istio, 'VirtualService', namespace, name, `  hosts: [${name}]\n  http:\n  - route: [{destination: {host: ${name}, subset: v1}}]\n`)}`,
  rule: ({ name, namespace, number }: Piece) =>
    object(
      istio,
      'DestinationRule',
      namespace,
      name,
      `  host: ${name}\n  trafficPolicy: {connectionPool: {http: {maxRetries: ${number}}}}\n`,
    ),
  service: ({ name, namespace, number }: Piece) =>
    object(
      'v1',
      'Service',
      namespace,
      name,
      `  selector: {app: ${name}}\n  ports:\n  - {name: ${number === 9 ? 'tcp' : 'http'}, port: ${number > 5 ? 80 : 8080}}\n`,
    ).replace(
      'metadata:\n',
      number === 8 ? 'metadata:\n  annotations: {networking.istio.io/exportTo: .}\n' : 'metadata:\n',
    ),
  toAnother: ({ name, namespace, other, number }: Piece) =>
    object(
      istio,
      'VirtualService',
      namespace,
      name,
      `  hosts: [${name}]\n  http:\n  - route: [{destination: {host: ${other}}}]\n    timeout: ${number}s\n`,
    ),
  namesNamespace: ({ name, namespace, other, number }: Piece) =>
    object(
      istio,
      'VirtualService',
      namespace,
      name,
      `  hosts: [${name}.${other}]\n  http:\n  - route: [{destination: {host: ${name}}}]\n    timeout: ${number}s\n`,
    ),
  gateway: ({ name, namespace, number }: Piece) =>
    object(
      istio,
      'Gateway',
      namespace,
      name,
      `  selector: {istio: ${name}}\n  servers:\n  - port: {number: ${8000 + number}, name: http, protocol: HTTP}\n    hosts: ["*.example.com"]\n`,
    ),
  atGateway: ({ name, namespace, other, number }: Piece) =>
    object(
      istio,
      'VirtualService',
      namespace,
      name,
      `  hosts: [${name}.example.com]\n  gateways: [${other}]\n  http:\n  - match: [{uri: {prefix: /${number}}}]\n    route: [{destination: {host: ${name}}}]\n`,
    ),
  delegating: ({ name, namespace, other, number }: Piece) =>
    object(
      istio,
      'VirtualService',
      namespace,
      name,
      `  hosts: [${name}]\n  http:\n  - match: [{uri: {prefix: /${number}}}]\n    delegate: {name: ${other}}\n`,
    ),
  wildcard: ({ name, namespace, number }: Piece) =>
    object(
      istio,
      'VirtualService',
      namespace,
      name,
      `  hosts: ["*.${name}.org"]\n  http:\n  - route: [{destination: {host: ${name}}}]\n    timeout: ${number}s\n`,
    ),
  namespace: ({ namespace }: Piece) => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n`,
  kustomization: ({ namespace }: Piece) =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: ${namespace}\nresources: [1.yaml]\n`,
};

/** A Service with capitals in its name is refused, and so is whatever leans on it. */
const names = ['alpha', 'beta', 'gamma', 'delta', 'Epsilon'];
const namespaces = ['shop', 'pay', 'org'];

/** Kinds that concern the whole cluster come seldom: with them it converts in one piece. */
const kinds = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.constantFrom('route', 'subsets', 'rule', 'service', 'toAnother', 'namesNamespace'),
  },
  { weight: 12, arbitrary: fc.constantFrom('gateway', 'atGateway', 'delegating') },
  { weight: 1, arbitrary: fc.constantFrom('wildcard', 'namespace', 'kustomization') },
) as fc.Arbitrary<Piece['kind']>;

export const piece: fc.Arbitrary<Piece> = fc.record({
  kind: kinds,
  name: fc.constantFrom(...names),
  namespace: fc.constantFrom(...namespaces),
  other: fc.constantFrom(...names, ...namespaces),
  number: fc.integer({ min: 1, max: 9 }),
});

/** The name of an object tells in which file it stands, so that few are there twice. */
export function pathOf({ kind, name, namespace }: Piece): string {
  const shared = {
    subsets: 'route',
    toAnother: 'route',
    rule: 'route',
    delegating: 'route',
    atGateway: 'route',
    namesNamespace: 'route',
    wildcard: 'route',
  };
  return kind === 'kustomization'
    ? `${namespace}/kustomization.yaml`
    : `${namespace}/${name}-${shared[kind as keyof typeof shared] ?? kind}.yaml`;
}

export function textOf(some: readonly Piece[]): string {
  return some.map(one => pieces[one.kind](one)).join('---\n');
}
