import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';

const virtualService = (namespace: string, port: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: api
  namespace: ${namespace}
spec:
  hosts:
  - api
  http:
  - route:
    - destination:
        host: api
        port:
          number: ${port}
`;

const plain = virtualService('shop', '80');

function told(path: string, text: string): readonly string[] {
  return convert([{ path, text }], [], { defaultPort: 80 }).diagnostics.flatMap(
    ({ code, message, remedy, location }) =>
      code.startsWith('template')
        ? [`${location.start.line} ${code}: ${message} / ${/`([^`]*)`/.exec(remedy)?.[1]}`]
        : [],
  );
}

test.each([
  [
    'ytt, at the end of lines',
    'a.yaml',
    virtualService('#@ data.values.ns', '80 #@ data.values.port'),
    '5 template: the document is a template and is not converted: a comment holds code of ytt / ytt -f . | vs2route convert -',
  ],
  [
    'ytt, around a document',
    'a.yaml',
    `#@ load("@ytt:data", "data")\n#@ if data.values.on:\n---\n${plain}#@ end\n`,
    '18 template: the document is a template and is not converted: a comment holds code of ytt / ytt -f . | vs2route convert -',
  ],
  [
    'an overlay of ytt',
    'a.yaml',
    plain.replace('  hosts:', '  #@overlay/replace\n  hosts:'),
    '7 template: the document is a template and is not converted: a comment holds code of ytt / ytt -f . | vs2route convert -',
  ],
  [
    'Helm, in comments',
    'a.yaml',
    `# {{- if .Values.on }}\n${plain}# {{- end }}\n`,
    '1 template: the document is a template and is not converted: a statement of Go templates stands here / helm template . | vs2route convert -',
  ],
  [
    'Helm, in a value',
    'a.yaml',
    virtualService('{{ .Release.Namespace }}', '80'),
    '5 template: the document is a template and is not converted: double braces stand here outside quotes / helm template . | vs2route convert -',
  ],
  [
    'Jinja',
    'a.yaml',
    `{% if on %}\n${plain}{% endif %}\n`,
    '1 template: the document is a template and is not converted: a statement of Jinja stands here / jinja2 TEMPLATE VALUES | vs2route convert -',
  ],
  [
    'Jsonnet',
    'a.jsonnet',
    "{\n  apiVersion: 'networking.istio.io/v1',\n  kind: 'VirtualService',\n  metadata: { name: 'a' + std.extVar('b') },\n}\n",
    '1 template: the document is a template and is not converted: the file is Jsonnet / jsonnet --yaml-stream FILE | vs2route convert -',
  ],
  [
    'CUE',
    'a.cue',
    'apiVersion: "networking.istio.io/v1"\nkind: "VirtualService"\nmetadata: name: "a"\n',
    '1 template: the document is a template and is not converted: the file is CUE / cue export --out yaml . | vs2route convert -',
  ],
])('%s', (_what, path, text, said) => {
  expect(told(path, text)).toEqual([said]);
  expect(convert([{ path, text }], [], { defaultPort: 80 }).outputs).toEqual([]);
});

test.each([
  ['comments with an at sign', plain.replace('  hosts:', '  #@team shop, see a#@ b\n  hosts:')],
  [
    'an at sign between quotes',
    plain.replace('  name: api', '  name: api\n  annotations: {note: "see #@ b"}'),
  ],
  ['comments of ytt alone', plain.replace('  hosts:', '  #! for people\n  hosts:')],
  [
    'braces between quotes',
    plain.replace('  name: api', '  name: api\n  annotations: {note: "{{ .Values.a }}"}'),
  ],
])('no template: %s', (_what, text) => {
  expect(told('a.yaml', text)).toEqual([]);
  expect(convert([{ path: 'a.yaml', text }], [], { defaultPort: 80 }).outputs).toHaveLength(1);
});

test('templates that are not read are told of once for a folder', () => {
  const service = (name: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}-{{ .Release.Name }}\n`;
  const files = ['chart/a.yaml', 'chart/b.yaml', 'other/c.yaml'].map(path => ({ path, text: service('x') }));
  const { diagnostics } = convert(files);
  expect(diagnostics.map(({ code, location }) => `${location.file} ${code}`)).toEqual([
    'chart/a.yaml template-not-read',
    'other/c.yaml template-not-read',
  ]);
});
