#!/usr/bin/env bash
# Tools: github.com/traefik/traefik/v3 v3.7.13 (its muxer for HTTP).
# Seen: Traefik decodes the escapes of unreserved characters in the path of a request, and not those in the path of a rule. The Gateway
# API provider writes the path of an HTTPRoute into a rule as it is, and the CRD of HTTPRoute takes letters beyond ASCII as escapes only.
# Output: `Path("/caf%C3%A9") GET /caf%C3%A9: 404`, and the same request is found by a rule with the decoded letter.
# Matters: a route for such a path is accepted and matches no request at Traefik; other implementations compare the path as it is.
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
	github.com/gorilla/mux => github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59
	github.com/traefik/traefik/dynamic/ext => ./ext
)
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/traefik/traefik/v3/pkg/middlewares/requestdecorator"
	mux "github.com/traefik/traefik/v3/pkg/muxer/http"
)

func main() {
	parser, err := mux.NewSyntaxParser()
	must(err)
	for _, rule := range []string{`Path("/caf%C3%A9")`, `Path("/café")`, `PathPrefix("/caf%C3%A9/")`, `Path("/cafe")`} {
		muxer := mux.NewMuxer(parser, nil)
		must(muxer.AddRoute(rule, "default", 1, "kubernetesgateway", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
		for _, path := range []string{"/caf%C3%A9", "/caf%C3%A9/menu", "/cafe"} {
			answer := httptest.NewRecorder()
			request := httptest.NewRequest(http.MethodGet, "http://shop.example.com"+path, nil)
			requestdecorator.New(nil).ServeHTTP(answer, request, muxer.ServeHTTP)
			fmt.Printf("%s GET %s: %d\n", rule, path, answer.Code)
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go run -mod=mod . 2> go.log | tee output || { tail -20 go.log; exit 1; }
diff output - <<'OUT'
Path("/caf%C3%A9") GET /caf%C3%A9: 404
Path("/caf%C3%A9") GET /caf%C3%A9/menu: 404
Path("/caf%C3%A9") GET /cafe: 404
Path("/café") GET /caf%C3%A9: 200
Path("/café") GET /caf%C3%A9/menu: 404
Path("/café") GET /cafe: 404
PathPrefix("/caf%C3%A9/") GET /caf%C3%A9: 404
PathPrefix("/caf%C3%A9/") GET /caf%C3%A9/menu: 404
PathPrefix("/caf%C3%A9/") GET /cafe: 404
Path("/cafe") GET /caf%C3%A9: 404
Path("/cafe") GET /caf%C3%A9/menu: 404
Path("/cafe") GET /cafe: 200
OUT
