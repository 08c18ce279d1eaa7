// Package ext stands in for a module that Traefik replaces by a folder of its repository. The zip of Traefik's module has no such
// folder, and a replacement counts in the main module alone.
package ext

// HTTP has no extensions.
type HTTP struct{}

// Router has no extensions.
type Router struct{}
