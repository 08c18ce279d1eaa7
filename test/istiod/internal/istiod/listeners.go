package istiod

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	tls "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/wellknown"
)

// constantListeners are the same whatever the manifests hold.
var constantListeners = []string{
	model.VirtualInboundListenerName, model.VirtualOutboundListenerName,
	"connect_terminate", "connect_originate", "inner_connect_originate", "outer_connect_originate",
}

// constantChains are a waypoint's for traffic to Pods, which no route decides.
var constantChains = []string{"direct-tcp", "direct-http"}

func (a *ProxyAnswer) addListener(l *listener.Listener) error {
	described := Listener{Name: l.Name, Port: portOf(l.Address), FilterChains: []FilterChain{}}
	chains := l.FilterChains
	if l.DefaultFilterChain != nil {
		chains = append(slices.Clip(chains), l.DefaultFilterChain)
	}
	for _, chain := range chains {
		if slices.Contains(constantChains, chain.Name) {
			continue
		}
		fc, err := a.describeChain(chain)
		if err != nil {
			return fmt.Errorf("listener %s: %w", l.Name, err)
		}
		described.FilterChains = append(described.FilterChains, fc)
	}
	a.Listeners = append(a.Listeners, described)
	return nil
}

func (a *ProxyAnswer) describeChain(chain *listener.FilterChain) (fc FilterChain, err error) {
	fc.Name = chain.Name
	fc.Host, fc.Port = inboundVIP(chain.Name)
	if chain.FilterChainMatch != nil {
		if fc.Match, err = stableJSON(chain.FilterChainMatch); err != nil {
			return fc, err
		}
	}
	if context := chain.GetTransportSocket().GetTypedConfig(); context.MessageIs(&tls.DownstreamTlsContext{}) {
		if fc.TLS, err = stableAny(context, &tls.DownstreamTlsContext{}); err != nil {
			return fc, err
		}
	}
	for _, filter := range chain.Filters {
		switch filter.Name {
		case wellknown.TCPProxy:
			fc.TCPProxy, err = stableAny(filter.GetTypedConfig(), &tcp.TcpProxy{})
		case wellknown.HTTPConnectionManager:
			fc.RouteConfig, err = a.describeManager(filter, fc)
		}
		if err != nil {
			return fc, err
		}
	}
	return fc, nil
}

// describeManager names the route configuration of an HTTP connection manager, and keeps one it holds inline.
func (a *ProxyAnswer) describeManager(filter *listener.Filter, fc FilterChain) (string, error) {
	manager := &hcm.HttpConnectionManager{}
	if err := filter.GetTypedConfig().UnmarshalTo(manager); err != nil {
		return "", err
	}
	if inline := manager.GetRouteConfig(); inline != nil {
		return inline.Name, a.addRoutes(inline, fc.Port, fc.Host)
	}
	return manager.GetRds().GetRouteConfigName(), nil
}

func (a *ProxyAnswer) addRoutes(from *route.RouteConfiguration, port uint32, host string) error {
	described := RouteConfiguration{Name: from.Name, Port: port, Host: host}
	for _, virtualHost := range from.VirtualHosts {
		text, err := stableJSON(virtualHost)
		if err != nil {
			return fmt.Errorf("route %s: %w", from.Name, err)
		}
		described.VirtualHosts = append(described.VirtualHosts, text)
	}
	a.Routes = append(a.Routes, described)
	return nil
}

// routePorts gives the port of the listener that uses each route configuration.
func (a *ProxyAnswer) routePorts() map[string]uint32 {
	ports := map[string]uint32{}
	for _, l := range a.Listeners {
		for _, chain := range l.FilterChains {
			ports[chain.RouteConfig] = l.Port
		}
	}
	return ports
}

// inboundVIP takes a waypoint's chain name apart: inbound-vip|9080|http|reviews.bookinfo.svc.cluster.local.
func inboundVIP(chain string) (host string, port uint32) {
	parts := strings.Split(chain, "|")
	if len(parts) != 4 || parts[0] != string(model.TrafficDirectionInboundVIP) {
		return "", 0
	}
	number, _ := strconv.ParseUint(parts[1], 10, 32)
	return parts[3], uint32(number)
}

func portOf(address *core.Address) uint32 { return address.GetSocketAddress().GetPortValue() }

// stableAny prints a message that is wrapped in an Any, without the wrapping.
func stableAny(from *anypb.Any, into proto.Message) (json.RawMessage, error) {
	if err := from.UnmarshalTo(into); err != nil {
		return nil, err
	}
	return stableJSON(into)
}

func compare(portA, portB uint32, nameA, nameB string) int {
	return cmp.Or(cmp.Compare(portA, portB), cmp.Compare(nameA, nameB))
}

// clusterNames are a proxy's clusters; a route to one that is not there answers 503.
func clusterNames(resources []*discovery.Resource) []string {
	names := []string{}
	for _, resource := range resources {
		names = append(names, resource.Name)
	}
	slices.Sort(names)
	return names
}
