package istiod

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/config/constants"
)

// TestAmbientIsOn holds that package ambient came before istiod's own packages.
func TestAmbientIsOn(t *testing.T) {
	if !features.EnableAmbient || !features.EnableAmbientWaypoints {
		t.Error("PILOT_ENABLE_AMBIENT came too late")
	}
	if gatewaycommon.BuiltinGatewayClasses[constants.WaypointGatewayClassName] == "" {
		t.Error("no waypoint class")
	}
}

// TestMinimumVersions holds that the table was copied before it was cleared.
func TestMinimumVersions(t *testing.T) {
	if least := minimumVersions["tlsroutes.gateway.networking.k8s.io"]; least == nil || least.String() != "1.5.0" {
		t.Errorf("TLSRoute: %v", least)
	}
}

func TestKeepRefused(t *testing.T) {
	var rules []string
	for i := range 17 {
		rules = append(rules, fmt.Sprintf(`{matches: [{path: {value: /%d}}], backendRefs: [{name: web, port: 80}]}`, i))
	}
	request := Request{
		Proxies: []ProxyRequest{{ID: "client", Kind: sidecar, Namespace: "default"}},
		Manifests: `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{group: "", kind: Service, name: web}]
  rules: [` + strings.Join(rules, ", ") + `]`,
	}
	for keep, want := range map[bool]int{false: 1, true: 17} {
		request.KeepRefused = keep
		answer, err := Ask(request)
		if err != nil {
			t.Fatal(err)
		}
		if len(answer.Rejected) != 1 || answer.Rejected[0].Name != "web" {
			t.Errorf("keep %v: rejected %v", keep, answer.Rejected)
		}
		var host struct{ Routes []any }
		if err := json.Unmarshal(answer.Proxies["client"].Routes[0].VirtualHosts[0], &host); err != nil {
			t.Fatal(err)
		}
		if len(host.Routes) != want {
			t.Errorf("keep %v: %d routes", keep, len(host.Routes))
		}
	}
}
