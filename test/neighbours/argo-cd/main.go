// Asks the health scripts that Argo CD carries about objects, in the states that controllers bring them into. Reads a JSON
// array of objects from stdin, and writes a JSON array of rows.
package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/argoproj/argo-cd/v3/resource_customizations"
	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

type object = map[string]any

type row struct {
	Subject string `json:"subject"`
	Does    string `json:"does"`
}

// Kinds that Argo CD judges by compiled code (Deployment, Service) stay as they are; scripts judge these groups.
var groups = map[string]bool{
	"networking.istio.io":       true,
	"gateway.networking.k8s.io": true,
	"cert-manager.io":           true,
	"argoproj.io":               true,
	"flagger.app":               true,
}

func main() {
	var objects []object
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		fail(err)
	}
	rows := []row{}
	for _, o := range objects {
		group, _, found := strings.Cut(text(o, "apiVersion"), "/")
		if !found || !groups[group] {
			continue
		}
		kind := text(o, "kind")
		meta, _ := o["metadata"].(object)
		annotations, _ := meta["annotations"].(object)
		wave := cmp.Or(text(annotations, "argocd.argoproj.io/sync-wave"), "0")
		rows = append(rows, row{
			Subject: fmt.Sprintf("%s.%s %s/%s", kind, group, text(meta, "namespace"), text(meta, "name")),
			Does:    fmt.Sprintf("wave %s: %s", wave, health(group, kind, o)),
		})
	}
	if err := json.NewEncoder(os.Stdout).Encode(rows); err != nil {
		fail(err)
	}
}

// health says what the script makes of the object in each state. Where there is no script, Argo CD waits for nothing.
func health(group, kind string, o object) string {
	script, err := resource_customizations.Embedded.ReadFile(group + "/" + kind + "/health.lua")
	if err != nil {
		return "no script"
	}
	said := []string{}
	for _, state := range states(kind, o) {
		said = append(said, run(string(script), with(o, state.status))+" "+state.name)
	}
	return strings.Join(said, ", ")
}

type state struct {
	name   string
	status object
}

// states are those that istiod's status controllers write; of other kinds, only the first.
func states(kind string, o object) []state {
	applied := state{name: "when applied"}
	switch kind {
	case "HTTPRoute", "GRPCRoute":
		return []state{
			applied,
			{"when accepted", parents(o, 2, "True", "True")},
			{"without a backend", parents(o, 2, "True", "False")},
			{"without a parent that takes it", parents(o, 2, "False", "True")},
			{"with a status of the generation before", parents(o, 1, "True", "True")},
		}
	case "Gateway":
		if !strings.HasPrefix(text(o, "apiVersion"), "gateway.networking.k8s.io/") {
			return []state{applied}
		}
		return []state{
			applied,
			{"when programmed", object{"conditions": []any{condition("Accepted", "True", 2), condition("Programmed", "True", 2)}}},
			{"without an address", object{"conditions": []any{condition("Accepted", "True", 2), condition("Programmed", "False", 2)}}},
			{"with a status of the generation before", object{"conditions": []any{condition("Accepted", "True", 1), condition("Programmed", "True", 1)}}},
		}
	}
	return []state{applied}
}

func parents(o object, generation int, accepted, resolved string) object {
	spec, _ := o["spec"].(object)
	refs, _ := spec["parentRefs"].([]any)
	all := []any{}
	for _, ref := range refs {
		all = append(all, object{
			"parentRef":      ref,
			"controllerName": "istio.io/gateway-controller",
			"conditions":     []any{condition("Accepted", accepted, generation), condition("ResolvedRefs", resolved, generation)},
		})
	}
	return object{"parents": all}
}

func condition(kind, status string, generation int) object {
	return object{"type": kind, "status": status, "observedGeneration": float64(generation), "reason": "Seen", "message": "seen"}
}

// with is the object as the API server has it: in its second generation, with a status.
func with(o, status object) object {
	copied := object{}
	for key, value := range o {
		copied[key] = value
	}
	meta := object{"generation": float64(2)}
	before, _ := o["metadata"].(object)
	for key, value := range before {
		meta[key] = value
	}
	copied["metadata"] = meta
	if status != nil {
		copied["status"] = status
	}
	return copied
}

// run executes a script as util/lua of Argo CD does for those that it carries: with Lua's libraries, the object as `obj`.
func run(script string, o object) string {
	state := lua.NewState()
	defer state.Close()
	state.SetGlobal("obj", luajson.DecodeValue(state, o))
	if err := state.DoString(script); err != nil {
		fail(err)
	}
	result, isTable := state.Get(-1).(*lua.LTable)
	if !isTable {
		return "nothing"
	}
	return result.RawGetString("status").String()
}

func text(o object, key string) string {
	value, _ := o[key].(string)
	return value
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
