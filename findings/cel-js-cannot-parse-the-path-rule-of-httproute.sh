#!/usr/bin/env bash
# Tools: cel-js 0.8.2 (npm), the CRDs of sigs.k8s.io/gateway-api v1.6.3.
# Seen: one of the CEL rules of the HTTPRoute CRD has a raw string in triple quotes. cel-js cannot parse it, and parses all others.
# Output: `48 rules, 1 not parsed`, the rule for the characters of a path.
# Matters: a checker on cel-js that skips rules it cannot parse admits paths that the API server refuses.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent cel-js@0.8.2 yaml@2.9.1
printf 'module example.com/finding\n\ngo 1.24\n' > go.mod
crds=$(go mod download -json sigs.k8s.io/gateway-api@v1.6.3 | node -p 'JSON.parse(require("fs").readFileSync(0)).Dir')
cat > parse.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { parse } from 'cel-js';
import YAML from 'yaml';

const rules = new Set();
const walk = node => {
  if (typeof node !== 'object' || node === null) return;
  for (const { rule } of node['x-kubernetes-validations'] ?? []) rules.add(rule);
  for (const child of Object.values(node)) walk(child);
};
walk(YAML.parse(readFileSync(process.argv[2], 'utf8')));
const refused = [...rules].filter(rule => !parse(rule).isSuccess);
console.log(`${rules.size} rules, ${refused.length} not parsed`);
for (const rule of refused) console.log(rule);
JS
node parse.mjs "$crds/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml" | tee output
grep -qx '48 rules, 1 not parsed' output
grep -qF "self.value.matches(r\"\"\"^(?:[-A-Za-z0-9/._~!" output
