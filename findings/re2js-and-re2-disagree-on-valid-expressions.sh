#!/usr/bin/env bash
# Tools: re2js 2.10.0 (npm, a port of RE2), google-re2 1.1.20251105 (PyPI, the C++ library that Envoy uses).
# Seen: re2js refuses two groups of one name, which RE2 takes. re2js takes `\p{Alphabetic}`, `\p{Cn}` and `\p{Garay}`, which RE2 refuses.
# Output: the table at the end.
# Matters: a port of RE2 is no proof that Envoy takes a regular expression, nor that it refuses one.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent re2js@2.10.0
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check google-re2==1.1.20251105
cat > compile.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { RE2JS } from 're2js';
for (const pattern of readFileSync('patterns', 'utf8').trim().split('\n')) {
  let taken = true;
  try {
    RE2JS.compile(pattern);
  } catch {
    taken = false;
  }
  console.log('re2js', pattern, taken);
}
JS
cat > compile.py <<'PY'
import re2

options = re2.Options()
options.log_errors = False
for line in open('patterns'):
    pattern = line.rstrip('\n')
    try:
        re2.compile(pattern, options)
        print('RE2', pattern, 'true')
    except re2.error:
        print('RE2', pattern, 'false')
PY
printf '%s\n' '/(?P<id>[0-9]+)/(?P<id>[a-z]+)' '\p{Alphabetic}+' '\p{Cn}' '\p{Garay}' > patterns
{ node compile.mjs; python/bin/python compile.py; } | tee output
diff output - <<'EXPECTED'
re2js /(?P<id>[0-9]+)/(?P<id>[a-z]+) false
re2js \p{Alphabetic}+ true
re2js \p{Cn} true
re2js \p{Garay} true
RE2 /(?P<id>[0-9]+)/(?P<id>[a-z]+) true
RE2 \p{Alphabetic}+ false
RE2 \p{Cn} false
RE2 \p{Garay} false
EXPECTED
