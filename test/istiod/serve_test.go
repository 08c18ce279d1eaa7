package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.com/vs2route/istiod/internal/crd"
)

// ask sends lines through serve and gives the lines that come back.
func ask(t *testing.T, lines ...string) []string {
	t.Helper()
	var out bytes.Buffer
	if err := serve(strings.NewReader(strings.Join(lines, "\n")), &out, 4); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}

func TestBadRequestsAreAnswered(t *testing.T) {
	tests := []struct{ request, want string }{
		{`nonsense`, `{"error":"request: invalid character 'o' in literal null (expecting 'u')"}`},
		{`{"id":1,"op":"rout"}`, `{"id":1,"error":"op \"rout\": want routes, admit, crds or versions"}`},
		{`{"id":"a","op":"admit","gatewayApi":"1.3","channel":"standard"}`, `{"id":"a","error":"gatewayApi \"1.3\": want one of 1.4, 1.5, 1.6, 1.7"}`},
		{`{"id":"a","op":"admit","gatewayApi":"1.6","channel":"beta"}`, `{"id":"a","error":"channel \"beta\": want standard or experimental"}`},
		{`{"id":"a","op":"routes","manifests":"a: ["}`, `{"id":"a","error":"manifests: document 1: yaml: line 1: did not find expected node content"}`},
		{`{"id":"a","op":"routes","manifests":"a: 1\na: 2"}`, `{"id":"a","error":"manifests: document 1: yaml: unmarshal errors:\n  line 2: key \"a\" already set in map"}`},
		{`{"id":"a","op":"routes","manifests":"kind: Service"}`, `{"id":"a","error":"manifests: document 1: no apiVersion or kind"}`},
		{`{"id":"a","op":"routes","manifests":"","proxies":[{"id":"p","kind":"ztunnel","namespace":"n"}]}`, `{"id":"a","error":"proxy \"p\": want a sidecar, a waypoint with a name, or a gateway with a gateway or labels"}`},
		{`{"id":"a","op":"routes","manifests":"","proxies":[{"id":"p","kind":"sidecar"}]}`, `{"id":"a","error":"proxy \"p\": no namespace"}`},
		{`{"id":"a","op":"routes","manifests":"","proxies":[{"id":"p","kind":"gateway","namespace":"n","gateway":"g"}]}`, `{"id":"a","error":"proxy \"p\": no Gateway n/g"}`},
		{`{"id":"a","op":"routes","manifests":"","proxies":[{"id":"p","kind":"sidecar","namespace":"n"},{"id":"p","kind":"sidecar","namespace":"m"}]}`, `{"id":"a","error":"proxy \"p\": two of this id"}`},
	}
	var requests []string
	for _, test := range tests {
		requests = append(requests, test.request)
	}
	answers := ask(t, requests...)
	for i, test := range tests {
		if answers[i] != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.request, answers[i], test.want)
		}
	}
}

func TestAdmit(t *testing.T) {
	request, err := json.Marshal(map[string]string{"op": "admit", "gatewayApi": "1.6", "channel": "standard", "manifests": `
apiVersion: v1
kind: List
items:
- apiVersion: gateway.networking.k8s.io/v1
  kind: GatewayClass
  metadata: {name: mine}
  spec: {controllerName: example.com/mine}
- apiVersion: gateway.networking.k8s.io/v1
  kind: TCPRoute
  metadata: {name: db, namespace: shop}
  spec:
    parentRefs: [{name: edge}]
    rules: [{backendRefs: [{name: db}]}]
---
# nothing
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "testdata/admit.json", []byte(ask(t, string(request))[0]))
}

func TestVersions(t *testing.T) {
	var answer versionsAnswer
	if err := json.Unmarshal([]byte(ask(t, `{"op":"versions"}`)[0]), &answer); err != nil {
		t.Fatal(err)
	}
	for minor, version := range crd.GatewayAPIVersions() {
		if answer.GatewayAPI[minor] != version || !strings.HasPrefix(version, "v"+minor+".") {
			t.Errorf("Gateway API %s: %s", minor, answer.GatewayAPI[minor])
		}
	}
	if answer.Go != runtime.Version() || answer.IstioCRDs == "" {
		t.Errorf("%+v", answer)
	}
}

func TestAnswersKeepTheOrderOfRequests(t *testing.T) {
	var requests []string
	for i := range 20 {
		op := []string{"versions", "routes"}[i%2] // one is quick, one is slow
		requests = append(requests, fmt.Sprintf(`{"id":%d,"op":%q,"manifests":"","proxies":[]}`, i, op))
	}
	for i, answer := range ask(t, requests...) {
		if !strings.HasPrefix(answer, fmt.Sprintf(`{"id":%d,`, i)) {
			t.Errorf("answer %d is %.40s", i, answer)
		}
	}
}

func TestWithin(t *testing.T) {
	if _, err := within(time.Millisecond, func() (any, error) { select {} }); err == nil || err.Error() != "gave up after 1ms" {
		t.Error(err)
	}
	if _, err := within(time.Second, func() (any, error) { panic("no") }); err == nil || !strings.HasPrefix(err.Error(), "panic: no\n") {
		t.Error(err)
	}
	if answer, err := within(time.Second, func() (any, error) { return 1, errors.New("e") }); answer != 1 || err.Error() != "e" {
		t.Error(answer, err)
	}
}

// TestNothingIsLeft holds that a request leaves no goroutines and little memory behind: one process serves a whole run.
func TestNothingIsLeft(t *testing.T) {
	request := routesRequest(t, "testdata/routes/gateway-api-gateway")
	respond(request) // compiles what is compiled once
	goroutines, heap := used()
	const times = 40
	for range times {
		respond(request)
	}
	moreGoroutines, moreHeap := used()
	if moreGoroutines > goroutines {
		t.Errorf("%d goroutines more after %d requests", moreGoroutines-goroutines, times)
	}
	if grown := int64(moreHeap) - int64(heap); grown > times*10<<10 {
		t.Errorf("%d bytes more after %d requests", grown, times)
	}
}

// used counts goroutines and bytes once what is ending has ended.
func used() (goroutines int, heap uint64) {
	goroutines = runtime.NumGoroutine()
	for range 100 {
		time.Sleep(10 * time.Millisecond)
		if now := runtime.NumGoroutine(); now < goroutines {
			goroutines = now
		}
	}
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return goroutines, stats.HeapAlloc
}
