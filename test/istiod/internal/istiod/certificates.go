package istiod

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// supplyCertificates adds the Secrets and ConfigMaps that a Gateway's listeners name and the manifests do not hold:
// nobody keeps those in a repository, and istiod drops a listener whose certificate it cannot read.
func (c *cluster) supplyCertificates(gw *gatewayv1.Gateway) {
	for _, listener := range gw.Spec.Listeners {
		if listener.TLS == nil {
			continue
		}
		for _, ref := range listener.TLS.CertificateRefs {
			if (ref.Group == nil || *ref.Group == "") && (ref.Kind == nil || *ref.Kind == "Secret") {
				c.supplySecret(namespaceOf(ref.Namespace, gw), string(ref.Name))
			}
		}
	}
	if gw.Spec.TLS == nil || gw.Spec.TLS.Frontend == nil {
		return
	}
	frontends := []gatewayv1.TLSConfig{gw.Spec.TLS.Frontend.Default}
	for _, port := range gw.Spec.TLS.Frontend.PerPort {
		frontends = append(frontends, port.TLS)
	}
	for _, frontend := range frontends {
		if frontend.Validation == nil {
			continue
		}
		for _, ref := range frontend.Validation.CACertificateRefs {
			namespace := namespaceOf(ref.Namespace, gw)
			switch {
			case ref.Group == "" && ref.Kind == "Secret":
				c.supplySecret(namespace, string(ref.Name))
			case ref.Group == "" && ref.Kind == "ConfigMap":
				c.supplyConfigMap(namespace, string(ref.Name))
			}
		}
	}
}

func namespaceOf(given *gatewayv1.Namespace, gw *gatewayv1.Gateway) string {
	if given != nil {
		return string(*given)
	}
	return gw.Namespace
}

func (c *cluster) supplySecret(namespace, name string) {
	if _, ok := find[*corev1.Secret](c, namespace, name); ok {
		return
	}
	pair := certificate()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}, Type: corev1.SecretTypeTLS}
	secret.Data = map[string][]byte{"tls.crt": pair.certificate, "tls.key": pair.key, "ca.crt": pair.certificate}
	c.supply(secret, builtin("Secret"))
}

func (c *cluster) supplyConfigMap(namespace, name string) {
	if _, ok := find[*corev1.ConfigMap](c, namespace, name); ok {
		return
	}
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}}
	configMap.Data = map[string]string{"ca.crt": string(certificate().certificate)}
	c.supply(configMap, builtin("ConfigMap"))
}

type keyPair struct{ certificate, key []byte }

// certificate is self-signed and made once: no answer holds its contents, only the name of its Secret.
var certificate = sync.OnceValue(func() keyPair {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "supplied"},
		NotAfter:              time.Now().AddDate(1, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return keyPair{
		certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))}),
	}
})

// must is for what cannot fail short of a broken machine.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
