package istiod

import (
	"encoding/json"
	"slices"
	"strings"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/protobuf/proto"

	"istio.io/istio/pilot/pkg/model"
)

// A settingsTable holds what clusters are set to, each text once: most clusters of a request are set alike.
type settingsTable struct {
	texts []json.RawMessage
	index map[string]int
}

// add gives the place of a cluster's settings in the table. What follows from the cluster's name is left out, so that
// clusters that differ in nothing else have the same settings.
func (t *settingsTable) add(resource *discovery.Resource) (int, error) {
	cluster := &clusterv3.Cluster{}
	if err := resource.Resource.UnmarshalTo(cluster); err != nil {
		return 0, err
	}
	bare := proto.Clone(cluster).(*clusterv3.Cluster)
	bare.Name, bare.AltStatName, bare.Metadata, bare.EdsClusterConfig, bare.LoadAssignment = "", "", nil, nil, nil
	text, err := stableJSON(bare)
	if err != nil {
		return 0, err
	}
	stripped := withoutNames(string(text), cluster.Name)
	if t.index == nil {
		t.index = map[string]int{}
	}
	if i, ok := t.index[stripped]; ok {
		return i, nil
	}
	t.texts = append(t.texts, json.RawMessage(stripped))
	t.index[stripped] = len(t.texts) - 1
	return len(t.texts) - 1, nil
}

// withoutNames replaces what a cluster is called inside of its settings: the name in the TLS handshake and the host.
func withoutNames(text, cluster string) string {
	if strings.Count(cluster, "|") != 3 {
		return text
	}
	direction, subset, host, port := model.ParseSubsetKey(cluster)
	pairs := []string{
		model.BuildDNSSrvSubsetKey(direction, subset, host, port), "NAME",
		cluster, "NAME",
	}
	// An inbound cluster has no host.
	if host != "" {
		pairs = append(pairs, string(host), "HOST")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// clusterSettings gives the place in the table for each cluster that stands for a Service.
func (t *settingsTable) clusterSettings(resources []*discovery.Resource) (map[string]int, error) {
	settings := map[string]int{}
	sorted := slices.SortedFunc(slices.Values(resources), func(a, b *discovery.Resource) int {
		return strings.Compare(a.Name, b.Name)
	})
	for _, resource := range sorted {
		if strings.Count(resource.Name, "|") != 3 {
			continue
		}
		index, err := t.add(resource)
		if err != nil {
			return nil, err
		}
		settings[resource.Name] = index
	}
	return settings, nil
}
