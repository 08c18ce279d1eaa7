// Lets cert-manager's gateway shim look at each Gateway, as it is and as it would be with an annotation that names an issuer.
// Reads a JSON array of objects from stdin, and writes a JSON array of rows: the Certificates that the shim writes.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	cmapi "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	cmfake "github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/fake"
	cmlisters "github.com/cert-manager/cert-manager/pkg/client/listers/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/controller"
	shim "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim"
)

type row struct {
	Subject string `json:"subject"`
	Does    string `json:"does"`
}

func main() {
	var objects []json.RawMessage
	must(json.NewDecoder(os.Stdin).Decode(&objects))
	gateways, certificates := []*gatewayv1.Gateway{}, []*cmapi.Certificate{}
	rows := []row{}
	for _, text := range objects {
		var object metav1.PartialObjectMetadata
		must(json.Unmarshal(text, &object))
		switch object.APIVersion + " " + object.Kind {
		case "gateway.networking.k8s.io/v1 Gateway":
			gateways = append(gateways, defaulted(read[gatewayv1.Gateway](text)))
		case "networking.istio.io/v1 Gateway":
			name := "Gateway.networking.istio.io " + object.Namespace + "/" + object.Name
			rows = append(rows, row{name, "not looked at by the shim"})
		case "cert-manager.io/v1 Certificate":
			certificate := read[cmapi.Certificate](text)
			certificates = append(certificates, certificate)
			rows = append(rows, row{
				"Certificate " + certificate.Namespace + "/" + certificate.Name,
				"in the manifests, for " + strings.Join(certificate.Spec.DNSNames, ", "),
			})
		}
	}
	for _, gateway := range gateways {
		name := "Gateway " + gateway.Namespace + "/" + gateway.Name
		annotated := gateway.DeepCopy()
		metav1.SetMetaDataAnnotation(&annotated.ObjectMeta, cmapi.IngressClusterIssuerNameAnnotationKey, "letsencrypt")
		rows = append(rows,
			row{name, synced(gateway, certificates)},
			row{name + " with a cluster-issuer annotation", synced(annotated, certificates)},
			row{name + " with that annotation, without the Certificates of the manifests", synced(annotated, nil)},
		)
	}
	must(json.NewEncoder(os.Stdout).Encode(rows))
}

// synced is what the shim writes for a Gateway, beside the Certificates that there are.
func synced(gateway *gatewayv1.Gateway, certificates []*cmapi.Certificate) string {
	client := cmfake.NewSimpleClientset()
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, certificate := range certificates {
		must(client.Tracker().Add(certificate))
		must(indexer.Add(certificate))
	}
	events := record.NewFakeRecorder(100)
	sync := shim.SyncFnFor(
		events, logr.Discard(), client, cmlisters.NewCertificateLister(indexer), controller.IngressShimOptions{}, "cert-manager",
	)
	must(sync(context.Background(), gateway))
	said := []string{}
	for _, action := range client.Actions() {
		write, isWrite := action.(clienttesting.CreateAction)
		if !isWrite {
			continue
		}
		certificate := write.GetObject().(*cmapi.Certificate)
		said = append(said, fmt.Sprintf(
			"%s Certificate %s/%s for %s", action.GetVerb(), certificate.Namespace, certificate.Name, strings.Join(certificate.Spec.DNSNames, ", "),
		))
	}
	close(events.Events)
	for event := range events.Events {
		if strings.HasPrefix(event, "Warning") {
			said = append(said, event)
		}
	}
	if len(said) == 0 {
		return "nothing written"
	}
	return strings.Join(said, "; ")
}

// defaulted is a Gateway as the API server stores it: the shim counts on the defaults of the CRD.
func defaulted(gateway *gatewayv1.Gateway) *gatewayv1.Gateway {
	for _, listener := range gateway.Spec.Listeners {
		if listener.TLS == nil {
			continue
		}
		if listener.TLS.Mode == nil {
			mode := gatewayv1.TLSModeTerminate
			listener.TLS.Mode = &mode
		}
		for index := range listener.TLS.CertificateRefs {
			ref := &listener.TLS.CertificateRefs[index]
			if ref.Group == nil {
				group := gatewayv1.Group("")
				ref.Group = &group
			}
			if ref.Kind == nil {
				kind := gatewayv1.Kind("Secret")
				ref.Kind = &kind
			}
		}
	}
	return gateway
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
