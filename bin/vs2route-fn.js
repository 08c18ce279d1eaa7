#!/usr/bin/env node
// For orchestrators that run a program without arguments, as kustomize does.
process.argv.splice(2, 0, 'fn');
import('./vs2route.js');
