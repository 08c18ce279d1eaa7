// Asks external-dns for the DNS records that it would write: its sources read the objects from fake clientsets, and its
// planner decides between them. Reads a JSON array of objects from stdin, and writes a JSON array of rows.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	openshift "github.com/openshift/client-go/route/clientset/versioned"
	"github.com/sirupsen/logrus"
	istiov1 "istio.io/client-go/pkg/apis/networking/v1"
	istioclient "istio.io/client-go/pkg/clientset/versioned"
	istiofake "istio.io/client-go/pkg/clientset/versioned/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	kubefake "k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	gateway "sigs.k8s.io/gateway-api/pkg/client/clientset/versioned"
	gatewayfake "sigs.k8s.io/gateway-api/pkg/client/clientset/versioned/fake"

	"sigs.k8s.io/external-dns/endpoint"
	"sigs.k8s.io/external-dns/pkg/apis/externaldns"
	"sigs.k8s.io/external-dns/plan"
	"sigs.k8s.io/external-dns/source"
	"sigs.k8s.io/external-dns/source/wrappers"
)

type row struct {
	Subject string `json:"subject"`
	Does    string `json:"does"`
}

// The lists of sources that a company comes from, goes to, and has while it moves.
var lists = []struct {
	name    string
	sources []string
}{
	{"istio-*", []string{"istio-gateway", "istio-virtualservice"}},
	{"gateway-*", []string{"gateway-httproute", "gateway-grpcroute", "gateway-tlsroute"}},
	{"both", []string{"istio-gateway", "istio-virtualservice", "gateway-httproute", "gateway-grpcroute", "gateway-tlsroute"}},
}

// The address that a load balancer gets.
const address = "203.0.113.80"

