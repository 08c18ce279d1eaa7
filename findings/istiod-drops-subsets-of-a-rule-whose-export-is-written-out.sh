#!/usr/bin/env bash
# Tools: istio.io/istio at eed52ebb66ad (2026-08-27, before 1.31; its test server for clusters).
# Seen: two DestinationRules of one host and namespace become one only where exportTo is written alike. No exportTo and exportTo: ["*"]
# mean the same, for everybody, and yet istiod keeps such rules apart: the younger one counts, and the subsets of the older one are gone.
# Output: `[] and ["*"]: v2`, where `[] and []` gives `v1 v2`.
# Matters: whoever writes the default out in one of two files takes the subsets of the other away, and requests for them get 503.
# https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services describes rules of one host in several objects.
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
	"sort"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
)

const service = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  clusterIP: 10.0.0.1
  ports: [{name: http, port: 80, protocol: TCP}]
`

const rules = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: first, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {host: reviews.shop.svc.cluster.local, exportTo: %s, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: second, namespace: shop, creationTimestamp: "2026-01-02T00:00:00Z"}
spec: {host: reviews.shop.svc.cluster.local, exportTo: %s, subsets: [{name: v2, labels: {version: v2}}]}
`

func TestSubsets(t *testing.T) {
	out, err := os.Create("output")
	if err != nil {
		t.Fatal(err)
	}
	show := func(first, second string) {
		t.Run(first+second, func(t *testing.T) {
			server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
				KubernetesObjectString: service,
				ConfigString:           fmt.Sprintf(rules, first, second),
			})
			proxy := server.SetupProxy(&model.Proxy{ConfigNamespace: "shop", Metadata: &model.NodeMetadata{Namespace: "shop"}})
			subsets := []string{}
			for _, cluster := range server.Clusters(proxy) {
				parts := strings.Split(cluster.Name, "|")
				if len(parts) == 4 && parts[0] == "outbound" && parts[2] != "" && strings.HasPrefix(parts[3], "reviews.") {
					subsets = append(subsets, parts[2])
				}
			}
			sort.Strings(subsets)
			fmt.Fprintf(out, "%s and %s: %s\n", first, second, strings.Join(subsets, " "))
		})
	}
	show("[]", "[]")
	show(`["*"]`, `["*"]`)
	show("[]", `["*"]`)
	show(`["*"]`, "[]")
}
GO
go test -mod=mod . > go.log 2>&1 || { tail -20 go.log; exit 1; }
cat output
diff output - <<'OUT'
[] and []: v1 v2
["*"] and ["*"]: v1 v2
[] and ["*"]: v2
["*"] and []: v2
OUT
