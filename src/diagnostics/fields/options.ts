/** The option that fields need, or that changes their result; a path includes everything below it. */
export interface FieldOption {
  readonly kind: 'VirtualService' | 'DestinationRule' | 'Gateway';
  readonly path: string;
  /** Markdown, for the column `options` of docs/fields.md. */
  readonly option: string;
}

const partial = '`--partial` leaves out values that a route cannot express';
const retries = `\`--gateway-api 1.7\` or \`--channel experimental\`; ${partial}`;
const cors = `\`--gateway-api 1.5\` or later; ${partial}`;

/** Every option that decides about a field; other fields have the same result with all options. */
export const fieldOptions: readonly FieldOption[] = [
  { kind: 'VirtualService', path: 'gateways', option: '`--gateways`, `--gateway`, `--gateway-service`' },
  { kind: 'VirtualService', path: 'http.match.uri', option: '`--prefix string` keeps the exact meaning' },
  { kind: 'VirtualService', path: 'http.match.scheme', option: '`--trusted-proxies`' },
  {
    kind: 'VirtualService',
    path: 'http.match.sourceLabels',
    option: '`--from ambient`: left out, because waypoints do not match it',
  },
  { kind: 'VirtualService', path: 'http.route.destination.port', option: '`--default-port`' },
  {
    kind: 'VirtualService',
    path: 'http.redirect.redirectCode',
    option: '`--gateway-api 1.5` or later for codes other than 301 and 302',
  },
  { kind: 'VirtualService', path: 'http.redirect.scheme', option: '`--trusted-proxies`' },
  { kind: 'VirtualService', path: 'http.retries', option: retries },
  { kind: 'VirtualService', path: 'http.fault', option: '`--partial` leaves it out' },
  { kind: 'VirtualService', path: 'http.mirror', option: partial },
  { kind: 'VirtualService', path: 'http.mirrors', option: partial },
  { kind: 'VirtualService', path: 'http.corsPolicy', option: cors },
  { kind: 'VirtualService', path: 'tls', option: '`--gateway-api 1.5` or later' },
  { kind: 'VirtualService', path: 'tcp', option: '`--gateway-api 1.6` or later' },
  { kind: 'Gateway', path: 'selector', option: '`--gateways`, `--gateway-service`' },
  { kind: 'Gateway', path: 'servers.tls.httpsRedirect', option: '`--trusted-proxies`' },
  { kind: 'Gateway', path: 'servers.tls.caCertCredentialName', option: '`--gateway-api 1.5` or later' },
];

/** @returns the option of a field, empty where none decides about it */
export function optionOf(kind: string, path: string): string {
  const found = fieldOptions.find(
    one => one.kind === kind && (path === one.path || path.startsWith(`${one.path}.`)),
  );
  return found?.option ?? '';
}
