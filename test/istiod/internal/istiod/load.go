package istiod

import (
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"example.com/vs2route/istiod/internal/admission"
	"example.com/vs2route/istiod/internal/crd"
	"example.com/vs2route/istiod/internal/manifest"
)

const (
	defaultGatewayAPI = "1.6"
	defaultChannel    = crd.Experimental
)

// A loader sorts manifests into what reaches istiod and what does not.
type loader struct {
	crds        *crd.Bundle
	keepRefused bool
	cluster     *cluster
	answer      *Answer
}

// load reads a request's manifests as a cluster would: defaults are filled in, and refused objects are left out.
func load(request Request, answer *Answer) (*cluster, error) {
	minor, channel := request.GatewayAPI, request.Channel
	if minor == "" {
		minor = defaultGatewayAPI
	}
	if channel == "" {
		channel = defaultChannel
	}
	crds, err := crd.GatewayAPI(minor, channel)
	if err != nil {
		return nil, err
	}
	objects, err := manifest.Parse(request.Manifests)
	if err != nil {
		return nil, fmt.Errorf("manifests: %w", err)
	}
	l := loader{crds: crds, keepRefused: request.KeepRefused, cluster: newCluster(), answer: answer}
	for _, o := range objects {
		if err := l.load(o); err != nil {
			return nil, err
		}
	}
	return l.cluster, nil
}

func (l *loader) load(o *unstructured.Unstructured) error {
	gvk := o.GroupVersionKind()
	version, ok := watched(gvk)
	if !ok {
		l.ignore(o, "istiod does not read this kind")
		return nil
	}
	verdict, err := admission.Judge(l.crds, o)
	if err != nil {
		return err
	}
	o = verdict.Object
	if verdict.Refused() && l.reject(o, "schema", verdict.Reasons()) {
		return nil
	}
	if reason := l.unwatched(version); reason != "" {
		l.ignore(o, reason)
		return nil
	}
	o.SetGroupVersionKind(version) // the CRDs convert by relabelling
	typed, err := decode(o)
	if err != nil {
		l.reject(o, "schema", []string{err.Error()})
		return nil
	}
	if l.validate(o, typed) {
		l.cluster.add(typed)
	}
	return nil
}

// validate asks Istio's validation webhook, and tells whether the object goes on.
func (l *loader) validate(o *unstructured.Unstructured, typed object) bool {
	cfg, ok, err := istioConfig(typed)
	if err != nil {
		l.reject(o, "istio", []string{err.Error()})
		return false
	}
	if !ok {
		return true
	}
	s, _ := istioSchema(o.GroupVersionKind())
	warning, err := s.ValidateConfig(cfg)
	if warning != nil {
		l.answer.Warnings = append(l.answer.Warnings, Rejection{named(o), "istio", errorLines(warning)})
	}
	return err == nil || !l.reject(o, "istio", errorLines(err))
}

// reject notes a refusal and tells whether the object is left out.
func (l *loader) reject(o *unstructured.Unstructured, by string, errors []string) bool {
	l.answer.Rejected = append(l.answer.Rejected, Rejection{named(o), by, errors})
	return !l.keepRefused
}

func (l *loader) ignore(o *unstructured.Unstructured, reason string) {
	l.answer.Ignored = append(l.answer.Ignored, Ignored{named(o), reason})
}

// unwatched says why istiod does not watch a Gateway API kind with these CRDs, or "".
func (l *loader) unwatched(gvk schema.GroupVersionKind) string {
	if !admission.IsGatewayAPI(gvk.Group) {
		return ""
	}
	if l.crds.Kind(gvk) == nil {
		return fmt.Sprintf("istiod watches %s, which %s does not serve", gvk.GroupVersion(), l.crds.Name)
	}
	s, _ := istioSchema(gvk)
	least := minimumVersions[s.Plural()+"."+s.Group()]
	if least != nil && semver.MustParse(l.crds.Version).LessThan(least) {
		return fmt.Sprintf("istiod ignores this kind with CRDs older than v%s", least)
	}
	return ""
}

func named(o *unstructured.Unstructured) Identity {
	return Identity{Kind: o.GetKind(), Namespace: o.GetNamespace(), Name: o.GetName()}
}

// errorLines takes apart what Istio's validation joins.
func errorLines(err error) []string {
	if many, ok := err.(interface{ WrappedErrors() []error }); ok {
		var lines []string
		for _, e := range many.WrappedErrors() {
			lines = append(lines, errorLines(e)...)
		}
		return lines
	}
	return []string{strings.TrimSpace(err.Error())}
}

func isIstio(group string) bool { return strings.HasSuffix(group, ".istio.io") }
