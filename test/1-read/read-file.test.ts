import { describe, expect, test } from 'vitest';
import { MAX_FILE_SIZE, readFile } from '../../src/1-read/read-file.ts';
import { collect, toDiagnostics } from '../../src/diagnostics/locate.ts';
import { formatFieldPath } from '../../src/yaml/source.ts';

/** What a file holds, and every diagnostic, as lines. */
function read(
  text: string,
  path = 'a.yaml',
): { readonly manifests: readonly string[]; readonly says: readonly string[] } {
  const { report, findings } = collect();
  const manifests = [...readFile({ path, text }, report)].map(({ source, apiVersion, kind }) => {
    const at = formatFieldPath(source.path);
    return `${source.document.index}${at === '' ? '' : ` ${at}`}: ${apiVersion} ${kind}`;
  });
  const says = toDiagnostics(findings).map(
    ({ code, severity, location: { start }, resource, message }) =>
      `${start.line}:${start.column} ${severity} ${code}${resource === undefined ? '' : ` [${resource.kind} ${resource.namespace}/${resource.name}]`}: ${message}`,
  );
  return { manifests, says };
}

const virtualService = (name: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: ${name}\n`;

describe('a file is split into documents', () => {
  test.each<[name: string, text: string, manifests: readonly string[]]>([
    ['nothing', '', []],
    ['one object', virtualService('a'), ['0: networking.istio.io/v1 VirtualService']],
    [
      'several documents, some of other kinds',
      `# head\n---\n${virtualService('a')}---\nkind: Deployment\napiVersion: apps/v1\n---\nkind: Service\napiVersion: v1\n`,
      ['0: networking.istio.io/v1 VirtualService', '2: v1 Service'],
    ],
    [
      'a List, and a List in it',
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Namespace\n- nothing\n`,
      ['0 items[0]: v1 Service', '0 items[1].items[0]: v1 Namespace'],
    ],
    [
      'a List of one kind, whose items need not say it',
      '{"apiVersion":"v1","kind":"ServiceList","items":[{"metadata":{"name":"a"}},{"apiVersion":"v1","kind":"Service"}]}',
      ['0 items[0]: v1 Service', '0 items[1]: v1 Service'],
    ],
    ['JSON with tabs', '{\n\t"kind": "Service",\n\t"apiVersion": "v1"\n}\n', ['0: v1 Service']],
    [
      'a value that is a template in quotes',
      `${virtualService('a')}spec:\n  hosts: ["{{ .Values.host }}"]\n`,
      ['0: networking.istio.io/v1 VirtualService'],
    ],
    ['an object without apiVersion', 'kind: VirtualService\n', ['0:  VirtualService']],
    ['values for a chart', 'istio:\n  apiVersion: networking.istio.io/v1\n', []],
    ['a patch in JSON', '- op: replace\n  path: /spec/hosts\n  value: networking.istio.io\n', []],
    [
      "somebody else's definition",
      'kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nspec:\n  group: example.com\n  description: for networking.istio.io\n',
      [],
    ],
    [
      'a definition of Istio',
      'kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nspec:\n  group: networking.istio.io\n',
      ['0: apiextensions.k8s.io/v1 CustomResourceDefinition'],
    ],
    [
      'a definition of the Gateway API',
      'kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nspec:\n  group: gateway.networking.k8s.io\n',
      ['0: apiextensions.k8s.io/v1 CustomResourceDefinition'],
    ],
  ])('%s', (_, text, manifests) => {
    expect(read(text)).toEqual({ manifests, says: [] });
  });

  test.each(['kustomization.yaml', 'base/kustomization.yml', 'overlays/Kustomization'])(
    'a kustomization told by its name: %s',
    path => {
      expect(read('resources:\n- a.yaml\n', path)).toEqual({
        manifests: ['0: kustomize.config.k8s.io/v1beta1 Kustomization'],
        says: [],
      });
    },
  );
});

describe('a file that cannot be read is a fault with its place', () => {
  test.each<[name: string, text: string, manifests: readonly string[], says: readonly string[]]>([
    [
      'one broken document takes no other with it',
      `${virtualService('a')}---\nkind: VirtualService\nspec:\n  hosts:\n  - *.example.com\n---\n${virtualService('b')}`,
      ['0: networking.istio.io/v1 VirtualService', '2: networking.istio.io/v1 VirtualService'],
      [
        '9:5 error yaml-invalid: the document is not valid YAML: the alias `*.example.com` has no anchor `&.example.com` before it',
      ],
    ],
    ['a broken document of no interest', 'kind: Deployment\nx: networking.istio.io\n a: @\n', [], []],
    [
      'a template of something to convert',
      'kind: VirtualService\nmetadata:\n  name: {{ .Release.Name }}\n',
      [],
      [
        '3:10 error template: the document is a template and is not converted: double braces stand here outside quotes',
      ],
    ],
    [
      'a template of a fact',
      'kind: Service\nmetadata:\n  name: {{ .Release.Name }}\n',
      [],
      ['3:10 info template-not-read: templates of this folder are not read, for example this Service'],
    ],
    [
      'a template of no interest',
      'kind: ConfigMap\n# kind: Service\na: {{ x }}\nb: networking.istio.io\n',
      [],
      [],
    ],
    [
      'a key that is there twice',
      `${virtualService('a')}  name: b\n`,
      ['0: networking.istio.io/v1 VirtualService'],
      [
        '5:3 error duplicate-key [VirtualService /b]: key `name` is written twice in one mapping, so this document is not converted',
      ],
    ],
    [
      'text on the line of a mark',
      `--- {kind: Service, apiVersion: v1}\n`,
      [],
      ['1:1 error yaml-invalid: the document is not valid YAML: only a comment may follow `---` on its line'],
    ],
    [
      'a bare list of objects',
      '- kind: Service\n  apiVersion: v1\n',
      [],
      ['1:1 error array-of-objects: the document is a bare list of objects'],
    ],
    [
      'tabs in indentation',
      'kind: Service\nmetadata:\n\tname: a\n',
      [],
      ['3:1 error yaml-invalid: the document is not valid YAML: a tab stands where YAML takes only spaces'],
    ],
    [
      'a binary file',
      'kind: Service\0',
      [],
      ['1:1 error not-text: the file is not read: it is not UTF-8 text'],
    ],
    [
      'bytes that are no UTF-8',
      'kind: Service # \ufffd',
      [],
      ['1:1 error not-text: the file is not read: it is not UTF-8 text'],
    ],
  ])('%s', (_, text, manifests, says) => {
    expect(read(text)).toEqual({ manifests, says });
  });

  test('a file that is too large', () => {
    const { manifests, says } = read(' '.repeat(MAX_FILE_SIZE + 1));
    expect(manifests).toEqual([]);
    expect(says).toEqual([
      '1:1 error file-too-large: the file has 101 MB and is not read; the limit is 100 MB',
    ]);
  });
});
