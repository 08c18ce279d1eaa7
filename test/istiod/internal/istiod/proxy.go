package istiod

import (
	"maps"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/constants"
)

// connect presents a proxy to istiod, as its first xDS request would.
func connect(server *xds.FakeDiscoveryServer, c *cluster, p ProxyRequest) *model.Proxy {
	proxy := &model.Proxy{
		ID:              p.ID + "." + p.Namespace,
		Type:            model.SidecarProxy,
		ConfigNamespace: p.Namespace,
		Labels:          maps.Clone(p.Labels),
		// An address no Pod has: a sidecar is looked at for what it sends, not for what it serves.
		IPAddresses:  []string{"10.244.255.254"},
		IstioVersion: model.MaxIstioVersion,
	}
	switch p.Kind {
	case waypoint:
		proxy.Type = model.Waypoint
	case gateway:
		proxy.Type = model.Router
	}
	if pod := c.pods[p.ID]; pod != nil {
		proxy.ID = pod.Name + "." + pod.Namespace
		proxy.Labels = pod.Labels
		proxy.IPAddresses = []string{pod.Status.PodIP}
	}
	proxy.Metadata = &model.NodeMetadata{
		Namespace:    p.Namespace,
		Labels:       proxy.Labels,
		ClusterID:    constants.DefaultClusterName,
		IstioVersion: model.MaxIstioVersion.String(),
	}
	return server.SetupProxy(proxy)
}
