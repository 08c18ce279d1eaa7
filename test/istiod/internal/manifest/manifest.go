// Package manifest reads and prints multi-document manifests the way kubectl does.
package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// Objects are manifests in their order.
type Objects = []*unstructured.Unstructured

// Parse reads the objects of a text in document order. Lists are replaced by their items, empty documents are left
// out, and a duplicate key is an error, as it is for an API server with strict field validation.
// Whole numbers are decoded as int64: CEL and the OpenAPI types tell 1 from 1.0.
func Parse(text string) (Objects, error) {
	var objects Objects
	documents := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for number := 1; ; number++ {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", number, err)
		}
		found, err := parseDocument(document)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", number, err)
		}
		objects = append(objects, found...)
	}
}

func parseDocument(document []byte) (Objects, error) {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(text, []byte("null")) {
		return nil, nil
	}
	fields := map[string]any{}
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{Object: fields}
	if object.IsList() {
		return listItems(object)
	}
	if err := checkType(object); err != nil {
		return nil, err
	}
	return Objects{object}, nil
}

func listItems(list *unstructured.Unstructured) (Objects, error) {
	var items Objects
	err := list.EachListItem(func(item runtime.Object) error {
		object := item.(*unstructured.Unstructured)
		items = append(items, object)
		return checkType(object)
	})
	return items, err
}

// checkType refuses what is no object.
func checkType(object *unstructured.Unstructured) error {
	if object.GetAPIVersion() == "" || object.GetKind() == "" {
		return errors.New("no apiVersion or kind")
	}
	return nil
}

// Print writes objects as one multi-document YAML text with sorted keys.
func Print(objects Objects) (string, error) {
	var out strings.Builder
	for i, object := range objects {
		text, err := yaml.Marshal(object.Object)
		if err != nil {
			return "", err
		}
		if i > 0 {
			out.WriteString("---\n")
		}
		out.Write(text)
	}
	return out.String(), nil
}
