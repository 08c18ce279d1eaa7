// Lets the Istio reconciler of Argo Rollouts write weights and hashes for each Rollout, against a fake dynamic client that
// holds the objects. Reads a JSON array of objects from stdin, and writes a JSON array of rows.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/sirupsen/logrus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	dynamicfake "k8s.io/client-go/dynamic/fake"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/istio"
	istioutil "github.com/argoproj/argo-rollouts/utils/istio"
	"github.com/argoproj/argo-rollouts/utils/record"
)

type row struct {
	Subject string `json:"subject"`
	Does    string `json:"does"`
}

func main() {
	logrus.SetOutput(io.Discard)
	var objects []unstructured.Unstructured
	must(json.NewDecoder(os.Stdin).Decode(&objects))
	resources := map[string]schema.GroupVersionResource{
		"VirtualService":  istioutil.GetIstioVirtualServiceGVR(),
		"DestinationRule": istioutil.GetIstioDestinationRuleGVR(),
	}
	held := []runtime.Object{}
	rollouts := []*v1alpha1.Rollout{}
	for _, object := range objects {
		switch group := object.GroupVersionKind().Group; group + " " + object.GetKind() {
		case "networking.istio.io VirtualService", "networking.istio.io DestinationRule":
			// The API server gives each version that is asked for.
			version := resources[object.GetKind()].Version
			object.SetAPIVersion(group + "/" + version)
			held = append(held, object.DeepCopy())
		case "argoproj.io Rollout":
			rollout := &v1alpha1.Rollout{}
			must(runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, rollout))
			rollouts = append(rollouts, rollout)
		}
	}
	lists := map[schema.GroupVersionResource]string{}
	for kind, resource := range resources {
		lists[resource] = kind + "List"
	}
	client := dynamicfake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), lists, held...)

	rows := []row{}
	for _, rollout := range rollouts {
		routing := rollout.Spec.Strategy.Canary.TrafficRouting
		if routing == nil || routing.Istio == nil {
			continue
		}
		before := all(client, resources)
		reconciler := istio.NewReconciler(rollout, client, record.NewFakeEventRecorder(), nil, nil, nil)
		name := rollout.Namespace + "/" + rollout.Name
		rows = append(rows,
			row{"Rollout " + name + ", hashes", outcome(reconciler.UpdateHash("next", "stable"))},
			row{"Rollout " + name + ", a fifth to the canary", outcome(reconciler.SetWeight(20))},
		)
		for key, object := range all(client, resources) {
			if !reflect.DeepEqual(before[key], object) {
				rows = append(rows, row{key, fmt.Sprintf("written for Rollout %s: weights %v, subsets %v", name, weights(object), subsets(object))})
			}
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(rows))
}

func outcome(err error) string {
	if err != nil {
		return "error: " + err.Error()
	}
	return "no error"
}

func all(client dynamic.Interface, resources map[string]schema.GroupVersionResource) map[string]map[string]any {
	found := map[string]map[string]any{}
	for kind, resource := range resources {
		list, err := client.Resource(resource).List(context.Background(), metav1.ListOptions{})
		must(err)
		for _, item := range list.Items {
			found[kind+" "+item.GetNamespace()+"/"+item.GetName()] = item.Object
		}
	}
	return found
}

// weights are those of the destinations, entry by entry.
func weights(object map[string]any) []any {
	entries, _, _ := unstructured.NestedSlice(object, "spec", "http")
	found := []any{}
	for _, entry := range entries {
		routes, _, _ := unstructured.NestedSlice(entry.(map[string]any), "route")
		for _, route := range routes {
			found = append(found, route.(map[string]any)["weight"])
		}
	}
	return found
}

func subsets(object map[string]any) []any {
	items, _, _ := unstructured.NestedSlice(object, "spec", "subsets")
	found := []any{}
	for _, item := range items {
		found = append(found, item.(map[string]any)["labels"])
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
