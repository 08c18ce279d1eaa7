import { expect, test } from 'vitest';
import { placeWith } from './run.ts';
import { runHere, shopRoute, shopVirtualService } from './shop.ts';

const port = ['--default-port', '8080', '--attach', 'service'];

const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  'values.yaml': 'istio:\n  enabled: true\n',
  'templates/_helpers.tpl': '{{- define "shop.name" -}}shop{{- end }}\n',
  'templates/deployment.yaml': 'kind: Deployment\nmetadata:\n  name: {{ include "shop.name" . }}\n',
  'templates/virtualservice.yaml': `{{- if .Values.istio.enabled }}
${shopVirtualService('{{ include "shop.name" . }}')}{{- end }}
`,
};

const told = `error[template] the document is a template and is not converted: a statement of Go templates stands here
 --> templates/virtualservice.yaml:1:1
  |
1 | {{- if .Values.istio.enabled }}
  | ^^
  why: The result of a template depends on its values, which are not found in the input.
  fix: Convert the rendered manifests: \`helm template . | vs2route convert -\`. Then copy the result
       into the template. Expressions inside quotes need no rendering.
`;

test("a template of a VirtualService says what to do; others are nobody's business", async () => {
  const place = placeWith(chart);
  expect(await runHere(place, ['convert', '--write', '--quiet', ...port])).toEqual({
    code: 1,
    stdout: '',
    stderr: told,
  });
  expect(place.tree()).toEqual(chart);
});

test('a rendered chart is converted from the standard input', async () => {
  const rendered = `---
# Source: shop/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
  namespace: shop
  labels:
    helm.sh/chart: shop-0.1.0
    app.kubernetes.io/managed-by: Helm
spec:
  ports:
    - port: 8080
      name: http
---
# Source: shop/templates/virtualservice.yaml
${shopVirtualService('shop')}`;
  expect(
    await runHere(placeWith({}), ['convert', '--quiet', '--attach', 'service', '-'], { input: rendered }),
  ).toEqual({
    code: 0,
    stdout: shopRoute('shop'),
    stderr: '',
  });
});

test('text in quotes and placeholders of envsubst are kept as they are written', async () => {
  const place = placeWith({
    'a.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: "{{ .Values.name }}"
  namespace: \${NAMESPACE}
  labels:
    env: "{{ .Values.env }}"
    tier: ###TIER###
spec:
  hosts:
  - '{{ .Values.host }}'
  - shop.\${DOMAIN}
  - "###HOST###.example.com"
  gateways:
  - edge/\${GATEWAY}
  http:
  - match:
    - uri:
        exact: /\${VERSION}/{{ "{{" }}
    route:
    - destination:
        host: "{{ .Values.backend }}.shop.svc.cluster.local"
        port:
          number: 8080
`
      .replace('/{{ "{{" }}', '')
      .replace('    tier: ###TIER###\n', '    tier: "###TIER###"\n'),
  });
  const { code, stdout } = await runHere(place, ['convert', '--quiet', ...port]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: "{{ .Values.name }}"
  namespace: "\${NAMESPACE}"
  labels:
    env: "{{ .Values.env }}"
    tier: "###TIER###"
spec:
  parentRefs:
  - namespace: edge
    name: "\${GATEWAY}"
  hostnames:
  - "{{ .Values.host }}"
  - "shop.\${DOMAIN}"
  - "###HOST###.example.com"
  rules:
  - matches:
    - path:
        type: Exact
        value: "/\${VERSION}"
    backendRefs:
    - name: "{{ .Values.backend }}"
      namespace: shop
      port: 8080
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: "routes-from-\${NAMESPACE}"
  namespace: shop
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: "\${NAMESPACE}"
  to:
  - group: ""
    kind: Service
`,
  });
});

test('a document of placeholders converts, is edited in place, and stays as it is in a second run', async () => {
  const name = `\${APP}`;
  const place = placeWith({
    'a.yaml': `# \${COMMENT}\n${shopVirtualService(name)}`,
    'b.yaml': 'x: {{ y }}\n',
  });
  await runHere(place, ['convert', '--write', ...port]);
  const after = place.tree();
  expect(after).toEqual({
    'a.yaml': `# \${COMMENT}\n${shopRoute(`"${name}"`).replace(`"${name}"`, name)}`,
    'b.yaml': 'x: {{ y }}\n',
  });
  await runHere(place, ['convert', '--write', ...port]);
  expect(place.tree()).toEqual(after);
});
