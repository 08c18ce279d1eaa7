package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"example.com/vs2route/istiod/internal/admission"
	"example.com/vs2route/istiod/internal/crd"
	"example.com/vs2route/istiod/internal/istiod"
	"example.com/vs2route/istiod/internal/manifest"
)

// routes tells what proxies are sent.
func routes(line []byte) (any, error) {
	var request istiod.Request
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, err
	}
	return istiod.Ask(request)
}

// An admitRequest asks whether an API server with these CRDs takes the manifests.
type admitRequest struct {
	GatewayAPI string `json:"gatewayApi"`
	Channel    string `json:"channel"`
	Manifests  string `json:"manifests"`
}

type admitAnswer struct {
	Objects []admitted `json:"objects"`
	// Defaulted is all objects as they would be stored.
	Defaulted string `json:"defaulted"`
}

// admitted is the verdict on one object.
type admitted struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Namespace  string   `json:"namespace,omitempty"`
	Name       string   `json:"name"`
	Errors     []string `json:"errors"`
}

// admit tells what an API server says to each object.
func admit(line []byte) (any, error) {
	var request admitRequest
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, err
	}
	bundle, err := crd.GatewayAPI(request.GatewayAPI, request.Channel)
	if err != nil {
		return nil, err
	}
	objects, err := manifest.Parse(request.Manifests)
	if err != nil {
		return nil, err
	}
	answer := admitAnswer{Objects: []admitted{}}
	var stored manifest.Objects
	for _, object := range objects {
		verdict, err := admission.Judge(bundle, object)
		if err != nil {
			return nil, err
		}
		stored = append(stored, verdict.Object)
		answer.Objects = append(answer.Objects, admitted{
			APIVersion: object.GetAPIVersion(),
			Kind:       object.GetKind(),
			Namespace:  verdict.Object.GetNamespace(),
			Name:       object.GetName(),
			Errors:     verdict.Reasons(),
		})
	}
	answer.Defaulted, err = manifest.Print(stored)
	return answer, err
}

type crdsRequest struct {
	GatewayAPI string `json:"gatewayApi"`
	Channel    string `json:"channel"`
}

type crdsAnswer struct {
	Definitions []*apiextensionsv1.CustomResourceDefinition `json:"definitions"`
	// Rules are the syntax trees of all CEL rules, by their text.
	Rules map[string]any `json:"rules"`
}

// crds gives the CRDs themselves, with their rules parsed.
func crds(line []byte) (any, error) {
	var request crdsRequest
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, err
	}
	bundle, err := crd.GatewayAPI(request.GatewayAPI, request.Channel)
	if err != nil {
		return nil, err
	}
	answer := crdsAnswer{Definitions: bundle.Definitions(), Rules: map[string]any{}}
	for _, definition := range answer.Definitions {
		for _, version := range definition.Spec.Versions {
			if err := addRules(answer.Rules, version.Schema.OpenAPIV3Schema); err != nil {
				return nil, fmt.Errorf("%s: %w", definition.Name, err)
			}
		}
	}
	return answer, nil
}

func addRules(rules map[string]any, schema *apiextensionsv1.JSONSchemaProps) error {
	for _, rule := range schema.XValidations {
		tree, err := crd.ParseRule(rule.Rule)
		if err != nil {
			return err
		}
		rules[rule.Rule] = tree
	}
	for _, property := range schema.Properties {
		if err := addRules(rules, &property); err != nil {
			return err
		}
	}
	if schema.Items != nil && schema.Items.Schema != nil {
		if err := addRules(rules, schema.Items.Schema); err != nil {
			return err
		}
	}
	if schema.AdditionalProperties != nil && schema.AdditionalProperties.Schema != nil {
		return addRules(rules, schema.AdditionalProperties.Schema)
	}
	return nil
}

type versionsAnswer struct {
	Go string `json:"go"`
	// Istio is the version of the module istio.io/istio: istiod's code and Istio's CRDs.
	Istio     string `json:"istio"`
	IstioCRDs string `json:"istioCrds"`
	// GatewayAPITypes is the Gateway API istiod is compiled with.
	GatewayAPITypes string `json:"gatewayApiTypes"`
	// GatewayAPI gives the release whose CRDs stand for each minor version.
	GatewayAPI map[string]string `json:"gatewayApi"`
}

// versions tells what the other answers rest on.
func versions([]byte) (any, error) {
	answer := versionsAnswer{GatewayAPI: crd.GatewayAPIVersions(), IstioCRDs: "istio.io/istio/manifests/" + crd.IstioCRDs}
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return answer, nil
	}
	answer.Go = info.GoVersion
	for _, module := range info.Deps {
		switch module.Path {
		case "istio.io/istio":
			answer.Istio = module.Version
		case "sigs.k8s.io/gateway-api":
			answer.GatewayAPITypes = module.Version
		}
	}
	return answer, nil
}
