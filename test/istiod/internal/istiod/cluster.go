package istiod

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/sets"

	"istio.io/api/annotation"
	"istio.io/api/label"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	"istio.io/istio/pkg/kube"
)

// domain is the cluster's DNS domain. Without it on each config, a short host such as "reviews" does not resolve.
const domain = "cluster.local"

// longAgo is when objects came to be whose manifests do not say. istiod's test server would take them in as created one
// after the other.
var longAgo = metav1.Unix(0, 0)

// An object is a typed Kubernetes object.
type object interface {
	runtime.Object
	metav1.Object
}

// A cluster is what istiod finds in the API server.
type cluster struct {
	objects []object
	// places are the objects' indexes.
	places map[Identity]int
	// pods are the gateways and waypoints asked about, by proxy.
	pods map[string]*corev1.Pod
	// added says in words what the manifests lacked.
	added []string
}

// builtinKinds are the built-in kinds istiod reads.
var builtinKinds = sets.New(
	corev1.SchemeGroupVersion.WithKind("Namespace"),
	corev1.SchemeGroupVersion.WithKind("Service"),
	corev1.SchemeGroupVersion.WithKind("Secret"),
	corev1.SchemeGroupVersion.WithKind("ConfigMap"),
	corev1.SchemeGroupVersion.WithKind("Pod"),
	corev1.SchemeGroupVersion.WithKind("Node"),
	discoveryv1.SchemeGroupVersion.WithKind("EndpointSlice"),
	networkingv1.SchemeGroupVersion.WithKind("Ingress"),
	networkingv1.SchemeGroupVersion.WithKind("IngressClass"),
)

// watched gives the version of a kind that istiod watches: v1 of a v1beta1 VirtualService.
func watched(gvk schema.GroupVersionKind) (schema.GroupVersionKind, bool) {
	if builtinKinds.Has(gvk) {
		return gvk, true
	}
	if s, ok := istioSchema(gvk); ok {
		return s.GroupVersionKind().Kubernetes(), true
	}
	return gvk, false
}

func istioSchema(gvk schema.GroupVersionKind) (resource.Schema, bool) {
	return collections.PilotGatewayAPI().FindByGroupKind(config.FromKubernetesGVK(gvk))
}

func newCluster() *cluster {
	return &cluster{places: map[Identity]int{}, pods: map[string]*corev1.Pod{}}
}

// add puts an object in; a later one of the same name replaces an earlier one, as when manifests are applied in turn.
func (c *cluster) add(o object) {
	if o.GetGeneration() == 0 {
		o.SetGeneration(1) // what an API server gives a new object
	}
	if created := o.GetCreationTimestamp(); created.IsZero() {
		o.SetCreationTimestamp(longAgo)
	}
	id := identify(o)
	if i, ok := c.places[id]; ok {
		c.objects[i] = o
		return
	}
	c.places[id] = len(c.objects)
	c.objects = append(c.objects, o)
}

// supply adds an object the manifests lack and notes it.
func (c *cluster) supply(o object, kind schema.GroupVersionKind) {
	o.GetObjectKind().SetGroupVersionKind(kind)
	c.add(o)
	c.note(o, "")
}

// nowhere is a namespace without proxies. A Service exported to none at all ("~") would have no endpoints either.
const nowhere = "nowhere"

// supplyService adds a gateway's or waypoint's Service. It is hidden from sidecars and from the namespace's waypoint, so
// that what they are sent does not depend on which other proxies are asked about.
func (c *cluster) supplyService(service *corev1.Service) {
	service.Annotations = map[string]string{annotation.NetworkingExportTo.Name: nowhere}
	setLabel(service, label.IoIstioUseWaypoint.Name, "none")
	c.supply(service, builtin("Service"))
}

// note tells that an object was supplied, or what was supplied in it.
func (c *cluster) note(o object, what string) {
	id := identify(o)
	name := id.Name
	if id.Namespace != "" {
		name = id.Namespace + "/" + name
	}
	if what != "" {
		what = ": " + what
	}
	c.added = append(c.added, o.GetObjectKind().GroupVersionKind().Kind+" "+name+what)
}

func identify(o object) Identity {
	return Identity{Kind: o.GetObjectKind().GroupVersionKind().GroupKind().String(), Namespace: o.GetNamespace(), Name: o.GetName()}
}

// all lists the objects of one type.
func all[T object](c *cluster) []T {
	var found []T
	for _, o := range c.objects {
		if typed, ok := o.(T); ok {
			found = append(found, typed)
		}
	}
	return found
}

// find gives the object of that type and name.
func find[T object](c *cluster, namespace, name string) (T, bool) {
	for _, typed := range all[T](c) {
		if typed.GetNamespace() == namespace && typed.GetName() == name {
			return typed, true
		}
	}
	var none T
	return none, false
}

// decode makes a typed object.
func decode(from *unstructured.Unstructured) (object, error) {
	text, err := json.Marshal(from.Object)
	if err != nil {
		return nil, err
	}
	decoded, _, err := kube.IstioCodec.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	typed, ok := decoded.(object)
	if !ok {
		return nil, fmt.Errorf("%T has no metadata", decoded)
	}
	return typed, nil
}

// istioConfig gives an Istio object in the form istiod's own configuration store holds, and false for other groups:
// istiod reads those through its Kubernetes client.
func istioConfig(o runtime.Object) (config.Config, bool, error) {
	gvk := o.GetObjectKind().GroupVersionKind()
	s, ok := istioSchema(gvk)
	if !ok || !isIstio(gvk.Group) {
		return config.Config{}, false, nil
	}
	text, err := json.Marshal(o)
	if err != nil {
		return config.Config{}, false, err
	}
	raw := &crd.IstioKind{}
	if err := json.Unmarshal(text, raw); err != nil {
		return config.Config{}, false, err
	}
	converted, err := crd.ConvertObject(s, raw, domain)
	if err != nil {
		return config.Config{}, false, err
	}
	return *converted, true, nil
}
