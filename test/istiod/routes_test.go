package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write what the program answers to testdata")

// TestRoutes asks about every folder of testdata/routes and compares the whole answer.
func TestRoutes(t *testing.T) {
	folders, err := filepath.Glob("testdata/routes/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no cases", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			compare(t, filepath.Join(folder, "answer.json"), respond(routesRequest(t, folder)))
		})
	}
}

// routesRequest makes one request of a case's manifests.yaml and request.json.
func routesRequest(t *testing.T, folder string) []byte {
	t.Helper()
	request := map[string]any{}
	if err := json.Unmarshal(read(t, filepath.Join(folder, "request.json")), &request); err != nil {
		t.Fatal(err)
	}
	request["id"] = filepath.Base(folder)
	request["op"] = "routes"
	request["manifests"] = string(read(t, filepath.Join(folder, "manifests.yaml")))
	return marshal(request)
}

// compare holds an answer against a file, or writes the file.
func compare(t *testing.T, file string, answer []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, answer, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	if *update {
		if err := os.WriteFile(file, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, file); !bytes.Equal(want, indented.Bytes()) {
		t.Errorf("%s differs; the answer was\n%s", file, indented.String())
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