func main() {
	logrus.SetOutput(io.Discard)
	// The fake clientset of Istio sends no bookmarks, which informers of client-go wait for since watching replaced listing.
	must(os.Setenv("KUBE_FEATURE_WatchListClient", "false"))
	var objects []json.RawMessage
	must(json.NewDecoder(os.Stdin).Decode(&objects))
	ctx := context.Background()
	rows := []row{}
	for _, list := range lists {
		clients := clientsOf(ctx, objects)
		config, err := source.NewSourceConfig(
			&externaldns.Config{Sources: list.sources}, source.WithClientGenerator(clients),
		)
		must(err)
		built, err := wrappers.Build(ctx, config)
		must(err)
		desired, err := built.Endpoints(ctx)
		must(err)
		for _, record := range planned(desired) {
			rows = append(rows, row{
				Subject: fmt.Sprintf("with sources %s: %s", list.name, record.DNSName),
				Does:    saidOf(record),
			})
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(rows))
}

// planned are the records that the planner creates in an empty zone.
func planned(desired []*endpoint.Endpoint) []*endpoint.Endpoint {
	for _, record := range desired {
		record.Labels = endpoint.NewLabels()
	}
	changes := (&plan.Plan{
		Desired:        desired,
		ManagedRecords: []string{endpoint.RecordTypeA, endpoint.RecordTypeAAAA, endpoint.RecordTypeCNAME},
	}).Calculate().Changes
	created := changes.Create
	sort.SliceStable(created, func(i, j int) bool {
		a, b := created[i], created[j]
		return a.DNSName+" "+a.RecordType < b.DNSName+" "+b.RecordType
	})
	return created
}

func saidOf(record *endpoint.Endpoint) string {
	said := record.RecordType + " " + strings.Join(record.Targets, ", ")
	if record.RecordTTL.IsConfigured() {
		said += fmt.Sprintf(", TTL %d", record.RecordTTL)
	}
	return said
}

type clients struct {
	kube    kubernetes.Interface
	istio   istioclient.Interface
	gateway gateway.Interface
}

func (c clients) KubeClient() (kubernetes.Interface, error)   { return c.kube, nil }
func (c clients) IstioClient() (istioclient.Interface, error) { return c.istio, nil }
func (c clients) GatewayClient() (gateway.Interface, error)   { return c.gateway, nil }
func (c clients) DynamicKubernetesClient() (dynamic.Interface, error) {
	return nil, source.ErrSourceNotFound
}
func (c clients) OpenShiftClient() (openshift.Interface, error) { return nil, source.ErrSourceNotFound }
func (c clients) RESTConfig() (*rest.Config, error)             { return nil, source.ErrSourceNotFound }

// clientsOf are fake clientsets with the objects, and with what others have written into their status: the address of a
// load balancer, and what istiod says of Gateways and routes that it takes.
func clientsOf(ctx context.Context, objects []json.RawMessage) clients {
	c := clients{kubefake.NewClientset(), istiofake.NewSimpleClientset(), gatewayfake.NewSimpleClientset()}
	create := metav1.CreateOptions{}
	for _, text := range objects {
		var meta metav1.PartialObjectMetadata
		must(json.Unmarshal(text, &meta))
		var err error
		switch meta.APIVersion + " " + meta.Kind {
		case "v1 Namespace":
			_, err = c.kube.CoreV1().Namespaces().Create(ctx, read[corev1.Namespace](text), create)
		case "v1 Service":
			service := read[corev1.Service](text)
			if service.Spec.Type == corev1.ServiceTypeLoadBalancer {
				service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address}}
			}
			_, err = c.kube.CoreV1().Services(meta.Namespace).Create(ctx, service, create)
		case "networking.istio.io/v1 Gateway":
			_, err = c.istio.NetworkingV1().Gateways(meta.Namespace).Create(ctx, read[istiov1.Gateway](text), create)
		case "networking.istio.io/v1 VirtualService":
			_, err = c.istio.NetworkingV1().VirtualServices(meta.Namespace).Create(ctx, read[istiov1.VirtualService](text), create)
		case "gateway.networking.k8s.io/v1 Gateway":
			gateway := read[gatewayv1.Gateway](text)
			gateway.Status.Addresses = []gatewayv1.GatewayStatusAddress{{Value: address}}
			_, err = c.gateway.GatewayV1().Gateways(meta.Namespace).Create(ctx, gateway, create)
		case "gateway.networking.k8s.io/v1 HTTPRoute":
			route := read[gatewayv1.HTTPRoute](text)
			route.Status.RouteStatus = accepted(route.Spec.ParentRefs)
			_, err = c.gateway.GatewayV1().HTTPRoutes(meta.Namespace).Create(ctx, route, create)
		case "gateway.networking.k8s.io/v1 GRPCRoute":
			route := read[gatewayv1.GRPCRoute](text)
			route.Status.RouteStatus = accepted(route.Spec.ParentRefs)
			_, err = c.gateway.GatewayV1().GRPCRoutes(meta.Namespace).Create(ctx, route, create)
		case "gateway.networking.k8s.io/v1 TLSRoute":
			route := read[gatewayv1.TLSRoute](text)
			route.Status.RouteStatus = accepted(route.Spec.ParentRefs)
			_, err = c.gateway.GatewayV1().TLSRoutes(meta.Namespace).Create(ctx, route, create)
		}
		must(err)
	}
	return c
}

func accepted(refs []gatewayv1.ParentReference) gatewayv1.RouteStatus {
	status := gatewayv1.RouteStatus{}
	for _, ref := range refs {
		status.Parents = append(status.Parents, gatewayv1.RouteParentStatus{
			ParentRef:      ref,
			ControllerName: "istio.io/gateway-controller",
			Conditions: []metav1.Condition{
				{Type: string(gatewayv1.RouteConditionAccepted), Status: metav1.ConditionTrue},
				{Type: string(gatewayv1.RouteConditionResolvedRefs), Status: metav1.ConditionTrue},
			},
		})
	}
	return status
}

func read[T any](text []byte) *T {
	object := new(T)
	must(json.Unmarshal(text, object))
	return object
}

func must(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
