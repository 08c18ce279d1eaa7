#!/usr/bin/env bash
# Tools: Argo Rollouts v1.10.1 (its Istio reconciler, over a fake dynamic client).
# Seen: when the reconciler writes the hashes of pods into the canary and the stable subset, it writes the list of subsets anew, and
# leaves out every subset that the Rollout does not name. It raises no error and no event about them.
# Output: a DestinationRule with the subsets stable, canary and legacy has stable and canary afterwards.
# Matters: a VirtualService that sends requests to the third subset gets 503 for them from the first reconciliation on. The manifest
# in git still has the subset, so that GitOps tools put it back and Argo Rollouts removes it again.
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
	"io"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/istio"
	istioutil "github.com/argoproj/argo-rollouts/utils/istio"
	"github.com/argoproj/argo-rollouts/utils/record"
	"github.com/sirupsen/logrus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
)

const rule = `{"kind":"DestinationRule","metadata":{"name":"shop","namespace":"shop"},"spec":{"host":"shop","subsets":[
{"name":"stable","labels":{"app":"shop"}},{"name":"canary","labels":{"app":"shop"}},{"name":"legacy","labels":{"app":"shop","version":"v0"}}]}}`

const rollout = `{"metadata":{"name":"shop","namespace":"shop"},"spec":{"strategy":{"canary":{"trafficRouting":{"istio":{
"virtualService":{"name":"shop"},"destinationRule":{"name":"shop","stableSubsetName":"stable","canarySubsetName":"canary"}}}}}}}`

func main() {
	logrus.SetOutput(io.Discard)
	resource := istioutil.GetIstioDestinationRuleGVR()
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal([]byte(rule), &object.Object); err != nil {
		panic(err)
	}
	object.SetAPIVersion(resource.GroupVersion().String())
	lists := map[schema.GroupVersionResource]string{resource: "DestinationRuleList"}
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), lists, object)
	owner := &v1alpha1.Rollout{}
	if err := json.Unmarshal([]byte(rollout), owner); err != nil {
		panic(err)
	}
	events := record.NewFakeEventRecorder()
	if err := istio.NewReconciler(owner, client, events, nil, nil, nil).UpdateHash("next", "now"); err != nil {
		panic(err)
	}
	written, err := client.Resource(resource).Namespace("shop").Get(context.Background(), "shop", metav1.GetOptions{})
	if err != nil {
		panic(err)
	}
	subsets, _, _ := unstructured.NestedSlice(written.Object, "spec", "subsets")
	for _, subset := range subsets {
		fmt.Println(subset.(map[string]any)["name"], subset.(map[string]any)["labels"])
	}
}
GO
printf 'module example.com/finding\n\ngo 1.26.0\n\nrequire github.com/argoproj/argo-rollouts v1.10.1\n' > go.mod
# The module replaces those of Kubernetes, which reaches no other module.
for name in api apiextensions-apiserver apimachinery apiserver cli-runtime client-go \
  cloud-provider cluster-bootstrap code-generator component-base component-helpers controller-manager \
  cri-api cri-client csi-translation-lib dynamic-resource-allocation endpointslice externaljwt \
  kms kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubectl \
  kubelet metrics mount-utils pod-security-admission sample-apiserver sample-cli-plugin \
  sample-controller; do
  go mod edit -replace "k8s.io/$name=k8s.io/$name@v0.34.5"
done
go mod tidy 2> go.log || { cat go.log; exit 1; }
go run . | tee output
diff output - <<'EXPECTED'
stable map[app:shop rollouts-pod-template-hash:now]
canary map[app:shop rollouts-pod-template-hash:next]
EXPECTED
