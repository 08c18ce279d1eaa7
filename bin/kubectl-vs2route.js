#!/usr/bin/env node
// As a plugin: `kubectl vs2route convert`.
import './vs2route.js';
