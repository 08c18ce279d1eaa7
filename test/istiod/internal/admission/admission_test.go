package admission

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/vs2route/istiod/internal/crd"
	"example.com/vs2route/istiod/internal/manifest"
)

// route is an HTTPRoute with these rules.
func route(rules ...string) string {
	return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{group: "", kind: Service, name: web}]
  rules: [` + strings.Join(rules, ", ") + `]`
}

const (
	backend = `{backendRefs: [{name: web, port: 80}]}`
	// unchecked is added when the object is too broken for the CEL rules.
	unchecked = `<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation`
	retrying  = `{backendRefs: [{name: web, port: 80}], retry: {attempts: 0}}`
)

func routeKind(kind, rules string) string {
	return fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/%s
metadata: {name: web}
spec:
  parentRefs: [{name: edge}]
  rules: [%s]`, kind, rules)
}

func TestJudge(t *testing.T) {
	badPath := `spec.rules[0].matches[0].path: Invalid value: must only contain valid characters ` +
		`(matching ^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$) for types ['Exact', 'PathPrefix']`
	tests := []struct {
		name     string
		versions string // every version and channel, unless given
		manifest string
		want     []string
	}{
		{"plain", "", route(backend), nil},
		{"no port", "", route(`{backendRefs: [{name: web}]}`),
			[]string{`spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference`}},
		{"redirect and backends", "",
			route(`{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}], backendRefs: [{name: web, port: 80}]}`),
			[]string{`spec.rules[0]: Invalid value: RequestRedirect filter must not be used together with backendRefs`}},
		{"17 rules", "", route(slices.Repeat([]string{backend}, 17)...),
			[]string{
				unchecked,
				`spec.rules: Too many: 17: must have at most 16 items`,
			}},
		{"path characters", "", route(`{matches: [{path: {value: "/a b"}}], backendRefs: [{name: web, port: 80}]}`), []string{badPath}},
		{"unknown fields", "", route(`{matchs: [], backendRefs: [{name: web, port: 80, subset: v1}]}`),
			[]string{`spec.rules[0].backendRefs[0].subset: unknown field`, `spec.rules[0].matchs: unknown field`}},
		{"unknown metadata", "", strings.Replace(route(backend), "{name: web}", "{name: web, lables: {}}", 1),
			[]string{`metadata.lables: unknown field`}},
		{"name", "", strings.Replace(route(backend), "name: web", "name: Web_", 1),
			[]string{`metadata.name: Invalid value: "Web_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ` +
				`and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`}},
		{"list type map", "", route(`{matches: [{headers: [{name: a, value: x}, {name: a, value: z}]}], backendRefs: [{name: web, port: 80}]}`),
			[]string{`spec.rules[0].matches[0].headers[1]: Duplicate value: {"name":"a"}`}},
		{"number as text", "", route(`{backendRefs: [{name: web, port: "80"}]}`),
			[]string{unchecked, `spec.rules[0].backendRefs[0].port: Invalid value: "string": spec.rules[0].backendRefs[0].port in body must be of type integer: "string"`}},

		{"retry", "1.4/standard 1.5/standard 1.6/standard", route(retrying), []string{`spec.rules[0].retry: unknown field`}},
		{"retry", "1.4/experimental 1.5/experimental 1.7/standard 1.7/experimental", route(retrying), nil},
		{"retry", "1.6/experimental", route(retrying),
			[]string{`spec.rules[0].retry.attempts: Invalid value: 0: spec.rules[0].retry.attempts in body should be greater than or equal to 1`}},
		{"session persistence", "1.7/standard", route(`{sessionPersistence: {}, backendRefs: [{name: web, port: 80}]}`),
			[]string{`spec.rules[0].sessionPersistence: unknown field`}},
		{"redirect code", "1.4/standard", route(`{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 308}}]}`),
			[]string{unchecked, `spec.rules[0].filters[0].requestRedirect.statusCode: Unsupported value: 308: supported values: "301", "302"`}},
		{"redirect code", "1.6/standard", route(`{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 308}}]}`), nil},

		{"TCPRoute", "1.4/standard 1.5/standard", routeKind("v1\nkind: TCPRoute", backend),
			[]string{`no matches for kind "TCPRoute" in version "gateway.networking.k8s.io/v1"`}},
		{"TCPRoute", "1.6/standard", routeKind("v1\nkind: TCPRoute", backend), nil},
		{"TCPRoute v1alpha2", "1.6/standard", routeKind("v1alpha2\nkind: TCPRoute", backend),
			[]string{`no matches for kind "TCPRoute" in version "gateway.networking.k8s.io/v1alpha2"`}},
		{"TLSRoute without hostnames", "1.5/standard", routeKind("v1\nkind: TLSRoute", backend),
			[]string{
				unchecked,
				`spec.hostnames: Required value`,
			}},
		{"unknown kind", "1.6/standard", "apiVersion: gateway.networking.k8s.io/v1\nkind: HttpRoute\nmetadata: {name: web}",
			[]string{`no matches for kind "HttpRoute" in version "gateway.networking.k8s.io/v1"`}},

		{"VirtualService", "1.6/standard", `
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  ggateways: [mesh]
  http: [{route: [{destination: {host: web}, weight: 101}], timeout: soon}]`,
			[]string{`spec.ggateways: unknown field`, `spec.http[0].timeout: Invalid value: "string": type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule: must be a valid duration greater than 1ms`}},
		{"Service", "1.6/standard", `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {prots: [], ports: [{port: 80, appProtokol: http}]}`,
			[]string{`spec.ports[0].appProtokol: unknown field`, `spec.prots: unknown field`}},
		{"Service", "1.6/standard", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: http}]}",
			[]string{`json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32`}},
		{"somebody's kind", "1.6/standard", "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}",
			[]string{`no matches for kind "Rollout" in version "argoproj.io/v1alpha1"`}},
	}
	for _, test := range tests {
		versions := strings.Fields(test.versions)
		if len(versions) == 0 {
			versions = everyVersion()
		}
		for _, version := range versions {
			t.Run(test.name+"/"+version, func(t *testing.T) {
				verdict := judge(t, version, test.manifest)
				got := verdict.Reasons()
				slices.Sort(got)
				if !slices.Equal(got, test.want) {
					t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
				}
				if verdict.Refused() != (len(test.want) > 0) {
					t.Errorf("refused: %v", verdict.Refused())
				}
			})
		}
	}
}

