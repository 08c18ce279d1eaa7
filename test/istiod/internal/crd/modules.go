package crd

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
)

// gatewayAPIModule is where the Gateway API publishes its CRDs, one folder for each channel.
const gatewayAPIModule = "sigs.k8s.io/gateway-api"

// A release is one pinned patch release of the Gateway API.
type release struct {
	minor, version string
	// sum is the module's checksum, as go.sum would hold it. These modules are read, not imported (a go.mod can hold
	// only one of them, and v1.7.0 does not build with Go 1.26), so go.sum cannot pin them.
	sum string
}

var releases = []release{
	{"1.4", "v1.4.1", "h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8="},
	{"1.5", "v1.5.1", "h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0="},
	{"1.6", "v1.6.3", "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc="},
	{"1.7", "v1.7.0", "h1:duVnm7nO6oXfMMUWfcDoBph47CYR/ME3NGxccOVglaY="},
}

// GatewayAPIVersions says which patch release stands for each minor version.
func GatewayAPIVersions() map[string]string {
	versions := map[string]string{}
	for _, r := range releases {
		versions[r.minor] = r.version
	}
	return versions
}

func findRelease(minor string) (release, error) {
	i := slices.IndexFunc(releases, func(r release) bool { return r.minor == minor })
	if i < 0 {
		var known []string
		for _, r := range releases {
			known = append(known, r.minor)
		}
		return release{}, fmt.Errorf("gatewayApi %q: want one of %s", minor, strings.Join(known, ", "))
	}
	return releases[i], nil
}

// zips asks the go command once for every release's zip file in the module cache; it downloads what is not there.
var zips = sync.OnceValues(func() (map[string]string, error) {
	args := []string{"mod", "download", "-json"}
	for _, r := range releases {
		args = append(args, gatewayAPIModule+"@"+r.version)
	}
	command := exec.Command("go", args...)
	command.Dir = os.TempDir() // no go.mod of anybody's has a say
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	// The exit status and a module's Error are ignored on purpose: v1.7.0 is downloaded and then reported as needing
	// a newer Go, which only matters to who imports it.
	output, err := command.Output()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return nil, fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	found := map[string]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(output))); decoder.More(); {
		var module struct{ Version, Zip, Sum, Error string }
		if err := decoder.Decode(&module); err != nil {
			return nil, fmt.Errorf("go mod download: %w", err)
		}
		i := slices.IndexFunc(releases, func(r release) bool { return r.version == module.Version })
		switch {
		case i < 0 || module.Zip == "":
			return nil, fmt.Errorf("%s %s: %s", gatewayAPIModule, module.Version, module.Error)
		case module.Sum != releases[i].sum:
			return nil, fmt.Errorf("%s %s: checksum %s, want %s", gatewayAPIModule, module.Version, module.Sum, releases[i].sum)
		}
		found[module.Version] = module.Zip
	}
	if len(found) != len(releases) {
		return nil, fmt.Errorf("go %s: %d of %d modules", strings.Join(args, " "), len(found), len(releases))
	}
	return found, nil
})

// gatewayAPIFiles reads the CRD files of one release and channel.
func gatewayAPIFiles(r release, channel string) ([][]byte, error) {
	cached, err := zips()
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(cached[r.version])
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	folder := gatewayAPIModule + "@" + r.version + "/config/crd/" + channel + "/"
	var files [][]byte
	for _, file := range archive.File {
		if path.Dir(file.Name)+"/" != folder || path.Ext(file.Name) != ".yaml" {
			continue
		}
		content, err := readZipped(file)
		if err != nil {
			return nil, err
		}
		files = append(files, content)
	}
	return files, nil
}

func readZipped(file *zip.File) ([]byte, error) {
	reader, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return io.ReadAll(reader)
}
