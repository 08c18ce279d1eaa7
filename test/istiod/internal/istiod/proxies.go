package istiod

import (
	"fmt"
	"maps"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/api/label"
	clientnetworking "istio.io/client-go/pkg/apis/networking/v1"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/schema/gvk"
)

// completeProxy supplies the objects without which the proxy asked about would not exist.
func (c *cluster) completeProxy(p ProxyRequest) error {
	if p.Namespace == "" {
		return fmt.Errorf("no namespace")
	}
	switch {
	case p.Kind == sidecar:
		return nil
	case p.Kind == waypoint && p.Name != "":
		c.completeWaypoint(p)
		return nil
	case p.Kind == gateway && p.Gateway != "":
		_, err := c.gatewayService(p)
		return err
	case p.Kind == gateway && len(p.Labels) > 0:
		c.completeIngress(p)
		return nil
	default:
		return fmt.Errorf("want a sidecar, a waypoint with a name, or a gateway with a gateway or labels")
	}
}

// completeWaypoint adds the waypoint's Gateway when there is none, and captures its namespace when nothing in the
// manifests uses the waypoint: a waypoint that no Service uses has no routes.
func (c *cluster) completeWaypoint(p ProxyRequest) {
	if _, ok := find[*gatewayv1.Gateway](c, p.Namespace, p.Name); !ok {
		gw := &gatewayv1.Gateway{ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: p.Namespace}}
		gw.Spec.GatewayClassName = constants.WaypointGatewayClassName
		same := gatewayv1.NamespacesFromSame
		gw.Spec.Listeners = []gatewayv1.Listener{{
			Name: "mesh", Port: hbonePort, Protocol: "HBONE",
			AllowedRoutes: &gatewayv1.AllowedRoutes{Namespaces: &gatewayv1.RouteNamespaces{From: &same}},
		}}
		c.supply(gw, gvk.KubernetesGateway.Kubernetes())
	}
	for _, o := range c.objects {
		use, ok := o.GetLabels()[label.IoIstioUseWaypoint.Name]
		namespace := o.GetLabels()[label.IoIstioUseWaypointNamespace.Name]
		if namespace == "" {
			namespace = o.GetNamespace()
			if _, isNamespace := o.(*corev1.Namespace); isNamespace {
				namespace = o.GetName()
			}
		}
		if ok && use == p.Name && namespace == p.Namespace {
			return
		}
	}
	namespace := c.namespace(p.Namespace)
	if _, taken := namespace.Labels[label.IoIstioUseWaypoint.Name]; !taken {
		setLabel(namespace, label.IoIstioUseWaypoint.Name, p.Name)
		c.note(namespace, label.IoIstioUseWaypoint.Name+"="+p.Name)
	}
}

// gatewayService finds or makes the Service behind a Gateway API Gateway. istiod gives the Gateway's routes to whoever
// stands behind that Service.
func (c *cluster) gatewayService(p ProxyRequest) (*corev1.Service, error) {
	gw, ok := find[*gatewayv1.Gateway](c, p.Namespace, p.Gateway)
	if !ok {
		return nil, fmt.Errorf("no Gateway %s/%s", p.Namespace, p.Gateway)
	}
	info, ok := c.classInfo(gw)
	if !ok {
		return nil, fmt.Errorf("class %q is not istiod's", gw.Spec.GatewayClassName)
	}
	c.deploy(gw)
	name := deploymentName(gw, info)
	if address := manualAddress(gw); address != "" {
		name, _, _ = strings.Cut(address, ".")
	}
	if service, ok := find[*corev1.Service](c, p.Namespace, name); ok {
		return service, nil
	}
	service := gatewayService(gw, name, info)
	service.Spec.Selector = map[string]string{"app": name}
	c.supplyService(service)
	return service, nil
}

// manualAddress is the Service a Gateway names instead of being deployed.
func manualAddress(gw *gatewayv1.Gateway) string {
	for _, address := range gw.Spec.Addresses {
		if address.Type != nil && *address.Type == gatewayv1.HostnameAddressType {
			return address.Value
		}
	}
	return ""
}

// completeIngress adds the Service in front of an Istio ingress gateway: with the ports of every Istio Gateway that
// selects it, since istiod opens a port only if a Service maps it.
func (c *cluster) completeIngress(p ProxyRequest) {
	if len(c.servicesOf(p.Namespace, p.Labels)) > 0 {
		return
	}
	name := "istio-" + p.Labels["istio"]
	if p.Labels["istio"] == "" {
		name = "ingress-" + p.ID
	}
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: p.Namespace, Labels: maps.Clone(p.Labels)}}
	service.Spec.Type = corev1.ServiceTypeLoadBalancer
	service.Spec.Selector = maps.Clone(p.Labels)
	service.Spec.Ports = []corev1.ServicePort{servicePort("status-port", statusPort, "tcp")}
	seen := map[uint32]bool{}
	for _, gw := range all[*clientnetworking.Gateway](c) {
		if !labels.SelectorFromSet(gw.Spec.Selector).Matches(labels.Set(p.Labels)) {
			continue
		}
		for _, server := range gw.Spec.Servers {
			number := server.GetPort().GetNumber()
			if seen[number] {
				continue
			}
			seen[number] = true
			service.Spec.Ports = append(service.Spec.Ports, corev1.ServicePort{Name: fmt.Sprintf("port-%d", number), Port: int32(number)})
		}
	}
	c.supplyService(service)
}

// servicesOf are the Services that select such a Pod.
func (c *cluster) servicesOf(namespace string, podLabels map[string]string) []*corev1.Service {
	var found []*corev1.Service
	for _, service := range all[*corev1.Service](c) {
		selector := service.Spec.Selector
		if service.Namespace == namespace && len(selector) > 0 && labels.SelectorFromSet(selector).Matches(labels.Set(podLabels)) {
			found = append(found, service)
		}
	}
	return found
}
