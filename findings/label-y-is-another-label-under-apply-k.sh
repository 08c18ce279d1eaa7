#!/usr/bin/env bash
# Tools: sigs.k8s.io/yaml v1.6.0 (the reader of kubectl), kustomize v5.8.2.
# Seen: sigs.k8s.io/yaml reads the plain scalars `y` and `n` as booleans, keys too. kustomize reads strings and writes quotes.
# Output: the labels `{y: "1", n: "2"}` are `{"false":"2","true":"1"}` by apply -f and `{"n":"2","y":"1"}` by apply -k.
# Matters: a subset or a selector with such a label selects other pods, by the way the manifest is applied. No error is raised.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > rule.yaml <<'YAML'
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: shop
spec:
  host: shop
  subsets:
  - name: canary
    labels: {y: "1", n: "2"}
YAML
printf 'resources: [rule.yaml]\n' > kustomization.yaml
cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	input, _ := io.ReadAll(os.Stdin)
	var rule struct {
		Spec struct {
			Subsets []struct{ Labels map[string]string }
		}
	}
	if err := yaml.Unmarshal(input, &rule); err != nil {
		panic(err)
	}
	labels, _ := json.Marshal(rule.Spec.Subsets[0].Labels)
	fmt.Println(string(labels))
}
GO
printf 'module example.com/finding\n\ngo 1.24\n' > go.mod
go get sigs.k8s.io/yaml@v1.6.0 2> go.log || { cat go.log; exit 1; }
go build -o read main.go
GOBIN=$dir go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 2> go.log || { cat go.log; exit 1; }
{ echo "apply -f: $(./read < rule.yaml)"; echo "apply -k: $(./kustomize build . | ./read)"; } | tee output
diff output - <<'EXPECTED'
apply -f: {"false":"2","true":"1"}
apply -k: {"n":"2","y":"1"}
EXPECTED
