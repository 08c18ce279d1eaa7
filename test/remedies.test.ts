import { expect, test } from 'vitest';
import { type Code, catalog } from '../src/diagnostics/catalog.ts';
import { convert, type SourceFile } from '../src/index.ts';
import type { Options } from '../src/options.ts';
import { type CaseFolder, caseFolders } from './case-folders.ts';

/** A remedy as a diagnostic prints it, followed to the letter in a case that has the diagnostic. */
interface Followed {
  readonly code: Code;
  /** The part of the remedy that is followed. */
  readonly says: string;
  /** `testdata/cases/NAME` */
  readonly name: string;
  /** Each text stands in the input once, and gets the other one in its place; an empty one stands for the end. */
  readonly edits?: readonly (readonly [string, string])[];
  readonly flags?: Partial<Options>;
  /** Read as `--with`. */
  readonly facts?: string;
  /** The codes of errors afterwards: the next reason, if there is one. */
  readonly next?: readonly Code[];
}

const service = (namespace: string, name: string, port: number, more = ''): string => `---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    ${more === '' ? `app: ${name}` : more}
  ports:
  - name: http
    port: ${port}
`;

const ingress = service('istio-system', 'istio-ingressgateway', 80, 'istio: ingressgateway');
const gatewayService = 'istio-system/istio-ingressgateway';

const followed: readonly Followed[] = [
  {
    code: 'destination-port-not-known',
    says: 'Add the Service with `--with services.yaml`',
    name: 'destination.port/not-known',
    facts: service('harbour', 'lighthouse', 7070),
  },
  {
    code: 'destination-port-not-known',
    says: 'pass --default-port PORT',
    name: 'destination.port/not-known',
    flags: { defaultPort: 7070 },
  },
  {
    code: 'service-not-shown',
    says: 'Add the Service to the input, as a path or with --with FILE',
    name: 'destination.subset/service-not-shown',
    facts: service('harbour', 'lighthouse', 7070),
  },
  {
    code: 'service-not-shown',
    says: 'pass --default-port PORT',
    name: 'destination.subset/service-not-shown',
    flags: { defaultPort: 7070 },
  },
  {
    code: 'gateways-share-a-host',
    says: 'Bind all VirtualServices of this host to one Istio Gateway first',
    name: 'gateway/shared-pods-and-a-host-of-the-other-alone',
    edits: [['gateways:\n  - dyeing', 'gateways:\n  - weaving']],
  },
  {
    code: 'gateways-share-a-host',
    says: 'Bind all VirtualServices of this host to one Istio Gateway first',
    name: 'gateway/shared-pods-and-a-server-for-one-namespace',
    edits: [['gateways:\n  - dyeing', 'gateways:\n  - mill/weaving']],
  },
  {
    code: 'gateways-share-a-host',
    says: 'keep the running pods with --gateway-service NAMESPACE/NAME',
    name: 'gateway/shared-pods-and-a-host-of-the-other-alone',
    flags: { gatewayService },
    facts: ingress,
  },
  {
    code: 'gateway-order-not-known',
    says: 'Add metadata.creationTimestamp to both Istio Gateways',
    name: 'gateway/shared-pods-and-gateways-of-unknown-age',
    edits: [
      ['  name: weaving\n', '  name: weaving\n  creationTimestamp: "2024-01-01T00:00:00Z"\n'],
      ['  name: dyeing\n', '  name: dyeing\n  creationTimestamp: "2024-02-01T00:00:00Z"\n'],
    ],
  },
  {
    code: 'gateway-order-not-known',
    says: 'bind both VirtualServices to one of them',
    name: 'gateway/shared-pods-and-gateways-of-unknown-age',
    edits: [['gateways:\n  - dyeing', 'gateways:\n  - weaving']],
  },
  {
    code: 'gateway-pods-elsewhere',
    says: 'Keep the pods with --gateway-service NAMESPACE/NAME',
    name: 'gateways/pods-in-an-unknown-namespace',
    flags: { gatewayService },
  },
  {
    code: 'gateway-pods-elsewhere',
    says: 'add that Service with --with FILE',
    name: 'gateways/pods-in-an-unknown-namespace',
    facts: ingress,
    next: ['gateway-in-another-namespace'],
  },
  {
    code: 'gateway-in-another-namespace',
    says: 'Keep the pods with --gateway-service NAMESPACE/NAME of their Service',
    name: 'gateway/pods-in-another-namespace',
    flags: { gatewayService },
  },
  {
    code: 'gateway-in-another-namespace',
    says: 'move the Istio Gateway to namespace {pods} before the conversion, and write {pods}/NAME in `gateways`',
    name: 'gateway/pods-in-another-namespace',
    edits: [
      ['  name: front\n  namespace: bakery\n', '  name: front\n  namespace: istio-system\n'],
      ['gateways:\n  - front', 'gateways:\n  - istio-system/front'],
    ],
  },
  {
    code: 'host-claimed-twice',
    says: 'add metadata.creationTimestamp to both',
    name: 'tcp/two-virtual-services',
    edits: [
      [
        '  name: safe-a\n  namespace: vault\nspec:\n  hosts',
        '  name: safe-a\n  namespace: vault\n  creationTimestamp: "2024-01-01T00:00:00Z"\nspec:\n  hosts',
      ],
      [
        '  name: safe-b\n  namespace: vault\nspec:\n  hosts',
        '  name: safe-b\n  namespace: vault\n  creationTimestamp: "2024-02-01T00:00:00Z"\nspec:\n  hosts',
      ],
    ],
  },
  {
    code: 'destination-port-left-out',
    says: 'Add the port to the destination',
    name: 'destination.port/left-out-where-sidecars-take-the-port-of-the-request',
    edits: [['host: foghorn\n---', 'host: foghorn\n        port:\n          number: 8080\n---']],
  },
  {
    code: 'destination-port-left-out',
    says: 'convert with --from ambient',
    name: 'destination.port/left-out-where-sidecars-take-the-port-of-the-request',
    flags: { from: 'ambient' },
  },
  {
    code: 'service-entry-hosts',
    says: 'Split the ServiceEntry: one for the hosts of the VirtualService, one for the other hosts',
    name: 'hosts/one-of-two-of-a-service-entry',
    edits: [
      ['  - stream.radio.example\n  - archive.radio.example\n', '  - stream.radio.example\n'],
      [
        '',
        '---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: radio-archive\n  namespace: hall\nspec:\n  hosts:\n  - archive.radio.example\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports:\n  - number: 80\n    name: http\n    protocol: HTTP\n',
      ],
    ],
  },
  {
    code: 'wildcard-service-entry',
    says: 'convert with --from ambient',
    name: 'hosts/wildcard-service-entry',
    flags: { from: 'ambient' },
  },
  {
    code: 'gateway-destination',
    says: 'Export {host} to the namespace of the gateway',
    name: 'gateway/destination-that-is-not-exported',
    edits: [['networking.istio.io/exportTo: hall', 'networking.istio.io/exportTo: hall,istio-system,bakery']],
  },
  {
    code: 'sidecar-egress',
    says: 'Add {host} for both namespaces to the egress hosts of the Sidecar',
    name: 'Sidecar/of-some-pods',
    edits: [
      [
        '      app: cook\n  egress:\n  - hosts:\n    - hold/*\n',
        '      app: cook\n  egress:\n  - hosts:\n    - hold/*\n    - deck/*\n',
      ],
    ],
  },
  {
    code: 'sidecar-egress',
    says: 'move the VirtualService to namespace {namespace} first',
    name: 'Sidecar/of-some-pods',
    edits: [['  namespace: deck\n', '  namespace: hold\n']],
  },
  {
    code: 'host-claimed-for-others',
    says: 'merge both into one VirtualService',
    name: 'hosts/wildcard-for-requests-and-one-for-connections-of-some',
    edits: [
      ['  exportTo:\n  - barge\n', ''],
      [
        '---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: crane\n  namespace: pier\n  creationTimestamp: "2024-05-01T00:00:00Z"\nspec:\n  hosts:\n  - "*.pier.svc.cluster.local"\n',
        '',
      ],
    ],
  },
  {
    code: 'comes-to-life',
    says: 'name the Services in spec.hosts, instead of the wildcard',
    name: 'waypoint/wildcard-to-what-the-waypoint-does-not-have',
    edits: [['  - "*.abbey.svc.cluster.local"', '  - choir\n  - nave']],
  },
  {
    code: 'comes-to-life',
    says: 'name the Services in spec.hosts, instead of the wildcard',
    name: 'waypoint/connections-of-a-wildcard-to-what-the-waypoint-does-not-have',
    edits: [['  - "*.abbey.svc.cluster.local"', '  - bells']],
  },
  {
    code: 'comes-to-life',
    says: 'correct exportTo of the DestinationRule',
    name: 'gateway/subset-of-the-destination-that-is-not-exported',
    edits: [['  exportTo:\n  - "."\n', '']],
  },
  {
    code: 'comes-to-life',
    says: 'change that in Istio Gateway quarry/guarded',
    name: 'gateway/older-one-has-the-name',
    edits: [
      [
        '    - "*.example.com"\n    tls:\n      mode: MUTUAL\n',
        '    - "*.example.org"\n    tls:\n      mode: MUTUAL\n',
      ],
    ],
  },
  {
    code: 'direct-response',
    says: 'If it is the last entry and returns 404, delete it',
    name: 'directResponse/404-at-the-end-beside-another',
    edits: [['  - directResponse:\n      status: 404\n', '']],
  },
];

