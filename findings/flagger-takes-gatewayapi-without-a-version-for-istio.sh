#!/usr/bin/env bash
# Tools: Flagger v1.44.0 (its router factory, over fake clientsets).
# Seen: the provider of the Gateway API is named with a version, `gatewayapi:v1`. The name `gatewayapi` alone is no provider, and a
# name that Flagger does not know means istio. A warning in its log is all.
# Output: the same Canary, with gatewayRefs, gets an HTTPRoute from `gatewayapi:v1`, and a VirtualService and two DestinationRules
# from `gatewayapi`.
# Matters: a team that moves a Canary to routes and leaves out the version keeps, or gets anew, the VirtualService that takes
# precedence over its routes.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	flaggerv1 "github.com/fluxcd/flagger/pkg/apis/flagger/v1beta1"
	"github.com/fluxcd/flagger/pkg/client/clientset/versioned/fake"
	"github.com/fluxcd/flagger/pkg/router"
	"go.uber.org/zap"
	kubefake "k8s.io/client-go/kubernetes/fake"
)

const canary = `{"metadata":{"name":"payments","namespace":"shop"},"spec":{
"targetRef":{"kind":"Deployment","name":"payments"},
"service":{"port":8080,"hosts":["payments.example.com"],"gatewayRefs":[{"name":"public","namespace":"shop"}]},
"analysis":{"interval":"1m","threshold":5,"maxWeight":50,"stepWeight":10}}}`

func main() {
	for _, provider := range []string{"gatewayapi:v1", "gatewayapi"} {
		object := &flaggerv1.Canary{}
		if err := json.Unmarshal([]byte(canary), object); err != nil {
			panic(err)
		}
		client := fake.NewSimpleClientset()
		factory := router.NewFactory(nil, kubefake.NewClientset(), client, nil, "", "", zap.NewNop().Sugar(), client, true)
		if err := factory.MeshRouter(provider, "app").Reconcile(object); err != nil {
			panic(err)
		}
		made := []string{}
		for _, action := range client.Actions() {
			if action.GetVerb() == "create" {
				made = append(made, action.GetResource().Resource)
			}
		}
		sort.Strings(made)
		fmt.Println(provider, strings.Join(made, ", "))
	}
}
GO
printf 'module example.com/finding\n\ngo 1.26.0\n\nrequire github.com/fluxcd/flagger v1.44.0\n' > go.mod
go mod tidy 2> go.log || { cat go.log; exit 1; }
go run . | tee output
diff output - <<'EXPECTED'
gatewayapi:v1 httproutes
gatewayapi destinationrules, destinationrules, virtualservices
EXPECTED
