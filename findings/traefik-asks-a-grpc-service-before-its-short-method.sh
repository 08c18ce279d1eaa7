#!/usr/bin/env bash
# Tools: github.com/traefik/traefik/v3 v3.7.13 (its provider for the Gateway API, which asks an API server on the loopback address).
# Seen: the priority of a GRPCRoute is the length of the rule that Traefik writes. A service without a method is `/SERVICE/[^/]+`,
# whose last five characters count more than a method of four. The specification puts the match with a method first.
# Output: the rule for `/farm.Mill/Turn` has priority 47, the one for the service 48; `/farm.Mill/Measure` has 50.
# Matters: a GRPCRoute that sends one method elsewhere sends it to the backend of the whole service, and reports Accepted=True.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

mkdir ext
printf 'module github.com/traefik/traefik/dynamic/ext\n\ngo 1.25\n' > ext/go.mod
printf 'package ext\n\ntype HTTP struct{}\n\ntype Router struct{}\n' > ext/ext.go
cat > go.mod <<'MOD'
module example.com/finding

go 1.26.0

require github.com/traefik/traefik/v3 v3.7.13

replace (
	github.com/abbot/go-http-auth => github.com/containous/go-http-auth v0.4.1-0.20260804094822-b975dcaa8c48
	github.com/gorilla/mux => github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59
	github.com/traefik/traefik/dynamic/ext => ./ext
)
MOD
cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sort"
	"strings"

	"github.com/rs/zerolog"
	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider/kubernetes/gateway"
	"github.com/traefik/traefik/v3/pkg/safe"
)

const group = "gateway.networking.k8s.io/v1"

type object map[string]any

// kinds by the last part of a path.
var kinds = map[string]string{
	"namespaces": "Namespace", "services": "Service", "secrets": "Secret", "configmaps": "ConfigMap",
	"endpointslices": "EndpointSlice", "gatewayclasses": "GatewayClass", "gateways": "Gateway", "httproutes": "HTTPRoute",
	"grpcroutes": "GRPCRoute", "tlsroutes": "TLSRoute", "tcproutes": "TCPRoute", "referencegrants": "ReferenceGrant",
	"backendtlspolicies": "BackendTLSPolicy",
}

func objects(method string) map[string][]object {
	match := func(method object) object {
		return object{"matches": []object{{"method": method}}, "backendRefs": []object{{"name": "mill", "port": 80}}}
	}
	return map[string][]object{
		"namespaces": {{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": "farm"}}},
		"gatewayclasses": {{"apiVersion": group, "kind": "GatewayClass", "metadata": object{"name": "traefik"},
			"spec": object{"controllerName": "traefik.io/gateway-controller"}}},
		"gateways": {{"apiVersion": group, "kind": "Gateway", "metadata": object{"name": "edge", "namespace": "farm"},
			"spec": object{"gatewayClassName": "traefik", "listeners": []object{{"name": "http", "port": 80, "protocol": "HTTP",
				"allowedRoutes": object{"namespaces": object{"from": "Same"}}}}}}},
		"grpcroutes": {{"apiVersion": group, "kind": "GRPCRoute", "metadata": object{"name": "mill", "namespace": "farm"},
			"spec": object{"parentRefs": []object{{"name": "edge"}}, "hostnames": []string{"mill.example.com"}, "rules": []object{
				match(object{"type": "Exact", "service": "farm.Mill", "method": method}),
				match(object{"type": "Exact", "service": "farm.Mill"}),
			}}}},
	}
}

func main() {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	must(os.Setenv("KUBE_FEATURE_WatchListClient", "false"))
	for _, method := range []string{"Turn", "Measure"} {
		for _, line := range routersOf(objects(method)) {
			fmt.Println(line)
		}
	}
}

// routersOf prints the rules of a provider, the one of the highest priority first.
func routersOf(stored map[string][]object) []string {
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, asked *http.Request) {
		writer.Header().Set("Content-Type", "application/json")
		parts := strings.Split(strings.Trim(asked.URL.Path, "/"), "/")
		switch {
		case asked.Method == http.MethodPut:
			_, _ = io.Copy(writer, asked.Body)
		case asked.URL.Query().Get("watch") != "":
			writer.(http.Flusher).Flush()
			<-asked.Context().Done()
		default:
			items := stored[parts[len(parts)-1]]
			if items == nil {
				items = []object{}
			}
			_ = json.NewEncoder(writer).Encode(object{"apiVersion": strings.Join(parts[1:len(parts)-1], "/"), "kind": kinds[parts[len(parts)-1]] + "List",
				"metadata": object{"resourceVersion": "1"}, "items": items})
		}
	}))
	defer server.Close()
	provider := &gateway.Provider{Endpoint: server.URL, EntryPoints: map[string]gateway.Entrypoint{"web": {Address: ":80"}}}
	must(provider.Init())
	messages := make(chan dynamic.Message, 1)
	pool := safe.NewPool(context.Background())
	defer server.CloseClientConnections()
	defer pool.Stop()
	must(provider.Provide(messages, pool))
	routers := []*dynamic.Router{}
	for _, router := range (<-messages).Configuration.HTTP.Routers {
		routers = append(routers, router)
	}
	sort.Slice(routers, func(a, b int) bool { return routers[a].Priority > routers[b].Priority })
	lines := []string{}
	for _, router := range routers {
		lines = append(lines, fmt.Sprintf("%d %s", router.Priority, router.Rule))
	}
	return lines
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go run -mod=mod . 2> go.log | tee output || { tail -20 go.log; exit 1; }
diff output - <<'OUT'
48 Host("mill.example.com") && PathRegexp("/farm\\.Mill/[^/]+")
47 Host("mill.example.com") && PathRegexp("/farm\\.Mill/Turn")
50 Host("mill.example.com") && PathRegexp("/farm\\.Mill/Measure")
48 Host("mill.example.com") && PathRegexp("/farm\\.Mill/[^/]+")
OUT
