#!/usr/bin/env bash
# Tools: kustomize v5.8.2, rfc6902 5.4.0 (npm).
# Seen: a JSON 6902 `replace` of a field that is missing adds it, and a `test` of a missing field for null passes.
#   RFC 6902 makes both an error, as rfc6902 does.
# Output: kustomize exits with 0 and prints `timeout: 5s` beside the `timeouts` that was meant.
# Matters: a patch with a misspelt last key of a path does not fail the build. A missing parent does.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent rfc6902@5.4.0
GOBIN=$dir go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 2> go.log || { cat go.log; exit 1; }
cat > route.yaml <<'YAML'
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
spec:
  rules:
  - timeouts:
      request: 10s
YAML
cat > patch.json <<'JSON'
[
  {"op": "test", "path": "/spec/rules/0/retry", "value": null},
  {"op": "replace", "path": "/spec/rules/0/timeout", "value": "5s"}
]
JSON
printf 'resources: [route.yaml]\npatches:\n- target: {kind: HTTPRoute}\n  path: patch.json\n' > kustomization.yaml
{
  ./kustomize build . | sed -n '/rules/,$p'
  node -e '
    const document = { spec: { rules: [{ timeouts: { request: "10s" } }] } };
    const patch = JSON.parse(require("fs").readFileSync("patch.json"));
    console.log(require("rfc6902").applyPatch(document, patch).map(error => error?.name).join(" "));
  '
} | tee output
diff output - <<'EXPECTED'
  rules:
  - timeout: 5s
    timeouts:
      request: 10s
TestError MissingError
EXPECTED
