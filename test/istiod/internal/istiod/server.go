package istiod

import (
	"fmt"
	"maps"
	"runtime/debug"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"

	// Switches ambient mode on before istiod's packages look.
	_ "example.com/vs2route/istiod/internal/ambient"

	gatewaycontroller "istio.io/istio/pilot/pkg/config/kube/gateway"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/gatewayapi"
	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/test"
)

// minimumVersions is istiod's table of the oldest Gateway API CRDs it reads, by kind.
var minimumVersions = maps.Clone(gatewayapi.MinimumCRDVersions)

func init() {
	// The test server's CRDs carry no version, so istiod would not watch these kinds at all.
	// What the table says is applied when manifests are loaded.
	clear(gatewayapi.MinimumCRDVersions)
	// Each server would otherwise leave its collections here for good.
	krt.GlobalDebugHandler = nil
	// supplyGatewayClasses has done its work.
	features.EnableGatewayAPIGatewayClassController = false
	silence()
}

// silence turns istiod's logs off: what it has to say is in the statuses.
func silence() {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
}

// Ask runs istiod on a request's manifests and tells what its proxies are sent.
func Ask(request Request) (*Answer, error) {
	answer := &Answer{Proxies: map[string]*ProxyAnswer{}, Statuses: []map[string]any{}, Rejected: []Rejection{}, Added: []string{}}
	c, err := load(request, answer)
	if err != nil {
		return nil, err
	}
	if err := c.complete(request); err != nil {
		return nil, err
	}
	answer.Added = append(answer.Added, c.added...)
	configs, err := c.configs()
	if err != nil {
		return nil, err
	}
	// Wrap lends the test server a *testing.T's powers outside of a test, and runs its clean-ups at the end.
	err = test.Wrap(func(t test.Failer) {
		defer func() {
			if p := recover(); p != nil {
				t.Fatalf("istiod panics: %v\n%s", p, debug.Stack())
			}
		}()
		answer.fill(t, request, c, configs)
	})
	if err != nil {
		return nil, fmt.Errorf("istiod: %w", err)
	}
	return answer, nil
}

// configs are the Istio objects. istiod reads them from its configuration store, and some of them also through its
// Kubernetes client, so client gives them again.
func (c *cluster) configs() ([]config.Config, error) {
	var configs []config.Config
	for _, o := range c.objects {
		cfg, ok, err := istioConfig(o)
		if err != nil {
			return nil, err
		}
		if ok {
			configs = append(configs, cfg)
		}
	}
	return configs, nil
}

func (a *Answer) fill(t test.Failer, request Request, c *cluster, configs []config.Config) {
	meshConfig, err := c.meshConfig()
	if err != nil {
		t.Fatal(err)
	}
	server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		Configs:           configs,
		MeshConfig:        meshConfig,
		KubeClientBuilder: func(...runtime.Object) kube.Client { return c.client() },
		KubeClientModifier: func(client kube.Client) {
			// Kinds that istiod watches and the test server does not install.
			clienttest.MakeCRD(t, client, gvr.BackendTLSPolicy)
			clienttest.MakeCRD(t, client, gvr.ListenerSet)
		},
	})
	statuses := watchStatuses(t, server)
	if err := settle(server, statuses); err != nil {
		t.Fatal(err)
	}
	var table *settingsTable
	if request.Settings {
		table = &settingsTable{}
	}
	var endpoints *endpointsTable
	if request.Endpoints {
		endpoints = &endpointsTable{}
	}
	for _, p := range request.Proxies {
		proxyAnswer, err := describe(server, connect(server, c, p), table, endpoints)
		if err != nil {
			t.Fatalf("proxy %q: %v", p.ID, err)
		}
		a.Proxies[p.ID] = proxyAnswer
	}
	a.Statuses = statuses.list()
	if table != nil {
		a.Settings = table.texts
	}
	if endpoints != nil {
		a.Endpoints = endpoints.lists
	}
}

// client is a fake Kubernetes client that holds the cluster's objects. Built-in kinds are added past the client's field
// manager, which takes longer over each object than istiod does.
func (c *cluster) client() kube.CLIClient {
	var custom, builtins []runtime.Object
	for _, o := range c.objects {
		if builtinKinds.Has(o.GetObjectKind().GroupVersionKind()) {
			builtins = append(builtins, o)
		} else {
			custom = append(custom, o)
		}
	}
	client := kube.NewFakeClient(custom...)
	for _, o := range builtins {
		if err := client.Kube().(*fake.Clientset).Tracker().Add(o); err != nil {
			panic(err)
		}
	}
	return client
}

// gatewayController is the part of istiod that turns Gateway API objects into Istio's.
func gatewayController(server *xds.FakeDiscoveryServer) *gatewaycontroller.Controller {
	return server.Env().GatewayAPIController.(*gatewaycontroller.Controller)
}
