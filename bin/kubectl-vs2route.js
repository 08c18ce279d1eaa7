#!/usr/bin/env node
// As a plugin: `kubectl vs2route report -n shop`. kubectl's --namespace names a namespace of the cluster.
const ofCluster = ['report', 'status', 'verify'];

if (ofCluster.includes(process.argv[2]))
  process.argv = process.argv.map(argument =>
    argument.replace(/^--namespace(?==|$)/, '--namespace-in-cluster'),
  );
import('./vs2route.js');
