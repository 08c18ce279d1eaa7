#!/usr/bin/env bash
# Tools: js-yaml 5.5.0 and 4.1.0 (npm), with their default schemas.
# Seen: js-yaml 4 merges `<<: *anchor` into the mapping. js-yaml 5 keeps `<<` as an ordinary key with a mapping as its value.
# Output: js-yaml 4 `{"host":"shop","subset":"v1"}`, js-yaml 5 `{"<<":{"host":"shop"},"subset":"v1"}`. Neither reports anything.
# Matters: a checker of manifests that takes the new major no longer sees the host, though kubectl still applies it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent js-yaml@5.5.0 four@npm:js-yaml@4.1.0
cat > read.mjs <<'JS'
import { load as load5 } from 'js-yaml';
import four from 'four';

const text = `
destinations:
- &shop {host: shop}
- <<: *shop
  subset: v1
`;
console.log('4', JSON.stringify(four.load(text).destinations[1]));
console.log('5', JSON.stringify(load5(text).destinations[1]));
JS
node read.mjs | tee output
diff output - <<'EXPECTED'
4 {"host":"shop","subset":"v1"}
5 {"<<":{"host":"shop"},"subset":"v1"}
EXPECTED
