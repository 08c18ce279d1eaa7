package istiod

import (
	"errors"
	"reflect"
	"runtime"
	"time"

	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/gvk"
)

var errUnsettled = errors.New("did not settle")

const (
	// A collection in istiod recomputes within microseconds of its inputs, on a goroutine of its own. Nothing tells
	// when the last one has: the test server waits for the first state only, and what Gateways and routes become
	// depends once more on the push that follows it.
	settleRounds = 6
	settlePause  = time.Millisecond
	settleLimit  = 20 * time.Second
	// relayLength is more than the longest chain of collections.
	relayLength = 64
)

// settle waits until istiod has nothing left to compute: every push is committed, and nothing that reaches a proxy has
// changed for several rounds. A round passes a baton through more goroutines than any chain of collections has, so on
// a busy machine, where collections are slow, rounds are as well.
func settle(server *xds.FakeDiscoveryServer, statuses *statusStore) error {
	deadline := time.Now().Add(settleLimit)
	var last fingerprint
	for same := 0; same < settleRounds; {
		if time.Now().After(deadline) {
			return errUnsettled
		}
		relay()
		time.Sleep(settlePause)
		now := fingerprintOf(server, statuses)
		if now == last && now.settled() {
			same++
		} else {
			same = 0
		}
		last = now
	}
	return nil
}

// relay runs a chain of goroutines, each waking the next.
func relay() {
	first := make(chan struct{})
	in := first
	for range relayLength {
		out := make(chan struct{})
		go func(in <-chan struct{}) {
			<-in
			runtime.Gosched()
			close(out)
		}(in)
		in = out
	}
	close(first)
	<-in
}

// A fingerprint changes whenever something changes that a proxy or status may depend on.
type fingerprint struct {
	inbound, committed int64
	statuses           int
	services, captured int
	// generated identifies the Istio objects made of Gateway API objects and the VirtualServices after delegation.
	// A collection keeps the very object it had when a recomputation gives an equal one, so addresses tell.
	generated uintptr
}

func (f fingerprint) settled() bool { return f.inbound == f.committed }

func fingerprintOf(server *xds.FakeDiscoveryServer, statuses *statusStore) fingerprint {
	f := fingerprint{
		inbound:   server.Discovery.InboundUpdates.Load(),
		committed: server.Discovery.CommittedUpdates.Load(),
		statuses:  statuses.count(),
		services:  len(server.Env().Services()),
		captured:  len(server.PushContext().ServicesWithWaypoint("")),
	}
	for _, kind := range []config.GroupVersionKind{gvk.Gateway, gvk.VirtualService, gvk.DestinationRule} {
		for _, generated := range gatewayController(server).List(kind, "") {
			f.generated += mix(generated.Spec)
		}
	}
	for _, merged := range server.Env().VirtualServiceController.MergedVirtualServices() {
		f.generated += mix(merged.Spec)
	}
	return f
}

// mix spreads an address, since a collection lists its objects in no order and the sum of them has to tell.
func mix(spec any) uintptr { return reflect.ValueOf(spec).Pointer() * 0x9e3779b97f4a7c15 }
