package istiod

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/mesh"
)

// meshConfig gives the settings of the mesh: those that the cluster's ConfigMap istio sets, else Istio's defaults.
func (c *cluster) meshConfig() (*meshconfig.MeshConfig, error) {
	settings := mesh.DefaultMeshConfig()
	for _, configMap := range all[*corev1.ConfigMap](c) {
		text, ok := configMap.Data["mesh"]
		if !ok || configMap.Name != "istio" {
			continue
		}
		applied, err := mesh.ApplyMeshConfig(text, settings)
		if err != nil {
			return nil, fmt.Errorf("ConfigMap %s/%s: %w", configMap.Namespace, configMap.Name, err)
		}
		settings = applied
	}
	return settings, nil
}
