// Lets Flagger's routers reconcile each Canary against fake clientsets that hold the objects, then move half of the requests.
// Reads a JSON array of objects from stdin, and writes a JSON array of rows: what was written, and by which steps.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.uber.org/zap"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubefake "k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"

	flaggerv1 "github.com/fluxcd/flagger/pkg/apis/flagger/v1beta1"
	gatewayv1 "github.com/fluxcd/flagger/pkg/apis/gatewayapi/v1"
	istiov1beta1 "github.com/fluxcd/flagger/pkg/apis/istio/v1beta1"
	flaggerfake "github.com/fluxcd/flagger/pkg/client/clientset/versioned/fake"
	"github.com/fluxcd/flagger/pkg/router"
)

type row struct {
	Subject string `json:"subject"`
	Does    string `json:"does"`
}

func main() {
	var objects []json.RawMessage
	must(json.NewDecoder(os.Stdin).Decode(&objects))
	ctx := context.Background()
	kube, flagger := kubefake.NewClientset(), flaggerfake.NewSimpleClientset()
	canaries := fill(ctx, kube, flagger, objects)
	kube.ClearActions()
	flagger.ClearActions()

	factory := router.NewFactory(nil, kube, flagger, nil, "nginx.ingress.kubernetes.io", "", zap.NewNop().Sugar(), flagger, true)
	rows := []row{}
	for _, canary := range canaries {
		name := canary.Namespace + "/" + canary.Name
		services := factory.KubernetesRouter(canary.Spec.TargetRef.Kind, "app", canary.Spec.TargetRef.Name, nil)
		mesh := factory.MeshRouter(flaggerv1.IstioProvider, "app")
		must(services.Initialize(canary))
		must(mesh.Reconcile(canary))
		must(services.Reconcile(canary))
		must(mesh.SetRoutes(canary, 50, 50, false))
		primary, next, _, err := mesh.GetRoutes(canary)
		must(err)
		rows = append(rows, row{"Canary " + name + " at half", fmt.Sprintf("weights %d and %d in VirtualService %s", primary, next, name)})
	}
	rows = append(rows, written(kube.Actions())...)
	rows = append(rows, written(flagger.Actions())...)
	flagger.ClearActions()
	// A team that moves to routes names another provider. A name without a version is none of the Gateway API's.
	for _, provider := range []string{flaggerv1.GatewayAPIProvider + ":v1", flaggerv1.GatewayAPIProvider} {
		for _, canary := range canaries {
			name := fmt.Sprintf("Canary %s/%s with provider %s", canary.Namespace, canary.Name, provider)
			err := factory.MeshRouter(provider, "app").Reconcile(canary)
			said := []string{}
			if err != nil {
				said = append(said, strings.TrimSuffix(err.Error(), "."))
			}
			for _, action := range flagger.Actions() {
				if resource := "works on " + action.GetResource().Resource; !slices.Contains(said, resource) {
					said = append(said, resource)
				}
			}
			flagger.ClearActions()
			rows = append(rows, row{name, strings.Join(said, ", ")})
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(rows))
}

// written are the objects of the actions that write, with the verbs in their order.
func written(actions []clienttesting.Action) []row {
	rows := []row{}
	at := map[string]int{}
	for _, action := range actions {
		create, isWrite := action.(clienttesting.CreateAction)
		if !isWrite {
			continue
		}
		object, err := meta.Accessor(create.GetObject())
		must(err)
		subject := fmt.Sprintf("%s %s/%s", action.GetResource().Resource, action.GetNamespace(), object.GetName())
		does := action.GetVerb() + " by Flagger"
		if index, seen := at[subject]; seen {
			if !strings.Contains(rows[index].Does, action.GetVerb()) {
				rows[index].Does = action.GetVerb() + " and " + rows[index].Does
			}
			continue
		}
		at[subject] = len(rows)
		rows = append(rows, row{subject, does})
	}
	return rows
}

// fill puts the objects into the clientsets, in the versions that Flagger asks for, and picks the Canaries out.
func fill(ctx context.Context, kube *kubefake.Clientset, flagger *flaggerfake.Clientset, objects []json.RawMessage) []*flaggerv1.Canary {
	canaries := []*flaggerv1.Canary{}
	create := metav1.CreateOptions{}
	for _, text := range objects {
		var object metav1.PartialObjectMetadata
		must(json.Unmarshal(text, &object))
		namespace := object.Namespace
		var err error
		switch object.APIVersion + " " + object.Kind {
		case "v1 Service":
			_, err = kube.CoreV1().Services(namespace).Create(ctx, read[corev1.Service](text), create)
		case "apps/v1 Deployment":
			_, err = kube.AppsV1().Deployments(namespace).Create(ctx, read[appsv1.Deployment](text), create)
		case "networking.istio.io/v1 VirtualService":
			_, err = flagger.NetworkingV1beta1().VirtualServices(namespace).Create(ctx, read[istiov1beta1.VirtualService](text), create)
		case "networking.istio.io/v1 DestinationRule":
			_, err = flagger.NetworkingV1beta1().DestinationRules(namespace).Create(ctx, read[istiov1beta1.DestinationRule](text), create)
		case "gateway.networking.k8s.io/v1 HTTPRoute":
			_, err = flagger.GatewayapiV1().HTTPRoutes(namespace).Create(ctx, read[gatewayv1.HTTPRoute](text), create)
		case "flagger.app/v1beta1 Canary":
			canary := read[flaggerv1.Canary](text)
			canaries = append(canaries, canary)
			_, err = flagger.FlaggerV1beta1().Canaries(namespace).Create(ctx, canary, create)
		}
		must(err)
	}
	return canaries
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
