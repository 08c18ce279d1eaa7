/** A family of codes: `explain`, `codes` and docs/codes go by it. */
export interface FamilyEntry {
  /** The heading of its page. */
  readonly title: string;
  /** The subject of its codes, in one or two sentences. */
  readonly about: string;
}

/** Every family, in the order of the reference: first the input, then the conversion, then the tools around it. */
export const families = {
  files: {
    title: 'Files and YAML',
    about: 'Texts that vs2route cannot read, or that kubectl reads in another way than people do.',
  },
  refused: {
    title: 'Refused by the API server or istiod',
    about:
      'Objects that the cluster does not accept. They are not converted, and what uses them is not either.',
  },
  unknown: {
    title: 'Fields and kinds that vs2route does not know',
    about: 'Fields that are newer than vs2route, mistyped, or removed from the API.',
  },
  'not-found': {
    title: 'Not found in the input',
    about: 'Objects that the conversion needs and the input does not have. Most are solved by `--with`.',
  },
  templates: {
    title: 'Templates and patches',
    about:
      'Helm templates, placeholders, and kustomize patches that change objects on their way to the cluster.',
  },
  claims: {
    title: 'Host claims',
    about: 'Two or more objects for one host, one name or one environment.',
  },
  hosts: {
    title: 'Hosts',
    about: 'Hosts that have no Service, or that a route names in another way.',
  },
  visibility: {
    title: 'Visibility and namespaces',
    about: 'Differences between clients: exportTo, Sidecar objects, and the namespace of a route.',
  },
  delegates: {
    title: 'Delegates',
    about: 'VirtualServices that delegate, and their delegates. A route has the entries of both.',
  },
  prefixes: {
    title: 'Prefixes by segment',
    about: 'A VirtualService compares a prefix by characters, a PathPrefix by segments.',
  },
  matches: {
    title: 'Matches',
    about: 'Conditions that a route cannot express.',
  },
  order: {
    title: 'Order of entries',
    about:
      'The first matching entry of a VirtualService decides; in a route the most specific match decides.',
  },
  unused: {
    title: 'Without effect today',
    about: 'Parts of the input that match no request. They are left out, and no request changes.',
  },
  destinations: {
    title: 'Destinations',
    about: 'Hosts, ports and weights of destinations.',
  },
  subsets: {
    title: 'Subsets',
    about: 'A route cannot name subsets. Each subset becomes a Service of its own.',
  },
  actions: {
    title: 'Rewrites, redirects and headers',
    about: 'Changes of paths, hosts and headers, and responses without a backend.',
  },
  resilience: {
    title: 'Timeouts, retries, faults, mirrors and CORS',
    about: 'Traffic settings of an entry that a route has in another form, or not at all.',
  },
  limits: {
    title: 'Limits',
    about: 'Limits of the Gateway API CRDs and of vs2route itself.',
  },
  names: {
    title: 'Names in statistics',
    about: 'Names that dashboards and EnvoyFilters may use.',
  },
  'istio-only': {
    title: 'Other implementations',
    about:
      'Results that other implementations may not support, or are known to treat otherwise. See `--profile`.',
  },
  versions: {
    title: 'Versions of the Gateway API',
    about: 'Features that need another version or channel of the Gateway API.',
  },
  waypoints: {
    title: 'Waypoints',
    about: 'Ambient mode: the waypoint that applies a route, and labels that name it.',
  },
  gateways: {
    title: 'Gateways',
    about: 'Istio Gateways, their pods, ports, certificates and addresses.',
  },
  connections: {
    title: 'TLS and TCP',
    about: 'Entries of `tls` and `tcp`, which become TLSRoutes and TCPRoutes.',
  },
  policies: {
    title: 'Policies',
    about: 'AuthorizationPolicies and RequestAuthentications whose enforcement depends on pods and Services.',
  },
  extensions: {
    title: 'EnvoyFilters and extensions',
    about: 'EnvoyFilters, WasmPlugins, Telemetries and monitors that select by names or labels.',
  },
  gitops: {
    title: 'GitOps tools and controllers',
    about: 'Argo CD, Flux, Argo Rollouts, Flagger, external-dns and cert-manager.',
  },
  proof: {
    title: 'Differences found by the proof',
    about:
      'vs2route tries requests before and after. It does not write a route that changes their result unexpectedly.',
  },
} as const satisfies Readonly<Record<string, FamilyEntry>>;

export type Family = keyof typeof families;
