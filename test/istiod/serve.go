package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// serve answers every line of in with a line of out, in order, working on several at a time: a request spends half of
// its time waiting for goroutines of istiod's to wake up.
func serve(in io.Reader, out io.Writer, workers int) error {
	free := make(chan struct{}, workers)
	pending := make(chan chan []byte, 4*workers)
	written := make(chan error, 1)
	go func() { written <- write(out, pending) }()

	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			reply := make(chan []byte, 1)
			free <- struct{}{}
			go func() {
				defer func() { <-free }()
				reply <- respond(line)
			}()
			pending <- reply
		}
		if errors.Is(err, io.EOF) {
			close(pending)
			return <-written
		}
		if err != nil {
			return err
		}
	}
}

func write(out io.Writer, pending <-chan chan []byte) error {
	var failed error
	for reply := range pending {
		line := <-reply
		if failed == nil {
			_, failed = out.Write(append(line, '\n'))
		}
	}
	return failed
}
