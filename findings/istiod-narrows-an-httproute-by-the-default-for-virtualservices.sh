#!/usr/bin/env bash
# Tools: istio.io/istio at eed52ebb66ad (2026-08-27, before 1.31; its test server for route tables).
# Seen: defaultVirtualServiceExportTo of MeshConfig also decides who sees an HTTPRoute of a Service, although a route has no exportTo and
# is no VirtualService. With ["."] only clients in the namespace of the route follow it; the others go straight to the Service.
# Output: `default ["."]: client in visitor, timeout 0s`, where the route says 3s for everybody.
# Matters: the route in the namespace of its Service is the producer's, for all clients (https://gateway-api.sigs.k8s.io/mesh/). A mesh that
# hides VirtualServices by default hides these routes too, and a route has no field by which its author could show it again.
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
	"istio.io/istio/pkg/config/mesh"
)

const objects = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  clusterIP: 10.0.0.1
  ports: [{name: http, port: 80, protocol: TCP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop, creationTimestamp: "2026-01-02T00:00:00Z"}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, port: 80}]
  rules:
  - backendRefs: [{name: reviews, port: 80}]
    timeouts: {request: 3s}
`

func TestTimeouts(t *testing.T) {
	out, err := os.Create("output")
	if err != nil {
		t.Fatal(err)
	}
	show := func(name string, exportTo []string) {
		t.Run(name, func(t *testing.T) {
			settings := mesh.DefaultMeshConfig()
			settings.DefaultVirtualServiceExportTo = exportTo
			server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{KubernetesObjectString: objects, MeshConfig: settings})
			for _, namespace := range []string{"shop", "visitor"} {
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
	show("no default", nil)
	show(`default ["."]`, []string{"."})
	show(`default ["visitor"]`, []string{"visitor"})
}
GO
go test -mod=mod . > go.log 2>&1 || { tail -20 go.log; exit 1; }
cat output
diff output - <<'OUT'
no default: client in shop, timeout 3s
no default: client in visitor, timeout 3s
default ["."]: client in shop, timeout 3s
default ["."]: client in visitor, timeout 0s
default ["visitor"]: client in shop, timeout 0s
default ["visitor"]: client in visitor, timeout 3s
OUT
