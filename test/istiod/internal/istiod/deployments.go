package istiod

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/api/annotation"
	"istio.io/api/label"
	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pkg/config/constants"
)

const (
	statusPort = 15021
	hbonePort  = 15008
)

// deploy does what istiod's deployment controller does for a Gateway: it makes the Service, and for a waypoint the
// status address by which Services find it. The Pods follow in supplyInstances.
func (c *cluster) deploy(gw *gatewayv1.Gateway) {
	info, ok := c.classInfo(gw)
	if !ok || !gatewaycommon.IsManaged(&gw.Spec) {
		return
	}
	name := deploymentName(gw, info)
	if _, ok := find[*corev1.Service](c, gw.Namespace, name); !ok {
		c.supplyService(gatewayService(gw, name, info))
	}
	if info.Controller == constants.ManagedGatewayMeshController && len(gw.Status.Addresses) == 0 {
		kind := gatewayv1.HostnameAddressType
		gw.Status.Addresses = []gatewayv1.GatewayStatusAddress{{Type: &kind, Value: hostname(name, gw.Namespace)}}
		c.note(gw, "status.addresses")
	}
}

// classInfo tells what istiod knows of a Gateway's class; false for another controller's.
func (c *cluster) classInfo(gw *gatewayv1.Gateway) (gatewaycommon.ClassInfo, bool) {
	class, ok := find[*gatewayv1.GatewayClass](c, "", string(gw.Spec.GatewayClassName))
	if !ok {
		return gatewaycommon.ClassInfo{}, false
	}
	info, ok := gatewaycommon.ClassInfos[class.Spec.ControllerName]
	return info, ok
}

func deploymentName(gw *gatewayv1.Gateway, info gatewaycommon.ClassInfo) string {
	if name := gw.Annotations[annotation.GatewayNameOverride.Name]; name != "" {
		return name
	}
	return gatewaycommon.GetDefaultName(gw.Name, &gw.Spec, info.DisableNameSuffix)
}

func hostname(service, namespace string) string {
	return fmt.Sprintf("%s.%s.svc.%s", service, namespace, domain)
}

// gatewayLabels are on a Gateway's Service and Pods.
func gatewayLabels(gw *gatewayv1.Gateway, info gatewaycommon.ClassInfo) map[string]string {
	return map[string]string{
		label.IoK8sNetworkingGatewayGatewayName.Name:   gw.Name,
		"gateway.networking.k8s.io/gateway-class-name": string(gw.Spec.GatewayClassName),
		label.GatewayManaged.Name:                      info.ControllerLabel,
	}
}

// gatewayService is the Service of istiod's templates kube-gateway and waypoint.
func gatewayService(gw *gatewayv1.Gateway, name string, info gatewaycommon.ClassInfo) *corev1.Service {
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: gw.Namespace, Labels: gatewayLabels(gw, info)}}
	service.Spec.Type = info.DefaultServiceType
	service.Spec.Selector = map[string]string{label.IoK8sNetworkingGatewayGatewayName.Name: gw.Name}
	service.Spec.Ports = []corev1.ServicePort{servicePort("status-port", statusPort, "tcp")}
	names, numbers := sets.New("status-port"), sets.New[int32]()
	for _, listener := range gw.Spec.Listeners {
		if numbers.Has(int32(listener.Port)) {
			continue
		}
		numbers.Insert(int32(listener.Port))
		portName := strings.ReplaceAll(string(listener.Name), ".", "-")
		if names.Has(portName) || len(portName) > 63 {
			portName = fmt.Sprintf("listener-%d", listener.Port)
		}
		names.Insert(portName)
		service.Spec.Ports = append(service.Spec.Ports, servicePort(portName, int32(listener.Port), strings.ToLower(string(listener.Protocol))))
	}
	return service
}

func servicePort(name string, number int32, appProtocol string) corev1.ServicePort {
	return corev1.ServicePort{Name: name, Port: number, AppProtocol: &appProtocol}
}
