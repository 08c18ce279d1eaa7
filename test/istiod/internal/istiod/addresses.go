package istiod

import (
	"fmt"
	"hash/fnv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/sets"

	networking "istio.io/api/networking/v1alpha3"
	clientnetworking "istio.io/client-go/pkg/apis/networking/v1"
	"istio.io/istio/pilot/pkg/networking/serviceentry"
	"istio.io/istio/pkg/config/host"
)

// addresses hands out addresses in the order it is asked, so that the same manifests always get the same ones.
type addresses struct {
	used                       sets.Set[string]
	services, balancers, hosts int
}

func newAddresses(c *cluster) *addresses {
	used := sets.New[string]()
	for _, service := range all[*corev1.Service](c) {
		used.Insert(service.Spec.ClusterIP)
	}
	return &addresses{used: used}
}

// next counts through a /16 and leaves out what the manifests use themselves.
func (a *addresses) next(prefix string, counter *int) string {
	for {
		*counter++
		ip := fmt.Sprintf("%s.%d.%d", prefix, *counter/250, *counter%250+1)
		if !a.used.Has(ip) {
			a.used.Insert(ip)
			return ip
		}
	}
}

// pod gives an address that follows from a name, so that a Pod keeps it when others come and go.
func (a *addresses) pod(name string) string {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	counter := int(hash.Sum32() % (250 * 250))
	return a.next("10.244", &counter)
}

// completeService fills in what an API server defaults or allocates. A waypoint and a sidecar tell Services apart by
// their cluster IPs.
func (a *addresses) completeService(service *corev1.Service) {
	spec := &service.Spec
	if spec.Type == "" {
		spec.Type = corev1.ServiceTypeClusterIP
	}
	if spec.Type == corev1.ServiceTypeExternalName {
		return
	}
	if spec.ClusterIP == "" {
		spec.ClusterIP = a.next("10.96", &a.services)
	}
	if len(spec.ClusterIPs) == 0 {
		spec.ClusterIPs = []string{spec.ClusterIP}
	}
	for i := range spec.Ports {
		port := &spec.Ports[i]
		if port.Protocol == "" {
			port.Protocol = corev1.ProtocolTCP
		}
		if port.TargetPort == (intstr.IntOrString{}) {
			port.TargetPort = intstr.FromInt32(port.Port)
		}
	}
	if spec.Type == corev1.ServiceTypeLoadBalancer && len(service.Status.LoadBalancer.Ingress) == 0 {
		ip := a.next("198.18", &a.balancers)
		service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: ip}}
	}
}

// completeServiceEntries does the work of istiod's IP allocation controller, which the test server does not run:
// each host that may have an address gets one.
func (a *addresses) completeServiceEntries(c *cluster) {
	for _, entry := range all[*clientnetworking.ServiceEntry](c) {
		if !serviceentry.ShouldV2AutoAllocateIP(entry) || len(entry.Status.Addresses) > 0 {
			continue
		}
		for _, name := range entry.Spec.Hosts {
			if host.Name(name).IsWildCarded() {
				continue
			}
			entry.Status.Addresses = append(entry.Status.Addresses,
				&networking.ServiceEntryAddress{Value: a.next("240.240", &a.hosts), Host: name})
		}
	}
}