const cases = new Map(caseFolders().map(folder => [folder.name, folder]));

function caseOf(name: string): CaseFolder {
  const found = cases.get(name);
  if (found === undefined) throw new Error(`there is no case ${name}`);
  return found;
}

function edited(text: string, edits: Followed['edits'] = []): string {
  return edits.reduce((left, [from, to]) => {
    if (from === '') return `${left}${to}`;
    expect(left.split(from).length, `how often the input has ${from}`).toBe(2);
    return left.replace(from, () => to);
  }, text);
}

/** @returns the codes of all errors */
function errorsOf(files: readonly SourceFile[], facts: readonly SourceFile[], options: Options) {
  const { resources, diagnostics } = convert(files, facts, options);
  const held = resources.filter(({ status }) => status === 'held-back');
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    codes: [...new Set(errors.map(({ code }) => code))].sort(),
    remedies: errors.map(({ remedy }) => remedy),
    held: held.map(({ resource }) => resource.name),
  };
}

test.each(followed)('$code: $says ($name)', ({ code, says, name, edits, flags, facts, next = [] }) => {
  const { input, facts: own, options } = caseOf(name);
  const given = facts === undefined ? own : [...own, { path: 'given.yaml', text: facts }];
  const text = edited(input.text, edits);
  const { codes: before, remedies } = errorsOf([input], own, options);
  const said = [catalog[code].remedy, ...remedies].map(remedy => remedy.toLowerCase());
  expect(said.filter(remedy => remedy.includes(says.toLowerCase()))).not.toEqual([]);
  expect(before).toContain(code);
  const { codes, held } = errorsOf([{ ...input, text }], given, { ...options, ...flags });
  expect({ codes, isHeld: held.length > 0 }).toEqual({ codes: next, isHeld: next.length > 0 });
});
