// Command istiod judges manifests by istiod's own code and by the CRDs of the Gateway API and of Istio.
//
// It reads requests from standard input, one JSON object a line, and writes one line of JSON for each to standard
// output, in the order of the requests. README.md describes them. Standard error is for people.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	workers := flag.Int("workers", 2*runtime.NumCPU(), "how many requests to work on at a time")
	flag.Parse()
	// istiod's test server makes much garbage and the program holds little: collecting it less often saves a third
	// of the time.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if err := serve(os.Stdin, os.Stdout, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "istiod:", err)
		os.Exit(1)
	}
}
