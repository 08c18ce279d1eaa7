#!/usr/bin/env bash
# Tools: github.com/projectcontour/contour v1.33.8 (its graph of Gateway API objects and its cache of Envoy routes).
# Seen: a rule of an HTTPRoute with several matches has no route at all where one of them is a match of an earlier rule. The condition
# Accepted stays True; PartiallyInvalid says that the rule is dropped. A rule without backendRefs has no route either, and its requests
# get the route of a shorter prefix.
# Output: `two matches, one repeated: /a -> one` without /b, and `no backendRefs: / -> two` without /a.
# Matters: the Gateway API gives /b to the second rule (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule: the first
# rule with the match wins, match by match), and answers 500 for a rule without backends.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

# Internal packages are open to modules below the path of Contour.
cat > go.mod <<'MOD'
module github.com/projectcontour/contour/finding

go 1.26.7

require github.com/projectcontour/contour v1.33.8
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"io"

	envoy_route_v3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"github.com/projectcontour/contour/internal/dag"
	xdscache_v3 "github.com/projectcontour/contour/internal/xdscache/v3"
	"github.com/sirupsen/logrus"
	core_v1 "k8s.io/api/core/v1"
	gatewayapi_v1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"
)

const around = `
- apiVersion: v1
  kind: Namespace
  metadata: {name: shop}
- apiVersion: v1
  kind: Service
  metadata: {name: one, namespace: shop}
  spec: {ports: [{port: 80, protocol: TCP}]}
- apiVersion: v1
  kind: Service
  metadata: {name: two, namespace: shop}
  spec: {ports: [{port: 80, protocol: TCP}]}
- apiVersion: gateway.networking.k8s.io/v1
  kind: GatewayClass
  metadata: {name: contour}
  spec: {controllerName: projectcontour.io/gateway-controller}
- apiVersion: gateway.networking.k8s.io/v1
  kind: Gateway
  metadata: {name: web, namespace: shop}
  spec:
    gatewayClassName: contour
    listeners:
    - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Same}, kinds: []}}
`

const head = `
- apiVersion: gateway.networking.k8s.io/v1
  kind: HTTPRoute
  metadata: {name: menu, namespace: shop, generation: 1}
  spec:
    parentRefs: [{name: web, group: gateway.networking.k8s.io, kind: Gateway}]
    hostnames: [shop.example.com]
    rules:
`

func rule(backend string, prefixes ...string) string {
	text := "    - matches:\n"
	for _, prefix := range prefixes {
		text += fmt.Sprintf("      - path: {type: PathPrefix, value: %s}\n", prefix)
	}
	if backend != "" {
		text += fmt.Sprintf("      backendRefs: [{name: %s, port: 80, weight: 1, kind: Service, group: ''}]\n", backend)
	}
	return text
}

func main() {
	show("two matches, none repeated", rule("one", "/a")+rule("two", "/b", "/c"))
	show("two matches, one repeated", rule("one", "/a")+rule("two", "/a", "/b"))
	show("two rules, one repeated", rule("one", "/a")+rule("two", "/a")+rule("two", "/b"))
	show("no backendRefs", rule("", "/a")+rule("two", "/"))
}

func show(name, rules string) {
	log := logrus.New()
	log.SetOutput(io.Discard)
	builder := dag.Builder{
		Source: dag.KubernetesCache{FieldLogger: log},
		Processors: []dag.Processor{
			&dag.ListenerProcessor{HTTPAddress: "0.0.0.0", HTTPSAddress: "0.0.0.0"},
			&dag.GatewayAPIProcessor{FieldLogger: log},
		},
	}
	var objects []map[string]any
	must(yaml.Unmarshal([]byte(around+head+rules), &objects))
	for _, fields := range objects {
		text, err := yaml.Marshal(fields)
		must(err)
		object := map[string]any{
			"Namespace":    &core_v1.Namespace{},
			"Service":      &core_v1.Service{},
			"GatewayClass": &gatewayapi_v1.GatewayClass{},
			"Gateway":      &gatewayapi_v1.Gateway{},
			"HTTPRoute":    &gatewayapi_v1.HTTPRoute{},
		}[fields["kind"].(string)]
		must(yaml.Unmarshal(text, object))
		builder.Source.Insert(object)
	}
	graph := builder.Build()
	cache := &xdscache_v3.RouteCache{}
	cache.OnChange(graph)
	for _, message := range cache.Contents() {
		for _, host := range message.(*envoy_route_v3.RouteConfiguration).VirtualHosts {
			for _, route := range host.Routes {
				match := route.GetMatch()
				path := match.GetPathSeparatedPrefix() + match.GetPrefix()
				fmt.Printf("%s: %s -> %s\n", name, path, route.GetRoute().GetCluster()[len("shop/"):len("shop/one")])
			}
		}
	}
	for _, update := range graph.StatusCache.GetRouteUpdates() {
		for _, parent := range update.RouteParentStatuses {
			for _, condition := range parent.Conditions {
				fmt.Printf("%s: %s=%s %s\n", name, condition.Type, condition.Status, condition.Message)
			}
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go run -mod=mod . 2> go.log > unsorted || { tail -20 go.log; exit 1; }
LC_ALL=C sort unsorted | tee output
diff output - <<'OUT'
no backendRefs: / -> two
no backendRefs: Accepted=True Accepted HTTPRoute
no backendRefs: ResolvedRefs=False At least one Spec.Rules.BackendRef must be specified.
two matches, none repeated: /a -> one
two matches, none repeated: /b -> two
two matches, none repeated: /c -> two
two matches, none repeated: Accepted=True Accepted HTTPRoute
two matches, none repeated: ResolvedRefs=True References resolved
two matches, one repeated: /a -> one
two matches, one repeated: Accepted=True Accepted HTTPRoute
two matches, one repeated: PartiallyInvalid=True Dropped Rule: some of HTTPRoute's rule(s) has(ve) been dropped because of conflict against other HTTPRoute's rule(s)
two matches, one repeated: ResolvedRefs=True References resolved
two rules, one repeated: /a -> one
two rules, one repeated: /b -> two
two rules, one repeated: Accepted=True Accepted HTTPRoute
two rules, one repeated: PartiallyInvalid=True Dropped Rule: some of HTTPRoute's rule(s) has(ve) been dropped because of conflict against other HTTPRoute's rule(s)
two rules, one repeated: ResolvedRefs=True References resolved
OUT
