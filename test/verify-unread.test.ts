import { expect, test } from 'vitest';
import { type SourceFile, verify } from '../src/index.ts';
import { generatorDifferences } from '../src/verify/generators.ts';

const template = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Release.Name }}
spec:
  hosts: [stalls]
  http:
  - timeout: {{ .Values.timeout }}
`;
const chart = (timeout: string, replicas = 1): readonly SourceFile[] => [
  { path: 'chart/values.yaml', text: `timeout: ${timeout}\n` },
  { path: 'chart/templates/stalls.yaml', text: template },
  { path: 'other/values.yaml', text: `replicas: ${replicas}\n` },
];

test('other values of a chart whose templates were not read leave open what runs', () => {
  const { same, unread } = verify(chart('3s'), chart('4s', 2));
  expect({ same, unread }).toEqual({
    same: false,
    unread: [
      { path: 'chart/values.yaml', side: 'before', reason: 'template' },
      { path: 'chart/values.yaml', side: 'after', reason: 'template' },
    ],
  });
});

test('values of a folder without templates leave nothing open', () => {
  const { same, unread } = verify(chart('3s'), chart('3s', 2));
  expect({ same, unread }).toEqual({ same: true, unread: [] });
});

test('other named templates of a chart whose templates were not read leave open what runs', () => {
  const named = (text: string): SourceFile => ({ path: 'chart/templates/_helpers.tpl', text });
  const sides = [
    [...chart('3s'), named('{{ 1 }}')],
    [...chart('3s'), named('{{ 2 }}')],
  ] as const;
  expect(verify(...sides).unread).toEqual([
    { path: 'chart/templates/_helpers.tpl', side: 'before', reason: 'template' },
    { path: 'chart/templates/_helpers.tpl', side: 'after', reason: 'template' },
  ]);
});

const jsonnet: SourceFile = {
  path: 'stalls.jsonnet',
  text: "local p = import 'p.libsonnet'; { kind: 'VirtualService', spec: { hosts: p.hosts } }",
};

test('the files of a language count where one of them makes objects of Istio', () => {
  const values = (text: string): SourceFile => ({ path: 'p.libsonnet', text });
  expect(generatorDifferences([jsonnet, values('1')], [jsonnet, values('2')])).toEqual([
    { path: 'p.libsonnet', side: 'before', reason: 'template' },
    { path: 'p.libsonnet', side: 'after', reason: 'template' },
  ]);
  expect(generatorDifferences([jsonnet], [{ ...jsonnet, path: 'moved.jsonnet' }])).toEqual([]);
});

test('sources of generators that make nothing of Istio do not count', () => {
  const dashboard = (text: string): SourceFile => ({ path: 'dashboard.libsonnet', text });
  const cloud = (text: string): SourceFile => ({ path: 'main.tf', text });
  expect(generatorDifferences([dashboard('1'), cloud('1')], [dashboard('2'), cloud('2')])).toEqual([]);
  expect(generatorDifferences([jsonnet, cloud('1')], [jsonnet, cloud('2')])).toEqual([]);
  expect(generatorDifferences([], [{ path: 'vs.yaml.j2', text: 'kind: VirtualService' }])).toEqual([
    { path: 'vs.yaml.j2', side: 'after', reason: 'template' },
  ]);
});
