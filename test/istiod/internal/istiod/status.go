package istiod

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/status"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/test"
)

// A statusStore stands where istiod writes the statuses of Gateway API objects, and keeps them.
type statusStore struct {
	model.ConfigStore // the rest of the interface is not called

	mu      sync.Mutex
	written map[config.GroupVersionKind]map[[2]string]any
	writes  int
}

// watchStatuses makes the server write statuses, which it does not do on its own.
func watchStatuses(t test.Failer, server *xds.FakeDiscoveryServer) *statusStore {
	store := &statusStore{written: map[config.GroupVersionKind]map[[2]string]any{}}
	manager := status.NewManager(store)
	manager.Start(test.NewStop(t))
	gatewayController(server).SetStatusWrite(true, manager)
	return store
}

// Get answers with an object without a status, of the generation that cluster.add gives, so that each status is written.
func (s *statusStore) Get(kind config.GroupVersionKind, name, namespace string) *config.Config {
	return &config.Config{Meta: config.Meta{GroupVersionKind: kind, Name: name, Namespace: namespace, Generation: 1}}
}

func (s *statusStore) UpdateStatus(cfg config.Config) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.written[cfg.GroupVersionKind] == nil {
		s.written[cfg.GroupVersionKind] = map[[2]string]any{}
	}
	s.written[cfg.GroupVersionKind][[2]string{cfg.Namespace, cfg.Name}] = cfg.Status
	s.writes++
	return "", nil
}

func (s *statusStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// list gives each status's fields beside the object's kind, namespace and name, without the times.
func (s *statusStore) list() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []map[string]any{}
	for kind, objects := range s.written {
		if kind.Kind == "GatewayClass" {
			continue // always accepted
		}
		for key, written := range objects {
			fields := map[string]any{}
			text, err := json.Marshal(written)
			if err == nil {
				err = json.Unmarshal(text, &fields)
			}
			if err != nil {
				fields["error"] = err.Error()
			}
			dropTimes(fields)
			fields["kind"], fields["namespace"], fields["name"] = kind.Kind, key[0], key[1]
			list = append(list, fields)
		}
	}
	slices.SortFunc(list, func(a, b map[string]any) int {
		return cmp.Or(
			cmp.Compare(a["kind"].(string), b["kind"].(string)),
			cmp.Compare(a["namespace"].(string), b["namespace"].(string)),
			cmp.Compare(a["name"].(string), b["name"].(string)),
		)
	})
	return list
}

func dropTimes(value any) {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "lastTransitionTime")
		for _, v := range value {
			dropTimes(v)
		}
	case []any:
		for _, v := range value {
			dropTimes(v)
		}
	}
}
