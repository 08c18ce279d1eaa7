import { describe, expect, test } from 'vitest';
import { decodeText, lines, virtualService } from './decoded.ts';

const says = (spec: string): readonly string[] => lines(decodeText(virtualService(spec)).diagnostics);

/** An entry of `http` that is fine but for what is given. */
const entry = (fields: string): string =>
  `{hosts: [a], http: [{route: [{destination: {host: a}}], ${fields}}]}`;
const match = (fields: string): string => entry(`match: [{${fields}}]`);

describe('types', () => {
  test.each<[spec: string, says: readonly string[]]>([
    [
      '{hosts: a, http: [{delegate: {name: a}}]}',
      ['error wrong-type spec.hosts: `hosts` must be a list, but it is the string "a"'],
    ],
    [
      '{hosts: [on], http: [{delegate: {name: a}}]}',
      [
        'error wrong-type spec.hosts[0]: `hosts[0]` must be a string, but it is the boolean true (written `on`)',
      ],
    ],
    [
      '{hosts: [80], http: [{delegate: {name: a}}]}',
      ['error wrong-type spec.hosts[0]: `hosts[0]` must be a string, but it is the number 80'],
    ],
    [
      '{hosts: [~, a], http: [{delegate: {name: a}}]}',
      ['error wrong-type spec.hosts[0]: `hosts[0]` must be a string, but it is nothing'],
    ],
    [
      entry('match: {uri: {prefix: /}}'),
      ['error wrong-type spec.http[0].match: `match` must be a list, but it is a mapping'],
    ],
    [
      entry('timeout: 5'),
      ['error wrong-type spec.http[0].timeout: `timeout` must be a string, but it is the number 5'],
    ],
    [
      entry('timeout: [5s]'),
      ['error wrong-type spec.http[0].timeout: `timeout` must be a string, but it is a list'],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}, weight: "80"}]}]}',
      [
        'error wrong-type spec.http[0].route[0].weight: `weight` must be a whole number, but it is the string "80"',
      ],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}, weight: 1.5}]}]}',
      [
        'error wrong-type spec.http[0].route[0].weight: `weight` must be a whole number, but it is the number 1.5',
      ],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}, weight: 3000000000}]}]}',
      [
        'error number-out-of-range spec.http[0].route[0].weight: `weight` is 3000000000; the allowed range is -2147483648 to 2147483647',
      ],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}, weight: "$(WEIGHT)"}]}]}',
      [
        'error placeholder-unresolved spec.http[0].route[0].weight: `weight` is the placeholder `$(WEIGHT)`, whose value is not found in the input',
      ],
    ],
    [
      match('ignoreUriCase: yes'),
      [
        'warning yaml-1.1-scalar spec.http[0].match[0].ignoreUriCase: kubectl reads `yes` without quotes as true',
      ],
    ],
    [
      match('uri: {exact: /a, prefix: /b}'),
      [
        'error fields-exclude-each-other spec.http[0].match[0].uri: only one of `exact` and `prefix` may be set',
      ],
    ],
    [match('uri: {exact: /a, prefix: }'), []],
    [
      match('headers: {x-a: }'),
      [
        'warning entry-without-value spec.http[0].match[0].headers.x-a: `x-a` in `headers` has no value; it is ignored today and left out',
      ],
    ],
    [entry('mirror_percent: 5, mirror: {host: b}'), []],
    [
      entry('corsPolicy: {unmatchedPreflights: forward}'),
      [
        'error value-not-allowed spec.http[0].corsPolicy.unmatchedPreflights: `forward` is not a valid value of `unmatchedPreflights`',
      ],
    ],
    [
      '{hosts: [a], http: [{route: [{weight: 5}]}]}',
      ['error field-missing spec.http[0].route[0]: `route[0]` has no `destination`'],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {subset: v1}}]}]}',
      ['error field-missing spec.http[0].route[0].destination: `destination` has no `host`'],
    ],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});

