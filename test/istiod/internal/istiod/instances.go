package istiod

import (
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// supplyInstances puts a Pod behind the Service of every Gateway and of every ingress gateway asked about. istiod
// finds what a gateway or waypoint serves by the Services its Pod stands behind, and calls a Gateway without one
// not programmed.
func (c *cluster) supplyInstances(proxies []ProxyRequest, ips *addresses) error {
	for _, p := range proxies {
		if p.Kind == gateway && p.Gateway == "" {
			c.pods[p.ID] = c.supplyPod(p.Namespace, "ingress-"+p.ID, p.Labels, ips)
		}
	}
	deployed := map[string]*corev1.Pod{}
	for _, gw := range all[*gatewayv1.Gateway](c) {
		info, ok := c.classInfo(gw)
		if !ok {
			continue
		}
		request := ProxyRequest{Namespace: gw.Namespace, Gateway: gw.Name}
		service, err := c.gatewayService(request)
		if err != nil {
			return err
		}
		// A Gateway that names the Service of running Pods has these, and none of its own.
		if running := c.askedBehind(service, proxies); manualAddress(gw) != "" && running != nil {
			deployed[gw.Namespace+"/"+gw.Name] = running
			continue
		}
		podLabels := gatewayLabels(gw, info)
		maps.Copy(podLabels, service.Spec.Selector)
		deployed[gw.Namespace+"/"+gw.Name] = c.supplyPod(gw.Namespace, service.Name+"-0", podLabels, ips)
	}
	for _, p := range proxies {
		switch {
		case p.Kind == waypoint:
			c.pods[p.ID] = deployed[p.Namespace+"/"+p.Name]
		case p.Kind == gateway && p.Gateway != "":
			c.pods[p.ID] = deployed[p.Namespace+"/"+p.Gateway]
		}
	}
	return nil
}

// askedBehind is the Pod of an ingress gateway asked about that stands behind a Service; nil where there is none.
func (c *cluster) askedBehind(service *corev1.Service, proxies []ProxyRequest) *corev1.Pod {
	for _, p := range proxies {
		if p.Kind != gateway || p.Gateway != "" || p.Namespace != service.Namespace {
			continue
		}
		selector := labels.SelectorFromSet(service.Spec.Selector)
		if len(service.Spec.Selector) > 0 && selector.Matches(labels.Set(p.Labels)) {
			return c.pods[p.ID]
		}
	}
	return nil
}

// supplyPod makes a ready Pod and lists it in an EndpointSlice of each Service that selects it.
func (c *cluster) supplyPod(namespace, name string, podLabels map[string]string, ips *addresses) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, Labels: podLabels}}
	// Not of the name: a proxy that is asked about twice is the same Pod.
	pod.Status = ready(ips.pod(fmt.Sprint(namespace, podLabels)))
	container := corev1.Container{Name: "istio-proxy"}
	for _, service := range c.servicesOf(namespace, podLabels) {
		for _, port := range service.Spec.Ports {
			if port.TargetPort.Type == intstr.String {
				container.Ports = append(container.Ports,
					corev1.ContainerPort{Name: port.TargetPort.StrVal, ContainerPort: port.Port, Protocol: port.Protocol})
			}
		}
		slice := endpointSlice(service, pod)
		slice.SetGroupVersionKind(discoveryv1.SchemeGroupVersion.WithKind("EndpointSlice"))
		c.add(slice)
	}
	pod.Spec.Containers = []corev1.Container{container}
	pod.SetGroupVersionKind(builtin("Pod"))
	c.add(pod)
	return pod
}

// supplyEndpoints does what the kubelet and the endpoint slice controller do for the manifests' Pods.
func (c *cluster) supplyEndpoints(ips *addresses) {
	for _, pod := range all[*corev1.Pod](c) {
		if pod.Status.PodIP == "" {
			pod.Status = ready(ips.pod(pod.Namespace + "/" + pod.Name))
		}
		for _, service := range c.servicesOf(pod.Namespace, pod.Labels) {
			slice := endpointSlice(service, pod)
			slice.SetGroupVersionKind(discoveryv1.SchemeGroupVersion.WithKind("EndpointSlice"))
			c.add(slice)
		}
	}
}

// ready is what the kubelet writes of a Pod that runs.
func ready(ip string) corev1.PodStatus {
	return corev1.PodStatus{
		Phase:      corev1.PodRunning,
		PodIP:      ip,
		PodIPs:     []corev1.PodIP{{IP: ip}},
		Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
	}
}

func endpointSlice(service *corev1.Service, pod *corev1.Pod) *discoveryv1.EndpointSlice {
	ready := true
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name: service.Name + "-" + pod.Name, Namespace: service.Namespace,
			Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints: []discoveryv1.Endpoint{{
			Addresses:  []string{pod.Status.PodIP},
			Conditions: discoveryv1.EndpointConditions{Ready: &ready},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
		}},
	}
	for _, port := range service.Spec.Ports {
		number := port.TargetPort.IntVal
		if port.TargetPort.Type == intstr.String {
			number = port.Port
		}
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &port.Name, Port: &number, Protocol: &port.Protocol})
	}
	return slice
}
