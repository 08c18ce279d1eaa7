package istiod

import (
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
)

// A ProxyAnswer is what one proxy is sent.
type ProxyAnswer struct {
	Routes    []RouteConfiguration `json:"routes"`
	Listeners []Listener           `json:"listeners"`
	Clusters  []string             `json:"clusters"`
	// Settings are the clusters' places in the answer's table of settings.
	Settings map[string]int `json:"settings,omitempty"`
	// Endpoints are the clusters' places in the answer's table of endpoints.
	Endpoints map[string]int `json:"endpoints,omitempty"`
}

// A RouteConfiguration is an Envoy route configuration: sent by name (RDS), or inline in a waypoint's filter chain.
type RouteConfiguration struct {
	Name string `json:"name"`
	Port uint32 `json:"port"`
	// Host is the Service a waypoint's chain is for. On other proxies the domains of the virtual hosts tell.
	Host         string            `json:"host,omitempty"`
	VirtualHosts []json.RawMessage `json:"virtualHosts"`
}

// A Listener is an Envoy listener, as far as it decides where a connection goes.
type Listener struct {
	Name         string        `json:"name"`
	Port         uint32        `json:"port"`
	FilterChains []FilterChain `json:"filterChains"`
}

// A FilterChain leads to a route configuration or a TCP proxy.
type FilterChain struct {
	Name string `json:"name"`
	// Host and Port are the Service a waypoint's chain is for.
	Host  string          `json:"host,omitempty"`
	Port  uint32          `json:"port,omitempty"`
	Match json.RawMessage `json:"match"`
	// TCPProxy is the TcpProxy filter's configuration.
	TCPProxy json.RawMessage `json:"tcpProxy"`
	// RouteConfig is the name of a route configuration in the proxy's routes.
	RouteConfig string `json:"routeConfig,omitempty"`
	// TLS is the DownstreamTlsContext of a chain that terminates TLS.
	TLS json.RawMessage `json:"tls"`
}

// describe asks istiod for all of a proxy's configuration; for its clusters' settings and endpoints only where there is
// a table.
func describe(
	server *xds.FakeDiscoveryServer, proxy *model.Proxy, table *settingsTable, endpoints *endpointsTable,
) (*ProxyAnswer, error) {
	answer := &ProxyAnswer{Routes: []RouteConfiguration{}, Listeners: []Listener{}, Clusters: []string{}}
	listeners := server.Listeners(proxy)
	for _, l := range listeners {
		if slices.Contains(constantListeners, l.Name) {
			continue
		}
		if err := answer.addListener(l); err != nil {
			return nil, err
		}
	}
	ports := answer.routePorts()
	for _, r := range server.RoutesFromListeners(proxy, listeners) {
		if err := answer.addRoutes(r, ports[r.Name], ""); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(answer.Routes, func(a, b RouteConfiguration) int { return compare(a.Port, b.Port, a.Name, b.Name) })
	slices.SortFunc(answer.Listeners, func(a, b Listener) int { return compare(a.Port, b.Port, a.Name, b.Name) })
	clusters, _ := server.ConfigGen.BuildClusters(proxy, &model.PushRequest{Push: server.PushContext()})
	answer.Clusters = clusterNames(clusters)
	if table != nil {
		var err error
		if answer.Settings, err = table.clusterSettings(clusters); err != nil {
			return nil, err
		}
	}
	if endpoints != nil {
		var err error
		if answer.Endpoints, err = endpoints.clusterEndpoints(server, proxy, clusters); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// stableJSON prints a message the same way every time: protojson varies its white space on purpose.
func stableJSON(message proto.Message) (json.RawMessage, error) {
	text, err := protojson.Marshal(message)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}
