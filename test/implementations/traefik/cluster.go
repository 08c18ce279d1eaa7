package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	meta_v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// kinds by the name that their resources have in a path.
var kinds = map[string]string{
	"namespaces":         "Namespace",
	"services":           "Service",
	"secrets":            "Secret",
	"configmaps":         "ConfigMap",
	"endpointslices":     "EndpointSlice",
	"gatewayclasses":     "GatewayClass",
	"gateways":           "Gateway",
	"httproutes":         "HTTPRoute",
	"grpcroutes":         "GRPCRoute",
	"tlsroutes":          "TLSRoute",
	"tcproutes":          "TCPRoute",
	"referencegrants":    "ReferenceGrant",
	"backendtlspolicies": "BackendTLSPolicy",
}

// cluster answers like an API server whose objects never change: lists, watches without events, and updates of statuses.
type cluster struct {
	objects map[string][]json.RawMessage

	lock     sync.Mutex
	statuses []status
}

func newCluster(objects []json.RawMessage) (*cluster, error) {
	found := &cluster{objects: map[string][]json.RawMessage{}, statuses: []status{}}
	for _, text := range objects {
		var kind meta_v1.TypeMeta
		if err := json.Unmarshal(text, &kind); err != nil {
			return nil, err
		}
		found.objects[kind.Kind] = append(found.objects[kind.Kind], text)
	}
	return found, nil
}

func (c *cluster) ServeHTTP(writer http.ResponseWriter, asked *http.Request) {
	writer.Header().Set("Content-Type", "application/json")
	if asked.Method == http.MethodPut {
		c.update(writer, asked)
		return
	}
	parts := strings.Split(strings.Trim(asked.URL.Path, "/"), "/")
	kind, known := kinds[parts[len(parts)-1]]
	if asked.Method != http.MethodGet || !known {
		http.NotFound(writer, asked)
		return
	}
	if asked.URL.Query().Get("watch") != "" {
		writer.WriteHeader(http.StatusOK)
		if flusher, can := writer.(http.Flusher); can {
			flusher.Flush()
		}
		<-asked.Context().Done()
		return
	}
	version := strings.Join(parts[1:len(parts)-1], "/")
	items := c.objects[kind]
	if items == nil {
		items = []json.RawMessage{}
	}
	_ = json.NewEncoder(writer).Encode(map[string]any{
		"apiVersion": version,
		"kind":       kind + "List",
		"metadata":   map[string]string{"resourceVersion": "1"},
		"items":      items,
	})
}

// update takes the status of an object, and gives the object back.
func (c *cluster) update(writer http.ResponseWriter, asked *http.Request) {
	var object struct {
		meta_v1.TypeMeta   `json:",inline"`
		meta_v1.ObjectMeta `json:"metadata"`
		Status             struct {
			Parents []struct {
				Conditions []meta_v1.Condition `json:"conditions"`
			} `json:"parents"`
		} `json:"status"`
	}
	var text json.RawMessage
	if err := json.NewDecoder(asked.Body).Decode(&text); err != nil {
		http.Error(writer, err.Error(), http.StatusBadRequest)
		return
	}
	if err := json.Unmarshal(text, &object); err != nil {
		http.Error(writer, err.Error(), http.StatusBadRequest)
		return
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	for _, parent := range object.Status.Parents {
		for _, one := range parent.Conditions {
			if one.Status != meta_v1.ConditionTrue {
				c.statuses = append(c.statuses, status{object.Namespace + "/" + object.Name, one.Type, string(one.Status), one.Reason, one.Message})
			}
		}
	}
	_, _ = writer.Write(text)
}

// refusals are the conditions of routes that are not true.
func (c *cluster) refusals() []status {
	c.lock.Lock()
	defer c.lock.Unlock()
	return append([]status{}, c.statuses...)
}
