import { expect, test } from 'vitest';
import { helmValuesIn, meshSettingsIn } from '../../src/2-decode/helm-values.ts';

const meshConfig = { rootNamespace: 'mesh' };

const argo = (helm: object) => ({ source: { chart: 'istiod', helm } });

test.each([
  ['values', { values: { meshConfig } }],
  ['values of a chart that depends on it', { values: { base: {}, platform: { istiod: { meshConfig } } } }],
  ['an Application', argo({ valuesObject: { meshConfig } })],
  ['an Application with a text', argo({ values: 'meshConfig:\n  rootNamespace: mesh\n' })],
  [
    'an Application with a parameter',
    argo({ parameters: [{ name: 'meshConfig.rootNamespace', value: 'mesh' }] }),
  ],
  ['one of the sources', { sources: [{ path: 'apps' }, { helm: { valuesObject: { meshConfig } } }] }],
  ['an ApplicationSet', { template: { spec: argo({ valuesObject: { meshConfig } }) } }],
  ['a kustomization', { helmCharts: [{ name: 'istiod', valuesInline: { meshConfig } }] }],
])('finds the MeshConfig in %s', (_, spec) => {
  expect(helmValuesIn(spec).flatMap(values => meshSettingsIn(values))).toEqual([{ meshConfig }]);
});

test.each([
  ['no object', undefined],
  ['a Deployment', { template: { spec: { containers: [] } } }],
  ['a text that is no YAML', argo({ values: '{' })],
  ['a text that is no mapping', argo({ values: '- meshConfig' })],
  ['a MeshConfig that is no mapping', { values: { meshConfig: 'mesh' } }],
  ['values that say nothing of the mesh', { values: { pilot: { env: {} } } }],
])('finds none in %s', (_, spec) => {
  expect(helmValuesIn(spec).flatMap(values => meshSettingsIn(values))).toEqual([]);
});

test('reads lists, numbers and dots in names of parameters, and puts them before other values', () => {
  const parameters = [
    { name: 'meshConfig.defaultServiceExportTo[0]', value: '.' },
    { name: 'meshConfig.defaultConfig.gatewayTopology.numTrustedProxies', value: '2' },
    { name: 'istiod.global.istioNamespace', value: 'mesh' },
    { name: String.raw`meshConfig.a\.b`, value: 'c' },
    { value: 'without a name' },
  ];
  expect(
    helmValuesIn(argo({ parameters, values: 'meshConfig: {}' })).flatMap(values => meshSettingsIn(values)),
  ).toEqual([
    { meshConfig: { defaultServiceExportTo: ['.'] } },
    { meshConfig: { defaultConfig: { gatewayTopology: { numTrustedProxies: 2 } } } },
    { istioNamespace: 'mesh' },
    { meshConfig: { 'a.b': 'c' } },
    { meshConfig: {} },
  ]);
});
