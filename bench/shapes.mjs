import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const list = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join('');

const service = `apiVersion: v1
kind: Service
metadata: {name: app, namespace: shop}
spec: {selector: {app: app}, ports: [{name: http, port: 80}]}
---
`;

const virtualService = (name, spec) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
${spec}`;

const route = 'route: [{destination: {host: app}}]';

const inOne = text => ({ 'in.yaml': text });

/** A kustomization per folder. @param {(layer: number) => readonly [string, string][]} layersOf folder and text */
const kustomized = (count, layersOf) => ({
  'app.yaml': service + virtualService('app', `  hosts: [app]\n  http:\n  - {${route}, timeout: 3s}\n`),
  ...Object.fromEntries(
    Array.from({ length: count }, (_, layer) => layersOf(layer))
      .flat()
      .map(([folder, text]) => [`${folder}/kustomization.yaml`, text]),
  ),
});

const patched = items => ({
  ...kustomized(0, () => []),
  'kustomization.yaml': `resources: [app.yaml]\npatches:\n${items}`,
});

const onApp = '- target: {kind: VirtualService, name: app}\n  patch: |-\n';
const operation = index => `    - {op: add, path: /metadata/annotations/a${index}, value: x}\n`;

/** Inputs that grow: for each shape the texts of a size, by path. */
export const shapes = {
  environments: size =>
    Object.fromEntries(
      Array.from({ length: size }, (_, environment) =>
        Array.from({ length: 200 }, (__, index) => [
          `env-${environment}/app-${index}.yaml`,
          (
            service +
            virtualService(
              'app',
              `  hosts: [app]\n  http:\n  - {match: [{uri: {prefix: /v1}}], ${route}, timeout: ${1 + environment}s}\n  - {${route}}\n`,
            )
          ).replaceAll(/\bapp\b(?!:)/g, `app-${index}`),
        ]),
      ).flat(),
    ),
  'one-host': size =>
    inOne(
      service +
        Array.from({ length: size }, (_, index) =>
          virtualService(
            `app-${index}`,
            `  hosts: [app]\n  http:\n  - {match: [{uri: {prefix: /part-${index}}}], ${route}, timeout: 3s}\n`,
          ),
        ).join('---\n'),
    ),
  overlays: size =>
    kustomized(size, layer => [
      [`layer-${layer}`, `resources: [${layer === 0 ? '../app.yaml' : `../layer-${layer - 1}`}]\n`],
    ]),
  diamond: size =>
    kustomized(size, layer =>
      ['a', 'b'].map(side => [
        `layer-${layer}-${side}`,
        `resources: [${layer === 0 ? '../app.yaml' : `../layer-${layer - 1}-a, ../layer-${layer - 1}-b`}]\n${
          layer === size - 1 ? `patches:\n${onApp}${operation(0)}` : ''
        }`,
      ]),
    ),
  patches: size => patched(list(size, index => onApp + operation(index))),
  operations: size => patched(onApp + list(size, operation)),
  'block-scalars': size =>
    inOne(`apiVersion: v1
kind: ConfigMap
metadata: {name: dashboards, annotations: {about: 'networking.istio.io VirtualService'}}
data:
${list(size, index => `  k${index}: |-\n    some text of a VirtualService that goes on for a while, line ${index}\n`)}`),
  entries: size =>
    inOne(
      service +
        virtualService(
          'app',
          `  hosts: [app]\n  http:\n${list(
            size,
            index =>
              `  - {match: [{headers: {x-group: {exact: g${index}}}}], ${route}, timeout: ${1 + (index % 9)}s}\n`,
          )}`,
        ),
    ),
  paths: size =>
    inOne(
      service +
        virtualService(
          'app',
          `  hosts: [app]\n  http:\n${list(
            size,
            index =>
              `  - {match: [{uri: {prefix: /part-${index}/}}], ${route}, timeout: ${1 + (index % 9)}s}\n`,
          )}`,
        ),
    ),
  'gateway-hosts': size =>
    inOne(
      `${service}apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
${list(8, index => `  - {port: {number: ${8000 + index}, name: http-${index}, protocol: HTTP}, hosts: ["*"]}\n`)}---
${virtualService(
  'app',
  `  hosts: [${Array.from({ length: size }, (_, index) => `h${index}.example.com`).join(', ')}]\n  gateways: [gw]\n  http:\n${list(
    12,
    index => `  - {match: [{headers: {x-${index}: {exact: a}}}], ${route}}\n`,
  )}`,
)}`,
    ),
  expressions: size =>
    inOne(
      service +
        virtualService(
          'app',
          `  hosts: [app]\n  http:\n${list(
            size,
            index =>
              `  - {match: [{uri: {regex: "/.*a${'.'.repeat(index % 7)}b${index}.*"}}], ${route}, timeout: ${1 + (index % 5)}s}\n`,
          )}`,
        ),
    ),
  'without-headers': size =>
    inOne(
      service +
        virtualService(
          'app',
          `  hosts: [app]\n  http:\n${list(
            size,
            index =>
              `  - {match: [{withoutHeaders: {x-${index}: {exact: a}}}], ${route}, timeout: ${1 + (index % 5)}s}\n`,
          )}  - {${route}}\n`,
        ),
    ),
};

/** Writes a shape of a size into a folder. */
export function writeShape(shape, size, folder) {
  for (const [path, text] of Object.entries(shapes[shape](size))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
