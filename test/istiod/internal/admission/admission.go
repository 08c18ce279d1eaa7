// Package admission says what an API server would say to an object: unknown fields, defaults, schema, list types, CEL.
package admission

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"example.com/vs2route/istiod/internal/crd"
)

// A Verdict is what became of one object.
type Verdict struct {
	// Object is the object as it would be stored. It has a namespace when its kind has one.
	Object *unstructured.Unstructured
	// Unknown are the paths of fields its schema does not have. kubectl and server-side apply refuse them;
	// a client that does not ask for strict validation loses them.
	Unknown []string
	// Errors are why it would be refused, each "path: reason".
	Errors []string
}

// Refused tells whether an API server with strict field validation would turn the object down.
func (v Verdict) Refused() bool { return len(v.Unknown)+len(v.Errors) > 0 }

// Reasons are why, unknown fields first.
func (v Verdict) Reasons() []string {
	reasons := []string{}
	for _, path := range v.Unknown {
		reasons = append(reasons, path+": unknown field")
	}
	return append(reasons, v.Errors...)
}

// Judge judges an object by the Gateway API CRDs given, by Istio's, or, for a core kind, by its Go type.
func Judge(gatewayAPI *crd.Bundle, object *unstructured.Unstructured) (Verdict, error) {
	object = object.DeepCopy()
	gvk := object.GroupVersionKind()
	var bundle *crd.Bundle
	switch {
	case IsGatewayAPI(gvk.Group):
		bundle = gatewayAPI
	case strings.HasSuffix(gvk.Group, ".istio.io"):
		istio, err := crd.Istio()
		if err != nil {
			return Verdict{}, err
		}
		bundle = istio
	default:
		return judgeBuiltin(object), nil
	}
	kind := bundle.Kind(gvk)
	if kind == nil {
		return Verdict{Object: object, Errors: []string{noMatch(gvk)}}, nil
	}
	giveNamespace(object, kind.Namespaced)
	return judgeCustom(kind, object)
}

// IsGatewayAPI tells whether a group is one of the Gateway API's.
func IsGatewayAPI(group string) bool {
	return group == "gateway.networking.k8s.io" || group == "gateway.networking.x-k8s.io"
}

func judgeCustom(kind *crd.Kind, object *unstructured.Unstructured) (Verdict, error) {
	verdict := Verdict{Object: object}
	unknown, err := kind.Default(object)
	if err != nil {
		verdict.Errors = []string{err.Error()}
		return verdict, nil
	}
	verdict.Unknown = unknown
	errors, err := kind.Validate(object)
	if err != nil {
		return Verdict{}, err
	}
	for _, e := range errors {
		verdict.Errors = append(verdict.Errors, e.Error())
	}
	slices.Sort(verdict.Errors) // CEL walks maps
	return verdict, nil
}

// noMatch is the words of kubectl.
func noMatch(gvk schema.GroupVersionKind) string {
	return fmt.Sprintf("no matches for kind %q in version %q", gvk.Kind, gvk.GroupVersion().String())
}

// giveNamespace does what kubectl does with no namespace set.
func giveNamespace(object *unstructured.Unstructured, namespaced bool) {
	if namespaced && object.GetNamespace() == "" {
		object.SetNamespace("default")
	}
}
