package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"
)

// limit is far above what any request takes: one that hangs must not hold up the rest for good.
const limit = time.Minute

// operations are what a request may ask for.
var operations = map[string]func(line []byte) (any, error){
	"routes":   routes,
	"admit":    admit,
	"crds":     crds,
	"versions": versions,
}

// A header is what all requests have.
type header struct {
	ID json.RawMessage `json:"id,omitempty"`
	Op string          `json:"op,omitempty"`
}

// A failure answers a request that could not be carried out.
type failure struct {
	header
	Error string `json:"error"`
}

// respond answers one request; whatever goes wrong becomes an answer.
func respond(line []byte) []byte {
	var request header
	if err := json.Unmarshal(line, &request); err != nil {
		return marshal(failure{Error: "request: " + err.Error()})
	}
	operation, ok := operations[request.Op]
	if !ok {
		return marshal(failure{header{ID: request.ID}, fmt.Sprintf("op %q: want routes, admit, crds or versions", request.Op)})
	}
	answer, err := within(limit, func() (any, error) { return operation(line) })
	if err != nil {
		return marshal(failure{header{ID: request.ID}, err.Error()})
	}
	return withID(request.ID, marshal(answer))
}

// within gives up on an operation that takes too long, and turns a panic into an error.
func within(limit time.Duration, operation func() (any, error)) (any, error) {
	type result struct {
		answer any
		err    error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
			done <- r
		}()
		r.answer, r.err = operation()
	}()
	select {
	case r := <-done:
		return r.answer, r.err
	case <-time.After(limit):
		return nil, fmt.Errorf("gave up after %v", limit)
	}
}

// withID puts the request's id in front of an answer's fields.
func withID(id json.RawMessage, answer []byte) []byte {
	if id == nil {
		return answer
	}
	line := append([]byte(`{"id":`), id...)
	return append(append(line, ','), answer[1:]...)
}

func marshal(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		return marshal(failure{Error: err.Error()})
	}
	return text
}
