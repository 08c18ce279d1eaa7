#!/usr/bin/env bash
# Tools: istio.io/istio at eed52ebb66ad (2026-08-27, before 1.31; its test server for route tables).
# Seen: a ServiceEntry for the host of a Kubernetes Service adds a port to it by halves. Sidecars get a route configuration and a virtual
# host for the new port, with the entries of the VirtualService. They get no cluster for it, so that what goes on to the host fails.
# Output: `8080: / to outbound|8080||web.shop.svc.cluster.local` and `8080: no cluster`; port 80 has both.
# Matters: the objects are valid and warnings do not show. The redirect at port 8080 works today, all other requests there get 503, and
# nobody who reads the Service sees that the port exists. A route of the Gateway API applies to ports of the Service alone.
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
	"strings"
	"testing"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
)

const service = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  clusterIP: 10.0.0.1
  ports: [{name: http, port: 80, protocol: TCP}]
`

const configuration = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.shop.svc.cluster.local]
  ports: [{number: 8080, name: http-more, protocol: HTTP}]
  resolution: STATIC
  endpoints: [{address: 10.1.1.1}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.shop.svc.cluster.local]
  http:
  - match: [{uri: {exact: /old}}]
    redirect: {uri: /new}
  - route: [{destination: {host: web.shop.svc.cluster.local}}]
`

func TestPorts(t *testing.T) {
	out, err := os.Create("output")
	if err != nil {
		t.Fatal(err)
	}
	server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{KubernetesObjectString: service, ConfigString: configuration})
	proxy := server.SetupProxy(&model.Proxy{ConfigNamespace: "shop", Metadata: &model.NodeMetadata{Namespace: "shop"}})
	for _, port := range []string{"80", "8080"} {
		for _, table := range server.Routes(proxy) {
			for _, host := range table.VirtualHosts {
				if table.Name != port || !strings.HasPrefix(host.Name, "web.shop.") {
					continue
				}
				for _, found := range host.Routes {
					fmt.Fprintf(out, "%s: %s to %s\n", port, pathOf(found), targetOf(found))
				}
			}
		}
		cluster := "no cluster"
		for _, found := range server.Clusters(proxy) {
			if found.Name == "outbound|"+port+"||web.shop.svc.cluster.local" {
				cluster = "a cluster"
			}
		}
		fmt.Fprintf(out, "%s: %s\n", port, cluster)
	}
}

func pathOf(found *route.Route) string {
	return found.GetMatch().GetPath() + found.GetMatch().GetPrefix()
}

func targetOf(found *route.Route) string {
	if found.GetRedirect() != nil {
		return "a redirect"
	}
	return found.GetRoute().GetCluster()
}
GO
go test -mod=mod . > go.log 2>&1 || { tail -20 go.log; exit 1; }
cat output
diff output - <<'OUT'
80: /old to a redirect
80: / to outbound|80||web.shop.svc.cluster.local
80: a cluster
8080: /old to a redirect
8080: / to outbound|8080||web.shop.svc.cluster.local
8080: no cluster
OUT