describe('fields that the API does not have', () => {
  test.each<[spec: string, code: string, field: string, remedy: string]>([
    [
      '{hosts: [a], ggateways: [mesh], http: [{delegate: {name: a}}]}',
      'field-not-known',
      'spec.ggateways',
      'Write `gateways`, if that is meant.',
    ],
    [
      '{hosts: [a], http: [{delegate: {name: a}}], https: []}',
      'field-not-known',
      'spec.https',
      'Write `http`, if that is meant.',
    ],
    [
      entry('colour: red'),
      'field-not-known',
      'spec.http[0].colour',
      'Delete the field, or move it to where it belongs.',
    ],
    [
      match('queryparams: {}'),
      'field-not-known',
      'spec.http[0].match[0].queryparams',
      'Write `queryParams`, if that is meant.',
    ],
    [
      entry('websocketUpgrade: true'),
      'removed-field',
      'spec.http[0].websocketUpgrade',
      'Delete it: WebSockets need no switch any more.',
    ],
    [
      entry('appendHeaders: {a: b}'),
      'removed-field',
      'spec.http[0].appendHeaders',
      'Write `headers.request.add`.',
    ],
    [
      entry('removeResponseHeaders: {a: b}'),
      'removed-field',
      'spec.http[0].removeResponseHeaders',
      'Write `headers.response.remove`.',
    ],
    [entry('cors_policy: {}'), 'removed-field', 'spec.http[0].cors_policy', 'Write `corsPolicy`.'],
    [
      entry('rewrite: {authority: b, uri_regex_rewrite: {}}'),
      'removed-field',
      'spec.http[0].rewrite.uri_regex_rewrite',
      'Write `uriRegexRewrite`.',
    ],
    [
      entry('fault: {abort: {httpStatus: 503, percent: 10}}'),
      'removed-field',
      'spec.http[0].fault.abort.percent',
      'Write `percentage` with a `value`; without it every request is aborted.',
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a, port: {number: 80, name: http}}}]}]}',
      'removed-field',
      'spec.http[0].route[0].destination.port.name',
      'Write the `number` of the port.',
    ],
  ])('%s', (spec, code, field, remedy) => {
    const { diagnostics } = decodeText(virtualService(spec));
    expect(diagnostics).toHaveLength(1);
    const severity = code === 'field-not-known' ? 'error' : 'warning';
    expect(diagnostics[0]).toMatchObject({ severity, code, path: field });
    expect(diagnostics[0]?.remedy.startsWith(remedy)).toBe(true);
  });

  test('the name is what is pointed at', () => {
    const text = virtualService('{hosts: [a], ggateways: [mesh], http: [{delegate: {name: a}}]}');
    const [diagnostic] = decodeText(text).diagnostics;
    expect(text.slice(diagnostic?.location.range.start, diagnostic?.location.range.end)).toBe('ggateways');
  });
});

