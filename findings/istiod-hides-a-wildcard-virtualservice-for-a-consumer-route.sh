#!/usr/bin/env bash
# Tools: istio.io/istio at eed52ebb66ad (2026-08-27, before 1.31; its test server for route tables).
# Seen: an HTTPRoute beside a Service hides a VirtualService with a wildcard host from the sidecars of all namespaces, although only
# clients in the namespace of the route may apply it. Clients of other namespaces get neither of the two.
# Output: `HTTPRoute in visitor: client in other, timeout 0s`, where the VirtualService says 7s and the route says 3s.
# Matters: one team's consumer route changes the requests of everybody else. The Gateway API applies such a route to its own namespace
# (https://gateway-api.sigs.k8s.io/mesh/#producer-and-consumer-routes).
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > go.mod <<'MOD'
module example.com/finding

go 1.26.0

require istio.io/istio v0.0.0-20260827124520-eed52ebb66ad
MOD
cat > finding_test.go <<'GO'
package finding

import (
	"fmt"
	"os"
	"testing"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
)

const around = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  clusterIP: 10.0.0.1
  ports: [{name: http, port: 80, protocol: TCP}]
`

const wildcard = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: everything, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
spec:
  hosts: ["*.shop.svc.cluster.local"]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local, port: {number: 80}}
    timeout: 7s
`

const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: %s, creationTimestamp: "2026-01-02T00:00:00Z"}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, namespace: shop, port: 80}]
  rules:
  - backendRefs: [{name: reviews, namespace: shop, port: 80}]
    timeouts: {request: 3s}
`

func TestTimeouts(t *testing.T) {
	out, err := os.Create("output")
	if err != nil {
		t.Fatal(err)
	}
	show := func(name, text string) {
		t.Run(name, func(t *testing.T) {
			server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{KubernetesObjectString: text, ConfigString: wildcard})
			for _, namespace := range []string{"shop", "visitor", "other"} {
				proxy := server.SetupProxy(&model.Proxy{ConfigNamespace: namespace, Metadata: &model.NodeMetadata{Namespace: namespace}})
				for _, configuration := range server.Routes(proxy) {
					for _, host := range configuration.VirtualHosts {
						if host.Name != "reviews.shop.svc.cluster.local:80" {
							continue
						}
						for _, found := range host.Routes {
							fmt.Fprintf(out, "%s: client in %s, timeout %s\n", name, namespace, found.GetRoute().GetTimeout().AsDuration())
						}
					}
				}
			}
		})
	}
	show("no HTTPRoute", around)
	show("HTTPRoute in shop", around+"---"+fmt.Sprintf(route, "shop"))
	show("HTTPRoute in visitor", around+"---"+fmt.Sprintf(route, "visitor"))
}
GO
go test -mod=mod . > go.log 2>&1 || { tail -20 go.log; exit 1; }
cat output
diff output - <<'OUT'
no HTTPRoute: client in shop, timeout 7s
no HTTPRoute: client in visitor, timeout 7s
no HTTPRoute: client in other, timeout 7s
HTTPRoute in shop: client in shop, timeout 3s
HTTPRoute in shop: client in visitor, timeout 3s
HTTPRoute in shop: client in other, timeout 3s
HTTPRoute in visitor: client in shop, timeout 0s
HTTPRoute in visitor: client in visitor, timeout 3s
HTTPRoute in visitor: client in other, timeout 0s
OUT
