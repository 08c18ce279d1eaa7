#!/usr/bin/env bash
# Tools: sigs.k8s.io/yaml v1.6.0 (the reader of kubectl and of every controller), kustomize v5.8.2.
# Seen: a YAML merge key (`<<`) that stands behind a key replaces it in sigs.k8s.io/yaml. kustomize keeps the explicit key.
# Output: `apply -f: shop-v1=10 shop-v1=10`, `apply -k: shop-v1=10 shop-v2=90`, from the same bytes.
# Matters: one manifest sends traffic to shop-v2 or not, by the way it is applied. A converter has to know the way.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

cat > route.yaml <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
spec:
  rules:
  - backendRefs:
    - &v1 {name: shop-v1, port: 80, weight: 10}
    - name: shop-v2
      weight: 90
      <<: *v1
YAML
printf 'resources: [route.yaml]\n' > kustomization.yaml
cat > main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	input, _ := io.ReadAll(os.Stdin)
	output, err := yaml.YAMLToJSON(input)
	fmt.Println(string(output))
	if err != nil {
		panic(err)
	}
}
GO
printf 'module example.com/finding\n\ngo 1.24\n' > go.mod
go get sigs.k8s.io/yaml@v1.6.0 2> go.log || { cat go.log; exit 1; }
go build -o read main.go
GOBIN=$dir go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 2> go.log || { cat go.log; exit 1; }

pairs() { node -e 'const o = JSON.parse(require("fs").readFileSync(0)); console.log(o.spec.rules[0].backendRefs.map(b => `${b.name}=${b.weight}`).join(" "));'; }
./read < route.yaml | pairs > direct
./kustomize build . > built.yaml
./read < built.yaml | pairs > kustomized
echo "apply -f: $(cat direct)"
echo "apply -k: $(cat kustomized)"
[ "$(cat direct)" = 'shop-v1=10 shop-v1=10' ]
[ "$(cat kustomized)" = 'shop-v1=10 shop-v2=90' ]
