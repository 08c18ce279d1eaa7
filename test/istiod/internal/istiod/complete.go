package istiod

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/sets"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/schema/gvk"
)

// complete supplies what a running cluster has and manifests lack. The order matters: each step may name namespaces
// and Services that the steps after it complete.
func (c *cluster) complete(request Request) error {
	proxies := request.Proxies
	c.supplyGatewayClasses()
	seen := sets.New[string]()
	for _, p := range proxies {
		if seen.Has(p.ID) {
			return fmt.Errorf("proxy %q: two of this id", p.ID)
		}
		seen.Insert(p.ID)
		if err := c.completeProxy(p); err != nil {
			return fmt.Errorf("proxy %q: %w", p.ID, err)
		}
	}
	for _, gw := range all[*gatewayv1.Gateway](c) {
		c.deploy(gw)
		c.supplyCertificates(gw)
	}
	c.supplyNamespaces(proxies)
	ips := newAddresses(c)
	for _, service := range all[*corev1.Service](c) {
		ips.completeService(service)
	}
	ips.completeServiceEntries(c)
	if request.Endpoints {
		c.supplyEndpoints(ips)
	}
	return c.supplyInstances(proxies, ips)
}

// supplyGatewayClasses does what istiod's class controller does, before istiod starts rather than after.
func (c *cluster) supplyGatewayClasses() {
	for name, controller := range sorted(gatewaycommon.BuiltinGatewayClasses) {
		if _, ok := find[*gatewayv1.GatewayClass](c, "", string(name)); ok {
			continue
		}
		class := &gatewayv1.GatewayClass{ObjectMeta: metav1.ObjectMeta{Name: string(name)}}
		class.Spec.ControllerName = controller
		class.SetGroupVersionKind(gvk.GatewayClass.Kubernetes())
		c.add(class) // every cluster with istiod has them: not worth a note
	}
}

// supplyNamespaces adds every namespace that is spoken of, and the label an API server puts on each.
func (c *cluster) supplyNamespaces(proxies []ProxyRequest) {
	names := []string{constants.IstioSystemNamespace}
	for _, o := range c.objects {
		names = append(names, o.GetNamespace())
	}
	for _, p := range proxies {
		names = append(names, p.Namespace)
	}
	for _, name := range names {
		if name != "" {
			c.namespace(name)
		}
	}
	for _, namespace := range all[*corev1.Namespace](c) {
		setLabel(namespace, corev1.LabelMetadataName, namespace.Name)
	}
}

// namespace gives a namespace, which it adds when the manifests do not have it.
func (c *cluster) namespace(name string) *corev1.Namespace {
	if namespace, ok := find[*corev1.Namespace](c, "", name); ok {
		return namespace
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	namespace.SetGroupVersionKind(builtin("Namespace"))
	c.add(namespace) // manifests seldom hold their namespaces: not worth a note
	return namespace
}

func builtin(kind string) schema.GroupVersionKind { return corev1.SchemeGroupVersion.WithKind(kind) }

func setLabel(o metav1.Object, key, value string) {
	labels := o.GetLabels()
	if labels == nil {
		labels = map[string]string{}
	}
	labels[key] = value
	o.SetLabels(labels)
}

// sorted walks a map in the order of its keys.
func sorted[K ~string, V any](m map[K]V) func(yield func(K, V) bool) {
	return func(yield func(K, V) bool) {
		keys := make([]K, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
