#!/usr/bin/env bash
# Tools: yaml 2.9.1 (npm), ruamel.yaml 0.19.1 and PyYAML 6.0.4 (PyPI), github.com/goccy/go-yaml v1.19.2, sigs.k8s.io/yaml v1.6.0.
# Seen: each writer drops the quotes of other strings, because each has its own idea of YAML 1.1 and 1.2. All four lose some.
# Output: what sigs.k8s.io/yaml reads: yaml `1_000` is 1000, ruamel.yaml `on` is true, PyYAML `12e3` is 12000, goccy `08` is 8.
# Matters: a header match `exact: "1_000"` or a label of a commit `"12e3"`, edited by a script, is refused or another value.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir" && rm -rf "$dir"' EXIT
cd "$dir"

npm init -y > npm.log
npm install --no-audit --no-fund --silent yaml@2.9.1
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4 ruamel.yaml==0.19.1
cat > write.mjs <<'JS'
import { stringify } from 'yaml';
for (const exact of ['1_000', '0b1', '12e3', '08']) process.stdout.write(`---\nwriter: yaml\n${stringify({ exact })}`);
JS
cat > write.py <<'PY'
import sys
import yaml
from ruamel.yaml import YAML

for exact in ('1_000', '12e3', '08', '0o17'):
    print('---\nwriter: PyYAML\n' + yaml.safe_dump({'exact': exact}), end='')
for exact in ('on', '12e3', '08'):
    # A round trip: the file has the quotes, and the edit concerns another key.
    print('---\nwriter: ruamel.yaml')
    round_trip = YAML()
    round_trip.dump(round_trip.load(f'exact: "{exact}"\n'), sys.stdout)
PY
mkdir write && cat > write/main.go <<'GO'
package main

import (
	"fmt"

	"github.com/goccy/go-yaml"
)

func main() {
	for _, exact := range []string{"1_000", "12e3", "08"} {
		output, _ := yaml.Marshal(map[string]string{"exact": exact})
		fmt.Printf("---\nwriter: goccy\n%s", output)
	}
}
GO
mkdir read && cat > read/main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	input, _ := io.ReadAll(os.Stdin)
	for _, document := range strings.Split(string(input), "---\n")[1:] {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			panic(err)
		}
		if _, ok := object["exact"].(string); !ok {
			written := strings.TrimPrefix(strings.Split(document, "\n")[1], "exact: ")
			fmt.Printf("%v writes %s, read as %v\n", object["writer"], written, object["exact"])
		}
	}
}
GO
printf 'module example.com/finding\n\ngo 1.24\n' > go.mod
go get sigs.k8s.io/yaml@v1.6.0 github.com/goccy/go-yaml@v1.19.2 2> go.log || { cat go.log; exit 1; }
{ node write.mjs; python/bin/python write.py; go run ./write; } > written.yaml
go run ./read < written.yaml | tee output
diff output - <<'EXPECTED'
yaml writes 1_000, read as 1000
yaml writes 0b1, read as 1
PyYAML writes 12e3, read as 12000
PyYAML writes 08, read as 8
PyYAML writes 0o17, read as 15
ruamel.yaml writes on, read as true
goccy writes 12e3, read as 12000
goccy writes 08, read as 8
EXPECTED
