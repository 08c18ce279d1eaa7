package crd

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	metavalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// A Kind is one kind in one version, as its CRD defines it.
type Kind struct {
	Namespaced bool

	gvk    schema.GroupVersionKind
	served bool
	schema *apiextensions.JSONSchemaProps
	// judge is built on first use: compiling the CEL rules of an HTTPRoute takes a while.
	judge func() (*judge, error)
}

// A judge is what an API server keeps in memory for a kind.
type judge struct {
	structural *structuralschema.Structural
	openAPI    validation.SchemaValidator
	// rules are the compiled CEL rules, nil if there are none.
	rules *cel.Validator
}

func newKinds(definition *apiextensionsv1.CustomResourceDefinition) ([]*Kind, error) {
	apiextensionsv1.SetObjectDefaults_CustomResourceDefinition(definition)
	internal := &apiextensions.CustomResourceDefinition{}
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(definition, internal, nil); err != nil {
		return nil, err
	}
	var kinds []*Kind
	for _, version := range internal.Spec.Versions {
		validation, err := apiextensions.GetSchemaForVersion(internal, version.Name)
		if err != nil {
			return nil, err
		}
		kind := &Kind{
			Namespaced: internal.Spec.Scope == apiextensions.NamespaceScoped,
			gvk:        schema.GroupVersionKind{Group: internal.Spec.Group, Version: version.Name, Kind: internal.Spec.Names.Kind},
			served:     version.Served,
			schema:     validation.OpenAPIV3Schema,
		}
		kind.judge = sync.OnceValues(kind.newJudge)
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

func (k *Kind) newJudge() (*judge, error) {
	structural, err := structuralschema.NewStructural(k.schema)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(k.schema)
	if err != nil {
		return nil, err
	}
	rules := cel.NewValidator(structural, true, celconfig.PerCallLimit)
	return &judge{structural: structural, openAPI: validator, rules: rules}, nil
}

// Default makes object what the API server would store of it: unknown fields are removed, defaults filled in.
// The paths of the unknown fields are returned; strict field validation refuses them.
// The steps and their order are those of unstructuredSchemaCoercer in the API server.
func (k *Kind) Default(object *unstructured.Unstructured) (unknown []string, err error) {
	judge, err := k.judge()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.gvk, err)
	}
	apiVersion, kind := object.GetAPIVersion(), object.GetKind()
	meta, found, unknownMeta, err := objectmeta.GetObjectMetaWithOptions(object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, err
	}
	unknown = append(unknown, unknownMeta...)
	track := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	unknown = append(unknown, pruning.PruneWithOptions(object.Object, judge.structural, true, track)...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, judge.structural)
	object.SetAPIVersion(apiVersion)
	object.SetKind(kind)
	if found {
		if err := objectmeta.SetObjectMeta(object.Object, meta); err != nil {
			return nil, err
		}
		// SetObjectMeta prints a creation time nobody gave as null.
		if meta.CreationTimestamp.IsZero() {
			unstructured.RemoveNestedField(object.Object, "metadata", "creationTimestamp")
		}
	}
	defaulting.Default(object.Object, judge.structural)
	return unknown, nil
}

// Validate says what an API server holds against a defaulted object.
// The steps and their order are those of customResourceStrategy in the API server.
func (k *Kind) Validate(object *unstructured.Unstructured) (field.ErrorList, error) {
	judge, err := k.judge()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.gvk, err)
	}
	errs := metavalidation.ValidateObjectMetaAccessor(object, k.Namespaced, metavalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, validation.ValidateCustomResource(nil, object.Object, judge.openAPI)...)
	errs = append(errs, objectmeta.Validate(nil, object.Object, judge.structural, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, judge.structural, object.Object)...)
	if slices.ContainsFunc(errs, blocksRules) {
		return append(errs, field.Invalid(nil, nil, "some validation rules were not checked because the object was invalid; "+
			"correct the existing errors to complete validation")), nil
	}
	if judge.rules != nil {
		broken, _ := judge.rules.Validate(context.Background(), nil, judge.structural, object.Object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, broken...)
	}
	return errs, nil
}

// blocksRules tells whether an object is too broken for its CEL rules to run on.
func blocksRules(err *field.Error) bool {
	switch err.Type {
	case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
		return true
	default:
		return false
	}
}
