// The built program with a conversion that is easy to predict, so that tests of files and flags do not depend on what
// becomes of a field: a VirtualService becomes a route and a Service, unless its name starts with `held`; a
// DestinationRule goes.
import { parse } from 'yaml';
import { splitDocuments } from '../../dist/1-read/split-documents.js';
import { main } from '../../dist/cli/main.js';

function convert(files, facts, options) {
  if (process.env.SHOW_OPTIONS)
    process.stderr.write(`${JSON.stringify({ options, facts: facts.map(f => f.path) })}\n`);
  const conversion = { resources: [], outputs: [], edits: [], diagnostics: [], together: [] };
  for (const file of files) {
    for (const document of splitDocuments(file)) {
      try {
        convertDocument(
          document,
          parse(file.text.slice(document.range.start, document.range.end)),
          conversion,
        );
      } catch {
        conversion.diagnostics.push(diagnostic('yaml-invalid', document, 'This is not YAML'));
      }
    }
  }
  return conversion;
}

function convertDocument(document, manifest, { resources, outputs, edits, diagnostics }) {
  const { kind, metadata } = manifest;
  if (kind !== 'VirtualService' && kind !== 'DestinationRule') return;
  const source = { document, path: [] };
  const resource = { ...manifest, type: `istio.${kind}`, name: metadata.name, namespace: 'shop', source };
  const add = (status, made, found) => {
    const names = made.map(({ resource: { kind, namespace, name } }) => ({ kind, namespace, name }));
    resources.push({ resource, status, outputs: names, diagnostics: found });
    outputs.push(...made);
    diagnostics.push(...found);
  };
  if (metadata.name.startsWith('held'))
    return add('held-back', [], [diagnostic('fault-injection', document, 'A fault')]);
  const made = kind === 'DestinationRule' ? [] : [route(metadata.name), service(metadata.name)];
  const home = made.map(resource => ({ resource, home: source, origins: [] }));
  edits.push({ kind: 'replace', source, outputs: home });
  add('converted', home, []);
}

function route(name) {
  return {
    type: 'gateway.HTTPRoute',
    apiVersion: 'gateway.networking.k8s.io/v1',
    ...{ kind: 'HTTPRoute', name, namespace: 'shop', metadata: { name } },
    spec: { rules: [{ backendRefs: [{ name, port: 80 }] }] },
  };
}

function service(name) {
  return {
    type: 'core.Service',
    ...{
      apiVersion: 'v1',
      kind: 'Service',
      name: `${name}-v1`,
      namespace: 'shop',
      metadata: { name: `${name}-v1` },
    },
    spec: { ports: [{ port: 80 }] },
  };
}

function diagnostic(code, { file, range }, message) {
  const before = file.text.slice(0, range.start).split('\n');
  const start = { line: before.length, column: before.at(-1).length + 1 };
  const location = {
    file: file.path,
    range: { start: range.start, end: range.start + 4 },
    start,
    end: start,
  };
  const texts = { message, why: 'It is so.', remedy: 'Change it.', path: 'spec', related: [] };
  return { code, severity: 'error', fate: 'unsupported', ...texts, location };
}

await main(process.argv.slice(2), { loadConvert: async () => convert, loadJobs: undefined });
