#!/usr/bin/env bash
# Tools: Go's regexp (seen with 1.26.8; Istio's webhook validates with it), google-re2 1.1.20251105 (PyPI, the C++ library that Envoy uses).
# Seen: Go takes (since 1.25, by its release notes) long names of Unicode classes, in any case. RE2 in C++ takes `\p{L}` and `\p{Lu}` alone.
# Output: `\p{Letter}`, `\p{greek}`, `\p{lu}`, `\p{Cn}`, `\p{Assigned}`: Go takes them, RE2 answers "invalid character class range".
# Matters: a VirtualService with `regex: /\p{Letter}+` passes a validation in Go, and the library of the proxy refuses it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check google-re2==1.1.20251105
printf 'module example.com/finding\n\ngo 1.25\n' > go.mod
cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
)

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		_, err := regexp.Compile(lines.Text())
		fmt.Println("Go", lines.Text(), err == nil)
	}
}
GO
cat > compile.py <<'PY'
import sys
import re2

options = re2.Options()
options.log_errors = False
for line in sys.stdin:
    pattern = line.rstrip('\n')
    try:
        re2.compile(pattern, options)
        print('RE2', pattern, 'true')
    except re2.error:
        print('RE2', pattern, 'false')
PY
printf '%s\n' '\p{L}' '\p{Lu}' '\p{Greek}' '\p{Letter}' '\p{greek}' '\p{lu}' '\p{LC}' '\p{Cn}' '\p{Assigned}' > patterns
{ go run main.go < patterns; python/bin/python compile.py < patterns; } | tee output
diff output - <<'EXPECTED'
Go \p{L} true
Go \p{Lu} true
Go \p{Greek} true
Go \p{Letter} true
Go \p{greek} true
Go \p{lu} true
Go \p{LC} true
Go \p{Cn} true
Go \p{Assigned} true
RE2 \p{L} true
RE2 \p{Lu} true
RE2 \p{Greek} true
RE2 \p{Letter} false
RE2 \p{greek} false
RE2 \p{lu} false
RE2 \p{LC} false
RE2 \p{Cn} false
RE2 \p{Assigned} false
EXPECTED
