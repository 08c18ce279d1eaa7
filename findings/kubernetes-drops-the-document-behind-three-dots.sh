#!/usr/bin/env bash
# Tools: k8s.io/apimachinery v0.36.1 (the reader of kubectl apply -f), yaml 2.9.1 and js-yaml 5.5.0 (npm).
# Seen: `...` ends a YAML document, and another may follow without `---` (YAML 1.2, example 9.3). Readers of YAML find two documents.
#   The decoder of Kubernetes splits at `---` alone and reads the first document of each part. The other is dropped without an error.
# Output: yaml and js-yaml read `shop cart`, apimachinery reads `shop`.
# Matters: a tool that reads all of the file converts and deletes an object that never was in the cluster.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > services.yaml <<'YAML'
kind: VirtualService
metadata: {name: shop}
...
kind: VirtualService
metadata: {name: cart}
YAML
npm init -y > npm.log
npm install --no-audit --no-fund --silent yaml@2.9.1 js-yaml@5.5.0
cat > main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	decoder := yaml.NewYAMLOrJSONDecoder(os.Stdin, 4096)
	fmt.Print("apimachinery:")
	for {
		var object struct{ Metadata struct{ Name string } }
		err := decoder.Decode(&object)
		if err == io.EOF {
			break
		}
		if err != nil {
			panic(err)
		}
		fmt.Print(" ", object.Metadata.Name)
	}
	fmt.Println()
}
GO
printf 'module example.com/finding\n\ngo 1.26\n' > go.mod
go get k8s.io/apimachinery/pkg/util/yaml@v0.36.1 2> go.log || { cat go.log; exit 1; }
{
  node -e 'console.log("yaml:", require("yaml").parseAllDocuments(require("fs").readFileSync("services.yaml", "utf8")).map(d => d.toJS().metadata.name).join(" "))'
  node -e 'console.log("js-yaml:", require("js-yaml").loadAll(require("fs").readFileSync("services.yaml", "utf8")).map(d => d.metadata.name).join(" "))'
  go run main.go < services.yaml
} | tee output
diff output - <<'EXPECTED'
yaml: shop cart
js-yaml: shop cart
apimachinery: shop
EXPECTED
