package admission

import (
	"testing"
	"time"

	"example.com/vs2route/istiod/internal/crd"
	"example.com/vs2route/istiod/internal/manifest"
)

func TestSmoke(t *testing.T) {
	for _, v := range []string{"1.4", "1.5", "1.6", "1.7"} {
		for _, c := range []string{"standard", "experimental"} {
			t0 := time.Now()
			b, err := crd.GatewayAPI(v, c)
			if err != nil {
				t.Fatal(err)
			}
			t1 := time.Now()
			objs, err := manifest.Parse(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: x}
spec:
  parentRefs: [{name: gw}]
  foo: 1
  rules:
  - matches: [{path: {value: "/a b"}}]
    retry: {attempts: 0}
    backendRefs: [{name: x}]
  - filters: [{type: RequestRedirect, requestRedirect: {}}]
    backendRefs: [{name: x, port: 80}]
`)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < 2; i++ {
				t2 := time.Now()
				verdict, err := Judge(b, objs[0])
				if err != nil {
					t.Fatal(err)
				}
				t.Log(b.Name, "load", t1.Sub(t0), "judge", time.Since(t2), verdict.Unknown, verdict.Errors)
			}
		}
	}
}
