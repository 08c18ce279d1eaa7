package istiod

import (
	"fmt"
	"slices"
	"strings"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pilot/test/xds"
)

// An endpointsTable holds the lists of who stands behind clusters, each once.
type endpointsTable struct {
	lists [][]string
	index map[string]int
}

func (t *endpointsTable) add(list []string) int {
	key := strings.Join(list, " ")
	if t.index == nil {
		t.index = map[string]int{}
	}
	if i, ok := t.index[key]; ok {
		return i
	}
	t.lists = append(t.lists, list)
	t.index[key] = len(t.lists) - 1
	return len(t.lists) - 1
}

// clusterEndpoints gives the place in the table for each cluster that stands for a Service.
func (t *endpointsTable) clusterEndpoints(
	server *xds.FakeDiscoveryServer, proxy *model.Proxy, resources []*discovery.Resource,
) (map[string]int, error) {
	found := map[string]int{}
	for _, resource := range resources {
		if strings.Count(resource.Name, "|") != 3 {
			continue
		}
		cluster := &clusterv3.Cluster{}
		if err := resource.Resource.UnmarshalTo(cluster); err != nil {
			return nil, err
		}
		found[resource.Name] = t.add(endpointsOf(server, proxy, cluster))
	}
	return found, nil
}

func endpointsOf(server *xds.FakeDiscoveryServer, proxy *model.Proxy, cluster *clusterv3.Cluster) []string {
	switch cluster.GetType() {
	case clusterv3.Cluster_ORIGINAL_DST:
		return []string{"original destination"}
	case clusterv3.Cluster_EDS:
		builder := endpoints.NewEndpointBuilder(cluster.Name, proxy, server.PushContext())
		return addressesOf(builder.BuildClusterLoadAssignment(server.Env().EndpointIndex))
	}
	return addressesOf(cluster.LoadAssignment)
}

// addressesOf are the endpoints of an assignment that are asked at all, with their priority where it is not the first.
func addressesOf(assignment *endpoint.ClusterLoadAssignment) []string {
	list := []string{}
	for _, locality := range assignment.GetEndpoints() {
		for _, each := range locality.LbEndpoints {
			text := addressText(each.GetEndpoint().GetAddress())
			if locality.Priority > 0 {
				text = fmt.Sprintf("%s priority %d", text, locality.Priority)
			}
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return list
}

func addressText(address *core.Address) string {
	if internal := address.GetEnvoyInternalAddress(); internal != nil {
		_, target, found := strings.Cut(internal.GetEndpointId(), ";")
		if !found {
			target = internal.GetEndpointId()
		}
		return target
	}
	socket := address.GetSocketAddress()
	return fmt.Sprintf("%s:%d", socket.GetAddress(), socket.GetPortValue())
}
