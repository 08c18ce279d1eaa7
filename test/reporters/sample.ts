import { splitDocuments } from '../../src/1-read/split-documents.ts';
import type { AnyResource } from '../../src/2-decode/resource.ts';
import type { Conversion, ConvertedResource } from '../../src/conversion.ts';
import type { Code } from '../../src/diagnostics/catalog.ts';
import type { Diagnostic, Location } from '../../src/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../src/yaml/source.ts';

export const routes: SourceFile = {
  path: 'shop/reviews.yaml',
  text: `# The shop.
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  http:
  - fault:
      delay: {fixedDelay: 2s}
    route:
    - destination: {host: reviews, subset: v2}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ratings
spec: {hosts: [ratings]}
`,
};
export const rules: SourceFile = {
  path: 'shop/rules.yaml',
  text: `apiVersion: v1
kind: List
items:
- kind: DestinationRule
  metadata: {name: reviews}
- kind: DestinationRule
  metadata: {name: ratings}
  spec:
    subsets:
    - name: v2
`,
};

/** Where the first occurrence of a text is. */
export function locate(file: SourceFile, found: string): Location {
  const start = file.text.indexOf(found);
  const position = (offset: number): Location['start'] => {
    const lines = file.text.slice(0, offset).split('\n');
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  };
  const end = start + found.length;
  return { file: file.path, range: { start, end }, start: position(start), end: position(end) };
}

/** The codes here are whatever makes a good report; the reporters do not look into the catalogue. */
export function diagnostic(code: string, location: Location, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: code as Code,
    severity: 'error',
    fate: 'unsupported',
    message: 'Faults are injected',
    why: 'The Gateway API has no faults.',
    remedy: 'Delete `fault`, or inject the fault in the application.',
    path: 'spec.http[0].fault',
    location,
    related: [],
    ...more,
  };
}

const resourceOf = (
  file: SourceFile,
  kind: string,
  name: string,
  index: number,
  item?: number,
): AnyResource => {
  const document = splitDocuments(file)[index];
  const source = document && { document, path: item === undefined ? [] : ['items', item] };
  return {
    type: `istio.${kind}`,
    apiVersion: 'networking.istio.io/v1',
    kind,
    name,
    namespace: 'shop',
    metadata: { name },
    spec: {},
    source,
  } as unknown as AnyResource;
};

const reviews = { kind: 'VirtualService', namespace: 'shop', name: 'reviews' };
const fault = diagnostic('fault-injection', locate(routes, 'fault'), { resource: reviews });
const subset = diagnostic('subset-assumed', locate(routes, 'v2'), {
  resource: reviews,
  severity: 'warning',
  fate: 'approximate',
  message: 'The subset is assumed',
  path: 'spec.http[0].route[0].destination.subset',
  related: [{ message: 'the subset', location: locate(rules, 'name: v2') }],
});
const prefix = diagnostic('prefix-by-segment', locate(routes, '{hosts: [ratings]}'), {
  severity: 'info',
  fate: 'approximate',
  message: 'The prefix ends at a slash',
});
const invalid = diagnostic('yaml-invalid', locate(rules, 'List'), {
  fate: 'input',
  path: '',
  why: '',
  remedy: '',
});

const proof = { requests: 1200, together: 1, sampled: false, differences: 3, declared: [] };
const resources: readonly ConvertedResource[] = [
  {
    resource: resourceOf(routes, 'VirtualService', 'reviews', 0),
    status: 'held-back',
    outputs: [],
    diagnostics: [fault, subset],
  },
  {
    resource: resourceOf(routes, 'VirtualService', 'ratings', 1),
    status: 'approximate',
    outputs: [{ kind: 'HTTPRoute', namespace: 'shop', name: 'ratings' }],
    diagnostics: [prefix],
    proof,
  },
  {
    resource: resourceOf(rules, 'DestinationRule', 'ratings', 0, 1),
    status: 'converted',
    outputs: [],
    diagnostics: [],
  },
];

/** A conversion with one of everything. */
export const conversion: Conversion = {
  files: [],
  resources,
  outputs: [],
  edits: [],
  removed: new Set(),
  together: [],
  surroundings: [],
  assumptions: {},
  diagnostics: [fault, subset, prefix, invalid],
};

export const textOf = (path: string): string | undefined =>
  [routes, rules].find(file => file.path === path)?.text;