func everyVersion() []string {
	var all []string
	for minor := range crd.GatewayAPIVersions() {
		all = append(all, minor+"/"+crd.Standard, minor+"/"+crd.Experimental)
	}
	slices.Sort(all)
	return all
}

func judge(t *testing.T, version, text string) Verdict {
	t.Helper()
	minor, channel, _ := strings.Cut(version, "/")
	bundle, err := crd.GatewayAPI(minor, channel)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := manifest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := Judge(bundle, objects[0])
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

func TestDefaults(t *testing.T) {
	verdict := judge(t, "1.6/standard", `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, labels: {app: web}}
spec:
  parentRefs: [{name: edge}]
  rules:
  - filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
  - backendRefs: [{name: web, port: 80}]
    typo: 1`)
	got, err := manifest.Print(manifest.Objects{verdict.Object})
	if err != nil {
		t.Fatal(err)
	}
	const want = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  labels:
    app: web
  name: web
  namespace: default
spec:
  parentRefs:
  - group: gateway.networking.k8s.io
    kind: Gateway
    name: edge
  rules:
  - filters:
    - requestRedirect:
        scheme: https
        statusCode: 302
      type: RequestRedirect
    matches:
    - path:
        type: PathPrefix
        value: /
  - backendRefs:
    - group: ""
      kind: Service
      name: web
      port: 80
      weight: 1
    matches:
    - path:
        type: PathPrefix
        value: /
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}
