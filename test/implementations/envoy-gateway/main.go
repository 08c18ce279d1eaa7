// Prints the route tables that Envoy Gateway writes for objects of the Gateway API: the code behind
// `egctl experimental translate`, kept running for many inputs.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"

	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	resourcev3 "github.com/envoyproxy/go-control-plane/pkg/resource/v3"
	"google.golang.org/protobuf/encoding/protojson"
	gwapiv1 "sigs.k8s.io/gateway-api/apis/v1"

	egv1a1 "github.com/envoyproxy/gateway/api/v1alpha1"
	"github.com/envoyproxy/gateway/internal/gatewayapi"
	"github.com/envoyproxy/gateway/internal/gatewayapi/resource"
	"github.com/envoyproxy/gateway/internal/logging"
	"github.com/envoyproxy/gateway/internal/xds/translator"
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
	// Clusters are the endpoints of each, with their shares.
	Clusters map[string][]endpoint `json:"clusters"`
	Statuses []status              `json:"statuses"`
}

type endpoint struct {
	Address string `json:"address"`
	Port    uint32 `json:"port"`
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
	documents := bytes.Buffer{}
	for _, object := range objects {
		documents.WriteString("---\n")
		documents.Write(object)
		documents.WriteString("\n")
	}
	resources, err := resource.LoadResourcesFromYAMLBytes(documents.Bytes(), true, nil)
	if err != nil {
		return answer{}, err
	}
	if resources.GatewayClass == nil {
		return answer{}, fmt.Errorf("no GatewayClass")
	}
	logger := logging.DefaultLogger(io.Discard, egv1a1.LogLevelInfo)
	toIR := &gatewayapi.Translator{
		GatewayControllerName: string(resources.GatewayClass.Spec.ControllerName),
		GatewayClassName:      gwapiv1.ObjectName(resources.GatewayClass.Name),
		// Endpoints are then the addresses of Services, which tell backends apart.
		EndpointRoutingDisabled: true,
		BackendEnabled:          true,
		Logger:                  logger,
	}
	result, err := toIR.Translate(context.Background(), resources)
	if err != nil && result == nil {
		return answer{}, err
	}
	found := answer{Routes: []json.RawMessage{}, Clusters: map[string][]endpoint{}, Statuses: statusesOf(result)}
	keys := []string{}
	for key := range result.XdsIR {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		toXds := &translator.Translator{Logger: logger}
		table, err := toXds.Translate(context.Background(), result.XdsIR[key])
		if err != nil {
			return found, err
		}
		for _, message := range table.XdsResources[resourcev3.RouteType] {
			text, err := protojson.Marshal(message)
			if err != nil {
				return found, err
			}
			found.Routes = append(found.Routes, text)
		}
		for _, message := range table.XdsResources[resourcev3.EndpointType] {
			assignment := message.(*endpointv3.ClusterLoadAssignment)
			found.Clusters[assignment.ClusterName] = endpointsOf(assignment)
		}
	}
	return found, nil
}

func endpointsOf(assignment *endpointv3.ClusterLoadAssignment) []endpoint {
	found := []endpoint{}
	for _, locality := range assignment.Endpoints {
		for _, one := range locality.LbEndpoints {
			address := one.GetEndpoint().GetAddress().GetSocketAddress()
			found = append(found, endpoint{
				Address: address.GetAddress(),
				Port:    address.GetPortValue(),
				Weight:  locality.GetLoadBalancingWeight().GetValue(),
			})
		}
	}
	return found
}

func statusesOf(result *gatewayapi.TranslateResult) []status {
	found := []status{}
	add := func(route string, parents []gwapiv1.RouteParentStatus) {
		for _, parent := range parents {
			for _, condition := range parent.Conditions {
				if condition.Status != "True" {
					found = append(found, status{route, condition.Type, string(condition.Status), condition.Reason, condition.Message})
				}
			}
		}
	}
	for _, route := range result.HTTPRoutes {
		add("HTTPRoute "+route.Namespace+"/"+route.Name, route.Status.Parents)
	}
	for _, route := range result.GRPCRoutes {
		add("GRPCRoute "+route.Namespace+"/"+route.Name, route.Status.Parents)
	}
	return found
}

func must(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
