import { describe, expect, test } from 'vitest';
import { type Coverage, coverageOf, type Policy } from '../../src/3-link/policies/policies.ts';
import { attributesOf, takesPeer } from '../../src/3-link/policies/policy-attributes.ts';
import type { AuthorizationPolicy, AuthorizationRule } from '../../src/istio/security.ts';

function policy(spec: AuthorizationPolicy, namespace = 'bookinfo'): Policy {
  const name = 'p';
  return {
    type: 'istio.AuthorizationPolicy',
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    name,
    namespace,
    metadata: { name },
    spec,
  };
}

describe('the pods of a Service that a policy chooses', () => {
  const reviews = { app: 'reviews' };
  test.each<
    [
      labels: Readonly<Record<string, string>> | undefined,
      selector: Readonly<Record<string, string>> | undefined,
      coverage: Coverage,
    ]
  >([
    [undefined, reviews, 'all'],
    [undefined, undefined, 'all'],
    [{}, reviews, 'all'],
    [reviews, reviews, 'all'],
    [reviews, { ...reviews, version: 'v1' }, 'all'],
    [{ ...reviews, version: 'v1' }, reviews, 'some'],
    [{ tier: 'backend' }, reviews, 'unknown'],
    [{ tier: 'backend', app: 'reviews' }, { app: 'reviews', version: 'v1' }, 'unknown'],
    [{ app: 'ratings' }, reviews, 'none'],
    [{ app: 'ratings', version: 'v1' }, reviews, 'none'],
    [reviews, undefined, 'unknown'],
    [reviews, {}, 'unknown'],
  ])('labels %j, of those with %j: %s', (matchLabels, selector, coverage) => {
    const spec = matchLabels === undefined ? {} : { selector: { matchLabels } };
    expect(coverageOf(policy(spec), { namespace: 'bookinfo', selector }, 'istio-system')).toBe(coverage);
    expect(
      coverageOf(policy(spec, 'istio-system'), { namespace: 'bookinfo', selector }, 'istio-system'),
    ).toBe(coverage);
    expect(coverageOf(policy(spec, 'elsewhere'), { namespace: 'bookinfo', selector }, 'istio-system')).toBe(
      'none',
    );
    expect(coverageOf(policy(spec, 'elsewhere'), { namespace: 'bookinfo', selector }, 'elsewhere')).toBe(
      coverage,
    );
    expect(coverageOf(policy(spec, 'istio-system'), { namespace: 'bookinfo', selector }, 'elsewhere')).toBe(
      'none',
    );
  });

  test('one that has targets chooses none', () => {
    const spec = { targetRefs: [{ kind: 'Service', name: 'reviews' }] };
    expect(coverageOf(policy(spec), { namespace: 'bookinfo', selector: reviews }, 'istio-system')).toBe(
      'none',
    );
  });
});

test('the attributes of a policy are found', () => {
  const spec: AuthorizationPolicy = {
    action: 'AUDIT',
    rules: [
      {
        from: [{ source: { principals: ['a'], remoteIpBlocks: ['10.0.0.1'] } }],
        to: [{ operation: { ports: ['80'], hosts: ['a'] } }],
        when: [
          { key: 'request.headers[a]', values: ['b'] },
          { key: 'source.ip', values: ['10.0.0.1'] },
          { key: 'destination.ip', values: ['10.0.0.1'] },
        ],
      },
      { from: [{ source: { notPrincipals: ['b'] } }, { source: { principals: ['c'] } }] },
    ],
  };
  expect(attributesOf(policy(spec))).toEqual({
    request: ['action AUDIT', 'remoteIpBlocks', 'hosts', 'request.headers[a]'],
    peer: ['principals', 'source.ip', 'notPrincipals'],
    destination: ['ports', 'destination.ip'],
    addresses: ['remoteIpBlocks', 'source.ip'],
  });
});

describe('whether a rule takes what comes from a waypoint', () => {
  const source = (one: NonNullable<AuthorizationRule['from']>[number]['source']): AuthorizationRule => ({
    from: one === undefined ? [] : [{ source: one }],
  });
  test.each<[rule: AuthorizationRule, taken: boolean | undefined]>([
    [{}, true],
    [source({ principals: ['cluster.local/ns/bookinfo/sa/waypoint'] }), true],
    [source({ principals: ['*/sa/waypoint'] }), true],
    [source({ principals: ['cluster.local/ns/bookinfo/*'] }), true],
    [source({ principals: ['*'] }), true],
    [source({ principals: ['cluster.local/ns/bookinfo/sa/productpage'] }), false],
    [source({ notPrincipals: ['*'] }), false],
    [source({ notPrincipals: ['*/sa/productpage'] }), true],
    [source({ namespaces: ['bookinfo'] }), true],
    [source({ namespaces: ['istio-*'] }), false],
    [source({ notNamespaces: ['bookinfo'] }), false],
    [source({ serviceAccounts: ['waypoint'] }), true],
    [source({ serviceAccounts: ['bookinfo/waypoint'] }), true],
    [source({ serviceAccounts: ['default/waypoint'] }), false],
    [source({ notServiceAccounts: ['waypoint'] }), false],
    [source({ ipBlocks: ['10.0.0.0/8'] }), undefined],
    [source({ ipBlocks: ['10.0.0.0/8'], namespaces: ['default'] }), false],
    [{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }, { source: { namespaces: ['bookinfo'] } }] }, true],
    [
      { from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }, { source: { namespaces: ['default'] } }] },
      undefined,
    ],
    [{ when: [{ key: 'source.principal', notValues: ['*/sa/waypoint'] }] }, false],
    [{ when: [{ key: 'source.namespace', values: ['bookinfo'] }] }, true],
    [{ when: [{ key: 'source.ip', values: ['10.0.0.1'] }] }, undefined],
    [{ when: [{ key: 'request.headers[a]', values: ['b'] }] }, true],
  ])('%j: %s', (rule, taken) => {
    expect(takesPeer(rule, { namespace: 'bookinfo', serviceAccount: 'waypoint' }, 'bookinfo')).toBe(taken);
  });
});
