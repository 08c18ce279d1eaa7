// Prints the routers, middlewares and services that Traefik's provider for the Gateway API writes for objects, for many inputs.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider/kubernetes/gateway"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// request is one line of the standard input. Objects have everything that an API server would have added.
type request struct {
	ID      string            `json:"id"`
	Objects []json.RawMessage `json:"objects"`
}

// answer is one line of the standard output, in the order of the requests.
type answer struct {
	ID          string                         `json:"id"`
	Error       string                         `json:"error,omitempty"`
	Routers     map[string]*dynamic.Router     `json:"routers"`
	Middlewares map[string]*dynamic.Middleware `json:"middlewares"`
	Services    map[string]service             `json:"services"`
	Statuses    []status                       `json:"statuses"`
}

// service is one of Traefik's, with what its own JSON leaves out.
type service struct {
	Middlewares []string `json:"middlewares"`
	// Servers are the URLs of a load balancer.
	Servers []string `json:"servers"`
	// Weighted are the parts of a weighted service; nil where it is a load balancer.
	Weighted []part `json:"weighted"`
}

type part struct {
	Name   string `json:"name"`
	Weight int    `json:"weight"`
	// Status answers in place of a service; 0 where a service does.
	Status int `json:"status"`
}

// status is a condition of a route that is not as it should be.
type status struct {
	Route   string `json:"route"`
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// together is how many inputs are asked at once: a provider mostly waits for its caches.
const together = 8

// patience is how long a provider may take.
const patience = 30 * time.Second

func main() {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	// A provider lists, and then watches for changes that do not come.
	must(os.Setenv("KUBE_FEATURE_WatchListClient", "false"))
	for _, name := range []string{"KUBECONFIG", "KUBERNETES_SERVICE_HOST"} {
		must(os.Unsetenv(name))
	}
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	var pending []chan answer
	places := make(chan struct{}, together)
	var all sync.WaitGroup
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			found := make(chan answer, 1)
			pending = append(pending, found)
			places <- struct{}{}
			all.Go(func() {
				found <- respond(line)
				<-places
			})
		}
		if err == io.EOF {
			break
		}
		must(err)
	}
	all.Wait()
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for _, found := range pending {
		must(encoder.Encode(<-found))
	}
	must(output.Flush())
}

func respond(line []byte) (found answer) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	defer func() {
		if reason := recover(); reason != nil {
			found = answer{ID: asked.ID, Error: fmt.Sprint(reason)}
		}
	}()
	found, err := translate(asked.Objects)
	found.ID = asked.ID
	if err != nil {
		found.Error = err.Error()
	}
	return found
}

// translate gives the objects to a provider by way of an API server, the only public way in.
func translate(objects []json.RawMessage) (answer, error) {
	store, err := newCluster(objects)
	if err != nil {
		return answer{}, err
	}
	server := httptest.NewServer(store)
	defer server.Close()
	provider := &gateway.Provider{
		Endpoint:          server.URL,
		QPS:               -1,
		NativeLBByDefault: true,
		EntryPoints:       map[string]gateway.Entrypoint{"web": {Address: ":80"}},
	}
	if err := provider.Init(); err != nil {
		return answer{}, err
	}
	messages := make(chan dynamic.Message, 1)
	pool := safe.NewPool(context.Background())
	defer server.CloseClientConnections()
	defer pool.Stop()
	if err := provider.Provide(messages, pool); err != nil {
		return answer{}, err
	}
	select {
	case message := <-messages:
		return answerOf(message.Configuration.HTTP, store.refusals()), nil
	case <-time.After(patience):
		return answer{}, errors.New("the provider wrote no configuration")
	}
}

func answerOf(configuration *dynamic.HTTPConfiguration, statuses []status) answer {
	found := answer{
		Routers:     configuration.Routers,
		Middlewares: configuration.Middlewares,
		Services:    map[string]service{},
		Statuses:    statuses,
	}
	for name, one := range configuration.Services {
		written := service{Middlewares: append([]string{}, one.Middlewares...), Servers: []string{}}
		if one.LoadBalancer != nil {
			for _, server := range one.LoadBalancer.Servers {
				written.Servers = append(written.Servers, server.URL)
			}
		}
		if one.Weighted != nil {
			written.Weighted = []part{}
			for _, weighted := range one.Weighted.Services {
				written.Weighted = append(written.Weighted, partOf(weighted))
			}
		}
		found.Services[name] = written
	}
	return found
}

func partOf(weighted dynamic.WRRService) part {
	found := part{Name: weighted.Name, Weight: 1}
	if weighted.Weight != nil {
		found.Weight = *weighted.Weight
	}
	if weighted.Status != nil {
		found.Status = *weighted.Status
	}
	if weighted.GRPCStatus != nil {
		// An error of gRPC has the status 200 of HTTP; 503 is what stands for UNAVAILABLE.
		found.Status = 503
	}
	return found
}

func must(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
