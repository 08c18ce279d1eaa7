// Prints the route tables that Contour writes for objects of the Gateway API: its graph and its cache of routes, for many
// inputs.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/sirupsen/logrus"
	"google.golang.org/protobuf/encoding/protojson"
	core_v1 "k8s.io/api/core/v1"
	meta_v1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayapi_v1 "sigs.k8s.io/gateway-api/apis/v1"
	gatewayapi_v1beta1 "sigs.k8s.io/gateway-api/apis/v1beta1"

	"github.com/projectcontour/contour/internal/dag"
	"github.com/projectcontour/contour/internal/envoy"
	xdscache_v3 "github.com/projectcontour/contour/internal/xdscache/v3"
)

// request is one line of the standard input. Objects have everything that an API server would have added.
type request struct {
	ID      string            `json:"id"`
	Objects []json.RawMessage `json:"objects"`
}

// answer is one line of the standard output, in the order of the requests.
type answer struct {
	ID    string `json:"id"`
	Error string `json:"error,omitempty"`
	// Routes are Envoy's RouteConfigurations as protojson.
	Routes []json.RawMessage `json:"routes"`
	// Clusters are the Services of each, as `reviews.bookinfo`.
	Clusters map[string][]endpoint `json:"clusters"`
	Statuses []status              `json:"statuses"`
}

type endpoint struct {
	Address string `json:"address"`
	Port    int32  `json:"port"`
	Weight  uint32 `json:"weight"`
}

// status is a condition of a route that is not as it should be.
type status struct {
	Route   string `json:"route"`
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			must(encoder.Encode(respond(line)))
		}
		if err == io.EOF {
			return
		}
		must(err)
	}
}

func respond(line []byte) (found answer) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	defer func() {
		if reason := recover(); reason != nil {
			found = answer{ID: asked.ID, Error: fmt.Sprint(reason)}
		}
	}()
	found, err := translate(asked.Objects)
	found.ID = asked.ID
	if err != nil {
		found.Error = err.Error()
	}
	return found
}

func translate(objects []json.RawMessage) (answer, error) {
	log := logrus.New()
	log.SetOutput(io.Discard)
	// As `contour serve` sets it up (cmd/contour/serve.go, getDAGBuilder).
	builder := dag.Builder{
		Source: dag.KubernetesCache{FieldLogger: log},
		Processors: []dag.Processor{
			&dag.ListenerProcessor{HTTPAddress: "0.0.0.0", HTTPSAddress: "0.0.0.0"},
			&dag.GatewayAPIProcessor{FieldLogger: log, SetSourceMetadataOnRoutes: true},
		},
	}
	for _, text := range objects {
		object, err := decode(text)
		if err != nil {
			return answer{}, err
		}
		if object != nil {
			builder.Source.Insert(object)
		}
	}
	graph := builder.Build()
	cache := &xdscache_v3.RouteCache{}
	cache.OnChange(graph)
	found := answer{Routes: []json.RawMessage{}, Clusters: map[string][]endpoint{}, Statuses: []status{}}
	for _, message := range cache.Contents() {
		text, err := protojson.Marshal(message)
		if err != nil {
			return found, err
		}
		found.Routes = append(found.Routes, text)
	}
	for _, cluster := range graph.GetClusters() {
		service := cluster.Upstream.Weighted
		found.Clusters[envoy.Clustername(cluster)] = []endpoint{{
			Address: service.ServiceName + "." + service.ServiceNamespace,
			Port:    service.ServicePort.Port,
			Weight:  1,
		}}
	}
	for _, update := range graph.StatusCache.GetRouteUpdates() {
		for _, parent := range update.RouteParentStatuses {
			for _, condition := range parent.Conditions {
				if condition.Status != meta_v1.ConditionTrue {
					found.Statuses = append(found.Statuses, status{update.FullName.String(), condition.Type, string(condition.Status), condition.Reason, condition.Message})
				}
			}
		}
	}
	return found, nil
}

// decode reads the kinds that decide about routes; others are left out.
func decode(text json.RawMessage) (any, error) {
	var kind meta_v1.TypeMeta
	if err := json.Unmarshal(text, &kind); err != nil {
		return nil, err
	}
	var object any
	switch kind.Kind {
	case "Namespace":
		object = &core_v1.Namespace{}
	case "Service":
		object = &core_v1.Service{}
	case "GatewayClass":
		object = &gatewayapi_v1.GatewayClass{}
	case "Gateway":
		object = &gatewayapi_v1.Gateway{}
	case "HTTPRoute":
		object = &gatewayapi_v1.HTTPRoute{}
	case "GRPCRoute":
		object = &gatewayapi_v1.GRPCRoute{}
	case "ReferenceGrant":
		object = &gatewayapi_v1beta1.ReferenceGrant{}
	default:
		return nil, nil
	}
	return object, json.Unmarshal(text, object)
}

func must(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
