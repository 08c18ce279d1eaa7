// Package istiod asks istiod's own code what a proxy is sent for a set of manifests.
package istiod

import "encoding/json"

// A Request names the manifests of a cluster and the proxies to look at.
type Request struct {
	// Manifests is a multi-document text.
	Manifests string         `json:"manifests"`
	Proxies   []ProxyRequest `json:"proxies"`
	// GatewayAPI and Channel say which Gateway API CRDs the cluster has: "1.6" and "experimental" unless given.
	GatewayAPI string `json:"gatewayApi"`
	Channel    string `json:"channel"`
	// KeepRefused hands istiod also what an API server would have refused. It is how one sees what istiod does with
	// an object no cluster can hold.
	KeepRefused bool `json:"keepRefused"`
	// Settings asks for what clusters are set to.
	Settings bool `json:"settings"`
	// Endpoints puts the manifests' Pods behind the Services that select them, and asks for who stands behind clusters.
	Endpoints bool `json:"endpoints"`
}

// A ProxyRequest is one Envoy.
type ProxyRequest struct {
	// ID names the proxy in the answer.
	ID string `json:"id"`
	// Kind is sidecar, waypoint or gateway.
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	// Labels are a sidecar's or gateway's pod labels.
	Labels map[string]string `json:"labels"`
	// Name is a waypoint's Gateway.
	Name string `json:"name"`
	// Gateway is the Gateway API Gateway a gateway proxy serves; without it, the labels decide which Istio Gateways do.
	Gateway string `json:"gateway"`
}

const (
	sidecar  = "sidecar"
	waypoint = "waypoint"
	gateway  = "gateway"
)

// An Answer is what istiod made of a request.
type Answer struct {
	Proxies  map[string]*ProxyAnswer `json:"proxies"`
	Statuses []map[string]any        `json:"statuses"`
	// Rejected are the objects that did not reach istiod, or would not have.
	Rejected []Rejection `json:"rejected"`
	// Ignored are the objects istiod does not look at.
	Ignored []Ignored `json:"ignored,omitempty"`
	// Warnings are what Istio's validation warns of.
	Warnings []Rejection `json:"warnings,omitempty"`
	// Added lists what the program supplied to make the cluster whole.
	Added []string `json:"added"`
	// Settings are what clusters are set to, without what follows from their names.
	Settings []json.RawMessage `json:"settings,omitempty"`
	// Endpoints are the lists of who stands behind clusters.
	Endpoints [][]string `json:"endpoints,omitempty"`
}

// Identity names an object.
type Identity struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// A Rejection is why an object would be refused, and by whom: its CRD ("schema") or Istio's validation webhook ("istio").
type Rejection struct {
	Identity
	By     string   `json:"by"`
	Errors []string `json:"errors"`
}

// Ignored is an object istiod never sees, and why.
type Ignored struct {
	Identity
	Reason string `json:"reason"`
}
