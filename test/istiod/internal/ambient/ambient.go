// Package ambient switches istiod's ambient mode on.
//
// istiod reads PILOT_ENABLE_AMBIENT while its packages are initialised, and derives a dozen other flags and tables
// from it there, so main is too late. Go initialises packages in the order of their import paths as soon as
// their own imports are ready; this one imports only os and sorts before istio.io, so it comes first.
// The tests of package istiod hold that.
package ambient

import "os"

func init() {
	os.Setenv("PILOT_ENABLE_AMBIENT", "true")
}
