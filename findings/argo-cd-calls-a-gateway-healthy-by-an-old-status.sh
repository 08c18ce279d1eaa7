#!/usr/bin/env bash
# Tools: the health scripts of Argo CD v3.5.7, gopher-lua v1.1.2.
# Seen: the script of HTTPRoute waits where the conditions are of an older generation than the object. The script of Gateway looks
# at no generation.
# Output: with conditions of generation 1 on an object of generation 2, HTTPRoute is Progressing and Gateway is Healthy.
# Matters: a sync wave that changes a Gateway goes on at once, by the status of what the Gateway was before. Routes of the next wave
# are applied before their listeners are programmed.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"

	"github.com/argoproj/argo-cd/v3/resource_customizations"
	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

const conditions = `[{"type":"Accepted","status":"True","observedGeneration":1,"reason":"Accepted","message":""},
{"type":"Programmed","status":"True","observedGeneration":1,"reason":"Programmed","message":""}]`

func main() {
	for kind, status := range map[string]string{
		"Gateway":   `{"conditions":` + conditions + `}`,
		"HTTPRoute": `{"parents":[{"parentRef":{"name":"public"},"conditions":` + conditions + `}]}`,
	} {
		var object map[string]any
		text := fmt.Sprintf(`{"kind":%q,"metadata":{"name":"shop","generation":2},"status":%s}`, kind, status)
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			panic(err)
		}
		script, err := resource_customizations.Embedded.ReadFile("gateway.networking.k8s.io/" + kind + "/health.lua")
		if err != nil {
			panic(err)
		}
		state := lua.NewState()
		state.SetGlobal("obj", luajson.DecodeValue(state, object))
		if err := state.DoString(string(script)); err != nil {
			panic(err)
		}
		fmt.Println(kind, state.Get(-1).(*lua.LTable).RawGetString("status"))
	}
}
GO
printf 'module example.com/finding\n\ngo 1.26.3\n' > go.mod
go get github.com/argoproj/argo-cd/v3/resource_customizations@v3.5.7 github.com/yuin/gopher-lua@v1.1.2 layeh.com/gopher-json@v0.0.0-20190114024228-97fed8db8427 2> go.log || { cat go.log; exit 1; }
go run . | sort | tee output
diff output - <<'EXPECTED'
Gateway Healthy
HTTPRoute Progressing
EXPECTED
