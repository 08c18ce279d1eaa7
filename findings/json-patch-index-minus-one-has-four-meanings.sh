#!/usr/bin/env bash
# Tools: kustomize v5.8.2, fast-json-patch 3.1.1 and rfc6902 5.4.0 (npm), jsonpatch 1.48 (PyPI).
# Seen: RFC 6902 has no index -1. kustomize counts it from the end, fast-json-patch does so for remove alone and loses an add,
#   rfc6902 loses a replace without an error, and jsonpatch refuses. kustomize and fast-json-patch take `00` as 0 too.
# Output: the table at the end, one line for each tool and operation on the list [one, two].
# Matters: a patch that works in an overlay is lost in a tool that previews the overlay, or hits another rule of a route.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent fast-json-patch@3.1.1 rfc6902@5.4.0
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jsonpatch==1.48
GOBIN=$dir go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 2> go.log || { cat go.log; exit 1; }

cat > patch.mjs <<'JS'
import fast from 'fast-json-patch';
import * as rfc6902 from 'rfc6902';

const operation = JSON.parse(process.argv[2]);
const run = (name, apply) => {
  const document = { spec: { rules: [{ name: 'one' }, { name: 'two' }] } };
  let error = '';
  try {
    if (apply(document)) error = ' (error)';
  } catch {
    error = ' (error)';
  }
  console.log(`${name}: ${document.spec.rules.map(rule => rule.name)}${error}`);
};
run('fast-json-patch', document => void fast.applyPatch(document, [operation]));
run('rfc6902', document => rfc6902.applyPatch(document, [operation]).some(result => result !== null));
JS
cat > patch.py <<'PY'
import json
import sys
import jsonpatch

document = {'spec': {'rules': [{'name': 'one'}, {'name': 'two'}]}}
try:
    patched, error = jsonpatch.apply_patch(document, [json.loads(sys.argv[1])]), ''
except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException):
    patched, error = document, ' (error)'
print('jsonpatch: ' + ','.join(rule['name'] for rule in patched['spec']['rules']) + error)
PY
printf 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: shop}\nspec: {rules: [{name: one}, {name: two}]}\n' > route.yaml
for operation in \
  '{"op": "remove", "path": "/spec/rules/-1"}' \
  '{"op": "add", "path": "/spec/rules/-1", "value": {"name": "new"}}' \
  '{"op": "replace", "path": "/spec/rules/-1", "value": {"name": "new"}}' \
  '{"op": "remove", "path": "/spec/rules/00"}'; do
  echo "$operation"
  printf 'resources: [route.yaml]\npatches:\n- target: {kind: HTTPRoute}\n  patch: |-\n    - %s\n' "$operation" > kustomization.yaml
  echo "kustomize: $(./kustomize build . | sed -n 's/^  - name: //p' | paste -sd,)"
  node patch.mjs "$operation"
  python/bin/python patch.py "$operation"
done | tee output
diff output - <<'EXPECTED'
{"op": "remove", "path": "/spec/rules/-1"}
kustomize: one
fast-json-patch: one
rfc6902: one,two (error)
jsonpatch: one,two (error)
{"op": "add", "path": "/spec/rules/-1", "value": {"name": "new"}}
kustomize: one,two,new
fast-json-patch: one,two
rfc6902: one,two (error)
jsonpatch: one,two (error)
{"op": "replace", "path": "/spec/rules/-1", "value": {"name": "new"}}
kustomize: one,new
fast-json-patch: one,two
rfc6902: one,two
jsonpatch: one,two (error)
{"op": "remove", "path": "/spec/rules/00"}
kustomize: two
fast-json-patch: two
rfc6902: one,two (error)
jsonpatch: one,two (error)
EXPECTED
