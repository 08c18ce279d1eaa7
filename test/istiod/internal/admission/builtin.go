package admission

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/kubernetes/scheme"
)

// strict decodes into the Go types of k8s.io/api and notes the fields they do not have.
var strict = serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

// clusterScoped are the built-in kinds without a namespace that turn up among manifests.
var clusterScoped = sets.New(
	"Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "StorageClass", "IngressClass",
	"PriorityClass", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
	"ValidatingAdmissionPolicyBinding", "APIService", "RuntimeClass", "CSIDriver", "CertificateSigningRequest",
)

// judgeBuiltin judges an object of a built-in kind by decoding it strictly; the rest of the API server's validation
// for these is not in a library.
func judgeBuiltin(object *unstructured.Unstructured) Verdict {
	gvk := object.GroupVersionKind()
	verdict := Verdict{Object: object}
	if !scheme.Scheme.Recognizes(gvk) {
		verdict.Errors = []string{noMatch(gvk)}
		return verdict
	}
	giveNamespace(object, !clusterScoped.Has(gvk.Kind))
	if object.GetName() == "" && object.GetGenerateName() == "" {
		verdict.Errors = []string{"metadata.name: Required value: name or generateName is required"}
		return verdict
	}
	text, err := json.Marshal(object.Object)
	if err != nil {
		verdict.Errors = []string{err.Error()}
		return verdict
	}
	_, _, err = strict.Decode(text, nil, nil)
	if unknown, ok := runtime.AsStrictDecodingError(err); ok {
		for _, e := range unknown.Errors() {
			verdict.Unknown = append(verdict.Unknown, unknownPath(e))
		}
	} else if err != nil {
		verdict.Errors = []string{err.Error()}
	}
	return verdict
}

// unknownPath takes the path out of `unknown field "spec.prots"`.
func unknownPath(err error) string {
	var path string
	if _, scanErr := fmt.Sscanf(err.Error(), "unknown field %q", &path); scanErr != nil {
		return err.Error()
	}
	return path
}
