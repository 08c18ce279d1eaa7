//go:build tools

// Package tools keeps the program that the benchmark compares with among the requirements of this module.
package tools

import _ "github.com/kubernetes-sigs/ingress2gateway"
