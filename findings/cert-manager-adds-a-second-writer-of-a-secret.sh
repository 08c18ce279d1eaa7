#!/usr/bin/env bash
# Tools: cert-manager v1.21.2 (its gateway shim, over a fake clientset), Gateway API v1.6.0.
# Seen: the shim names the Certificate of a listener after its Secret, and looks for a Certificate of that name alone. It does not
# ask whether another Certificate writes the Secret already.
# Output: beside a Certificate `shop` for the Secret `shop-tls`, an annotated Gateway gets nothing where the Certificate is called
# `shop-tls` as well, and a second Certificate `shop-tls` where it is not.
# Matters: a Gateway that takes the place of an Istio Gateway keeps its Secret. An annotation with an issuer then makes two
# Certificates write one Secret in turn, with one issuance after the other.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > main.go <<'GO'
package main

import (
	"context"
	"encoding/json"
	"fmt"

	cmapi "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/fake"
	listers "github.com/cert-manager/cert-manager/pkg/client/listers/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/controller"
	shim "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim"
	"github.com/go-logr/logr"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

const gateway = `{"metadata":{"name":"public","namespace":"shop","annotations":{"cert-manager.io/cluster-issuer":"letsencrypt"}},
"spec":{"gatewayClassName":"istio","listeners":[{"name":"https","hostname":"shop.example.com","port":443,"protocol":"HTTPS",
"tls":{"mode":"Terminate","certificateRefs":[{"group":"","kind":"Secret","name":"shop-tls"}]}}]}}`

const certificate = `{"metadata":{"name":%q,"namespace":"shop"},"spec":{"secretName":"shop-tls","dnsNames":["shop.example.com"]}}`

func main() {
	for _, name := range []string{"shop-tls", "shop"} {
		existing := &cmapi.Certificate{}
		if err := json.Unmarshal([]byte(fmt.Sprintf(certificate, name)), existing); err != nil {
			panic(err)
		}
		owner := &gatewayv1.Gateway{}
		if err := json.Unmarshal([]byte(gateway), owner); err != nil {
			panic(err)
		}
		indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
		if err := indexer.Add(existing); err != nil {
			panic(err)
		}
		client := fake.NewSimpleClientset(existing)
		sync := shim.SyncFnFor(record.NewFakeRecorder(9), logr.Discard(), client, listers.NewCertificateLister(indexer),
			controller.IngressShimOptions{}, "finding")
		if err := sync(context.Background(), owner); err != nil {
			panic(err)
		}
		fmt.Printf("Certificate %s is there:", name)
		for _, action := range client.Actions() {
			if made, isCreate := action.(clienttesting.CreateAction); isCreate {
				second := made.GetObject().(*cmapi.Certificate)
				fmt.Printf(" %s %s for Secret %s", action.GetVerb(), second.Name, second.Spec.SecretName)
			}
		}
		fmt.Println()
	}
}
GO
printf 'module example.com/finding\n\ngo 1.26.0\n\nrequire github.com/cert-manager/cert-manager v1.21.2\n' > go.mod
go mod tidy 2> go.log || { cat go.log; exit 1; }
go run . | tee output
diff output - <<'EXPECTED'
Certificate shop-tls is there:
Certificate shop is there: create shop-tls for Secret shop-tls
EXPECTED
