// Package crd holds the CustomResourceDefinitions an object is judged by: the Gateway API's, of four releases and two
// channels, and Istio's own. What it does with an object is the API server's own code.
package crd

import (
	"bytes"
	"fmt"
	"sync"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"istio.io/istio/manifests"
)

// IstioCRDs is where Istio's CRDs come from: the Helm chart inside the module istio.io/istio.
const IstioCRDs = "charts/base/files/crd-all.gen.yaml"

const (
	Standard     = "standard"
	Experimental = "experimental"
)

// A Bundle is a set of CRDs installed together.
type Bundle struct {
	// Name says which, for messages.
	Name string
	// Version is the bundle's own version, such as v1.6.3.
	Version string
	kinds   map[schema.GroupVersionKind]*Kind
	// definitions are the CRDs as they were written.
	definitions []*apiextensionsv1.CustomResourceDefinition
}

// Definitions are the CRDs of the bundle as they were written, with nothing defaulted but what newKinds needs.
func (b *Bundle) Definitions() []*apiextensionsv1.CustomResourceDefinition { return b.definitions }

// Kind finds a served kind and version, or nil.
func (b *Bundle) Kind(gvk schema.GroupVersionKind) *Kind {
	if kind := b.kinds[gvk]; kind != nil && kind.served {
		return kind
	}
	return nil
}

var bundles sync.Map // "1.6/standard" -> func() (*Bundle, error)

// GatewayAPI gives the Gateway API CRDs of a minor version ("1.6") and channel.
func GatewayAPI(minor, channel string) (*Bundle, error) {
	r, err := findRelease(minor)
	if err != nil {
		return nil, err
	}
	if channel != Standard && channel != Experimental {
		return nil, fmt.Errorf("channel %q: want %s or %s", channel, Standard, Experimental)
	}
	load, _ := bundles.LoadOrStore(minor+"/"+channel, sync.OnceValues(func() (*Bundle, error) {
		files, err := gatewayAPIFiles(r, channel)
		if err != nil {
			return nil, err
		}
		return newBundle(fmt.Sprintf("Gateway API %s %s", r.version, channel), r.version, files)
	}))
	return load.(func() (*Bundle, error))()
}

// Istio gives Istio's own CRDs, those of the istio.io/istio module this program is built on.
var Istio = sync.OnceValues(func() (*Bundle, error) {
	file, err := manifests.FS.ReadFile(IstioCRDs)
	if err != nil {
		return nil, err
	}
	return newBundle("Istio "+IstioCRDs, "", bytes.Split(file, []byte("\n---\n")))
})

func newBundle(name, version string, files [][]byte) (*Bundle, error) {
	bundle := &Bundle{Name: name, Version: version, kinds: map[schema.GroupVersionKind]*Kind{}}
	for _, file := range files {
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(file, definition); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if definition.Kind != "CustomResourceDefinition" {
			continue // the Gateway API's admission policy and kustomization live in the same folder
		}
		bundle.definitions = append(bundle.definitions, definition)
		kinds, err := newKinds(definition)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, definition.Name, err)
		}
		for _, kind := range kinds {
			bundle.kinds[kind.gvk] = kind
		}
	}
	if len(bundle.kinds) == 0 {
		return nil, fmt.Errorf("%s: no CRDs", name)
	}
	return bundle, nil
}
