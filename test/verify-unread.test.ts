import { expect, test } from 'vitest';
import { type SourceFile, verify } from '../src/index.ts';

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
