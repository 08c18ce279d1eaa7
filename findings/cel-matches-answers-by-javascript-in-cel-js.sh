#!/usr/bin/env bash
# Tools: @marcbachmann/cel-js 8.0.0 (npm), cel-python 0.5.0 (PyPI).
# Seen: CEL defines `matches` by RE2 syntax. @marcbachmann/cel-js hands the pattern to JavaScript's RegExp, without a flag.
#   `[[:alpha:]]`, `\pL`, `\A` and `\z` have other meanings there, and `(?i)` is an error.
# Output: 'abc' is refused by `^[[:alpha:]]+$`, 'Aabz' is taken by `\Aab\z`; cel-python answers the other way round.
# Matters: a rule of a CRD or an admission policy answers otherwise before a merge than in the API server, in silence.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent @marcbachmann/cel-js@8.0.0
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0 google-re2==1.1.20251105
cat > rules.json <<'JSON'
[
  ["self.matches(r'^[[:alpha:]]+$')", "abc"],
  ["self.matches(r'^\\pL+$')", "abc"],
  ["self.matches(r'\\Aab\\z')", "ab"],
  ["self.matches(r'\\Aab\\z')", "Aabz"],
  ["self.matches(r'(?i)^abc$')", "ABC"]
]
JSON
cat > evaluate.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { evaluate } from '@marcbachmann/cel-js';
for (const [rule, self] of JSON.parse(readFileSync('rules.json', 'utf8'))) {
  let answer;
  try {
    answer = evaluate(rule, { self });
  } catch {
    answer = 'error';
  }
  console.log('JavaScript', rule, self, answer);
}
JS
cat > evaluate.py <<'PY'
import json
import celpy

environment = celpy.Environment()
for rule, value in json.load(open('rules.json')):
    program = environment.program(environment.compile(rule))
    answer = program.evaluate({'self': celpy.celtypes.StringType(value)})
    print('Python', rule, value, 'true' if answer else 'false')
PY
{ node evaluate.mjs; python/bin/python evaluate.py; } | tee output
diff output - <<'EXPECTED'
JavaScript self.matches(r'^[[:alpha:]]+$') abc false
JavaScript self.matches(r'^\pL+$') abc false
JavaScript self.matches(r'\Aab\z') ab false
JavaScript self.matches(r'\Aab\z') Aabz true
JavaScript self.matches(r'(?i)^abc$') ABC error
Python self.matches(r'^[[:alpha:]]+$') abc true
Python self.matches(r'^\pL+$') abc true
Python self.matches(r'\Aab\z') ab true
Python self.matches(r'\Aab\z') Aabz false
Python self.matches(r'(?i)^abc$') ABC true
EXPECTED