describe('istiod refuses these VirtualServices', () => {
  test.each<[spec: string, says: readonly string[]]>([
    ['{}', ['error field-missing spec: `spec` has no `http`, `tls` or `tcp`']],
    ['{http: [{route: [{destination: {host: a}}]}]}', []],
    [
      '{gateways: [mesh], http: [{route: [{destination: {host: a}}]}]}',
      ['error hosts-missing spec: the VirtualService has `gateways` but no `hosts`'],
    ],
    [
      '{hosts: [reviews_v2], http: [{delegate: {name: a}}]}',
      ['error host-invalid spec.hosts[0]: `reviews_v2` is not a valid host: `reviews_v2` is not a DNS label'],
    ],
    [
      '{hosts: ["*"], http: [{delegate: {name: a}}]}',
      ['error wildcard-on-mesh spec.hosts[0]: host `*` is not allowed for gateway `mesh`'],
    ],
    ['{hosts: ["*"], gateways: [gw], http: [{delegate: {name: a}}]}', []],
    [
      '{hosts: ["*.x.com", a.x.com], http: [{delegate: {name: a}}]}',
      ['error hosts-overlap spec.hosts[1]: host `a.x.com` is already covered by `*.x.com`'],
    ],
    ['{hosts: ["a.$(DOMAIN)", API_HOST.x.com, 10.0.0.1], http: [{delegate: {name: a}}]}', []],
    [
      '{hosts: [a], gateways: [ns/gw_1], http: [{delegate: {name: a}}]}',
      [
        'error gateway-name-invalid spec.gateways[0]: `ns/gw_1` is not a valid Gateway name: `gw_1` is not a Gateway name',
      ],
    ],
    [
      '{hosts: [a], exportTo: ["*", b], http: [{delegate: {name: a}}]}',
      [
        'error export-to-invalid spec.exportTo: `exportTo` is not valid: `*` stands for all namespaces, so no other may be named',
      ],
    ],
    [
      '{hosts: [a], exportTo: [., b], http: [{delegate: {name: a}}]}',
      ['error export-to-invalid spec.exportTo: `exportTo` is not valid: `b` is named twice'],
    ],
    [
      '{hosts: [a], http: [{}]}',
      ['error action-missing spec.http[0]: `http[0]` has no `route` or other action'],
    ],
    [
      entry('redirect: {uri: /}'),
      ['error actions-conflict spec.http[0]: `redirect` and `route` are set together'],
    ],
    [
      entry('mirror: {host: b}, mirrors: [{destination: {host: c}}]'),
      ['error actions-conflict spec.http[0]: `mirror` and `mirrors` are set together'],
    ],
    [
      '{http: [{delegate: {name: b}, route: [{destination: {host: a}}]}]}',
      ['error delegate-in-delegate spec.http[0].delegate: this delegate delegates to another VirtualService'],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}}, {destination: {host: b}}]}]}',
      ['error weights-all-zero spec.http[0].route: no destination has a weight above 0'],
    ],
    ['{hosts: [a], http: [{route: [{destination: {host: a}, weight: 0}]}]}', []],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}, weight: 150}, {destination: {host: b}, weight: 50}]}]}',
      [],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a}, weight: -1}, {destination: {host: b}, weight: 2}]}]}',
      ['error count-negative spec.http[0].route[0].weight: `weight` is -1, but it must be 0 or more'],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a, port: {number: 70000}}}]}]}',
      [
        'error number-out-of-range spec.http[0].route[0].destination.port.number: `number` is 70000; the allowed range is 1 to 65535',
      ],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a, port: {}}}]}]}',
      ['error field-missing spec.http[0].route[0].destination.port: `port` has no `number`'],
    ],
    [
      '{hosts: [a], http: [{route: [{destination: {host: a, subset: v1.2}}]}]}',
      [
        'error name-invalid spec.http[0].route[0].destination.subset: `v1.2` is not a valid name for a subset: it is not a DNS label',
      ],
    ],
    [
      match('uri: {regex: "/(?!a)"}'),
      [
        'error regex-invalid spec.http[0].match[0].uri.regex: regular expression `/(?!a)` is not valid: invalid or unsupported Perl syntax: `(?!` (RE2 syntax)',
      ],
    ],
    [match('uri: {prefix: ""}'), []],
    [
      match('method: {prefix: ""}'),
      ['error field-empty spec.http[0].match[0].method.prefix: `prefix` needs a value'],
    ],
    [match('withoutHeaders: {x-a: {regex: "*"}}'), []],
    [
      match('headers: {"@request.auth.claims.group": {exact: a}}'),
      [
        'error jwt-claim-on-mesh spec.http[0].match[0].headers["@request.auth.claims.group"]: JWT claim `@request.auth.claims.group` is matched for gateway `mesh`',
      ],
    ],
    [
      match('headers: {"a b": {}}'),
      [
        'error header-name-invalid spec.http[0].match[0].headers["a b"]: `a b` is not a valid header name here: it has characters that no header name has',
      ],
    ],
    [
      match('sourceLabels: {app: "a b"}'),
      [
        'error label-invalid spec.http[0].match[0].sourceLabels.app: the label is not valid: `a b` is not a label value',
      ],
    ],
    [
      entry('headers: {response: {set: {Host: a}}}'),
      [
        'error header-name-invalid spec.http[0].headers.response.set.Host: `Host` is not a valid header name here: the host is set in requests only, by `set` or `add`',
      ],
    ],
    [
      entry('headers: {request: {set: {x-share: 50%}}}'),
      [
        'error header-value-invalid spec.http[0].headers.request.set.x-share: the value of header `x-share` is not valid: a single `%` begins a variable such as `%REQ(x-user)%`; a percent sign is `%%`',
      ],
    ],
    [
      entry('rewrite: {authority: b}, headers: {request: {set: {host: c}}}'),
      [
        'error authority-set-twice spec.http[0]: the host of the request is rewritten in 2 places: `rewrite.authority` and `headers.request.set.host`',
      ],
    ],
    [
      entry('timeout: 0s'),
      ['error duration-invalid spec.http[0].timeout: `0s` is not a valid duration: it is shorter than `1ms`'],
    ],
    [
      entry('timeout: "5"'),
      [
        'error duration-invalid spec.http[0].timeout: `5` is not a valid duration: it has no unit, such as `s` or `ms`',
      ],
    ],
    [entry('timeout: 1h30m'), []],
    [
      entry('retries: {perTryTimeout: 2s}'),
      [
        'error retries-disabled spec.http[0].retries: `perTryTimeout` is set, but `attempts` is 0 or missing, which disables retries',
      ],
    ],
    [
      entry('retries: {attempts: 3, retryOn: "5xx, reset"}'),
      ['error retry-on-invalid spec.http[0].retries.retryOn: ` reset` is not a valid retry condition'],
    ],
    [
      entry('mirror: {host: b}, mirrorPercentage: {value: 101}'),
      [
        'error number-out-of-range spec.http[0].mirrorPercentage.value: `mirrorPercentage` is 101; the allowed range is 0 to 100',
      ],
    ],
    [entry('fault: {}'), ['error field-empty spec.http[0].fault: `fault` needs a `delay` or an `abort`']],
    [
      '{hosts: [a], http: [{redirect: {redirectCode: 301}}]}',
      [
        'error field-empty spec.http[0].redirect: `redirect` needs a `uri`, an `authority`, a `scheme` or a `port`',
      ],
    ],
    [
      '{hosts: [a.x.com], tls: [{match: [{sniHosts: [b.x.com]}], route: [{destination: {host: a}}]}]}',
      [
        'error sni-host-not-in-hosts spec.tls[0].match[0].sniHosts[0]: SNI host `b.x.com` is not in `hosts` of the VirtualService',
      ],
    ],
    [
      '{hosts: [a], tcp: [{match: [{destinationSubnets: [10.0.0.0/33]}], route: [{destination: {host: a}}]}]}',
      [
        'error subnet-invalid spec.tcp[0].match[0].destinationSubnets[0]: `10.0.0.0/33` is not an IP address or CIDR block',
      ],
    ],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});
