#!/usr/bin/env bash
# Tools: diff 9.0.0 (npm), git (seen with 2.39.5).
# Seen: `git apply` and `applyPatch` search a hunk at other lines where the file changed, without fuzz. Manifests repeat themselves.
#   A hunk for VirtualService b, which is gone, fits VirtualService c word for word.
# Output: `git apply` exits with 0, and both write `attempts: 1` into VirtualService c.
# Matters: a patch of routing manifests that waited for review changes the retries of another host.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

git init --quiet .
npm init -y > npm.log
npm install --no-audit --no-fund --silent diff@9.0.0
cat > patch.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { applyPatch, createTwoFilesPatch } from 'diff';

const virtualService = (name, attempts) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
  - ${name}
  http:
  - timeout: 5s
    retries:
      perTryTimeout: 2s
      attempts: ${attempts}
      retryOn: 5xx
      backoff: 25ms
    route:
    - destination:
        host: ${name}
`;
const before = ['a', 'b', 'c'].map(name => virtualService(name, 3)).join('');
const after = virtualService('a', 3) + virtualService('b', 1) + virtualService('c', 3);
const now = virtualService('a', 3) + virtualService('c', 3);
const patch = createTwoFilesPatch('a/shop.yaml', 'b/shop.yaml', before, after, '', '', { context: 3 });
writeFileSync('shop.patch', patch);
writeFileSync('shop.yaml', now);
writeFileSync('by-diff.yaml', applyPatch(now, patch) || 'refused');
JS
node patch.mjs
git apply shop.patch
{ echo git; grep -E '^  name|attempts' shop.yaml; echo diff; grep -E '^  name|attempts' by-diff.yaml; } | tee output
diff output - <<'EXPECTED'
git
  name: a
      attempts: 3
  name: c
      attempts: 1
diff
  name: a
      attempts: 3
  name: c
      attempts: 1
EXPECTED
