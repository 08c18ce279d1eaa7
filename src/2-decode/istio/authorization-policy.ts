import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, enumeration, list, string } from '../decoder.ts';
import { isWritten, object, required } from '../object.ts';
import { hasPlaceholder } from '../validation/placeholder.ts';
import {
  checkOfCondition,
  faultOfBlock,
  faultOfPath,
  faultOfPort,
  faultOfServiceAccount,
  faultOfText,
  faultOfTrustDomain,
  isBeyondCustom,
} from '../validation/policy-value.ts';
import { exclusiveTargets, policyTarget } from './policy-target.ts';
import { atMost, checkValue, values } from './policy-values.ts';

const texts = values(faultOfText);
const blocks = values(faultOfBlock);
const ports = values(faultOfPort);
const accounts = atMost(16, values(faultOfServiceAccount));

const source: Decoder<istio.AuthorizationSource> = checked(
  object<istio.AuthorizationSource>({
    principals: texts,
    notPrincipals: texts,
    requestPrincipals: texts,
    notRequestPrincipals: texts,
    namespaces: texts,
    notNamespaces: texts,
    serviceAccounts: accounts,
    notServiceAccounts: accounts,
    trustDomains: values(faultOfTrustDomain),
    notTrustDomains: values(faultOfTrustDomain),
    ipBlocks: blocks,
    notIpBlocks: blocks,
    remoteIpBlocks: blocks,
    notRemoteIpBlocks: blocks,
  }),
  checkSource,
);

function checkSource(value: istio.AuthorizationSource, at: Cursor): void {
  checkNotEmpty(value, at);
  const named = [value.principals, value.notPrincipals, value.namespaces, value.notNamespaces];
  const accounts = value.serviceAccounts ?? value.notServiceAccounts;
  if (accounts !== undefined && named.some(names => names !== undefined))
    at.report('policy-invalid', {
      reason: '`serviceAccounts` do not go with `principals` and `namespaces`',
    });
}

const operation: Decoder<istio.AuthorizationOperation> = checked(
  object<istio.AuthorizationOperation>({
    hosts: texts,
    notHosts: texts,
    ports: ports,
    notPorts: ports,
    methods: texts,
    notMethods: texts,
    paths: values(faultOfPath),
    notPaths: values(faultOfPath),
  }),
  checkNotEmpty,
);

function checkNotEmpty(value: object, at: Cursor): void {
  const isEmpty = Object.values(value).every((values: readonly string[]) => values.length === 0);
  if (isEmpty) at.report('policy-invalid', { reason: `\`${at.name}\` says nothing` });
}

const condition: Decoder<istio.AuthorizationCondition> = object<istio.AuthorizationCondition>(
  { key: required(string, ''), values: list(string), notValues: list(string) },
  {
    check({ key, values: wanted = [], notValues: unwanted = [] }, at, node) {
      if (wanted.length + unwanted.length === 0)
        at.report('policy-invalid', { reason: 'a condition needs `values` or `notValues`' });
      if (!isWritten(node, 'key') || hasPlaceholder(key)) return;
      const check = checkOfCondition(key);
      if (typeof check === 'string') {
        at.child('key').report('policy-invalid', { reason: `\`${key}\` ${check}` });
        return;
      }
      for (const [name, items] of [
        ['values', wanted],
        ['notValues', unwanted],
      ] as const) {
        for (const [index, value] of items.entries())
          checkValue(value, text => faultOfText(text) ?? check(text), at.child(name).child(index));
      }
    },
  },
);

const rule: Decoder<istio.AuthorizationRule> = object<istio.AuthorizationRule>({
  from: atMost(
    512,
    list(
      object<{ readonly source?: istio.AuthorizationSource }>(
        { source },
        { check: (_, at, node) => checkItem(isWritten(node, 'source'), 'source', at) },
      ),
    ),
  ),
  to: list(
    object<{ readonly operation?: istio.AuthorizationOperation }>(
      { operation },
      { check: (_, at, node) => checkItem(isWritten(node, 'operation'), 'operation', at) },
    ),
  ),
  when: list(condition),
});

function checkItem(isThere: boolean, field: string, at: Cursor): void {
  if (!isThere) at.report('policy-invalid', { reason: `\`${at.name}\` needs a \`${field}\`` });
}

/**
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateAuthorizationPolicy)
 */
export const authorizationPolicy: Decoder<istio.AuthorizationPolicy> = object<istio.AuthorizationPolicy>(
  {
    ...policyTarget,
    action: enumeration('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    rules: atMost(512, list(rule)),
    provider: object<{ readonly name?: string }>({ name: string }),
  },
  {
    exclusive: exclusiveTargets,
    check({ action = 'ALLOW', provider, rules = [] }, at) {
      // An empty list is none to istiod.
      if ((action === 'DENY' || action === 'CUSTOM') && rules.length === 0)
        at.report('policy-invalid', { reason: `${action} without rules is never triggered` });
      if (action === 'CUSTOM' && rules.length > 0 && !provider?.name)
        at.report('policy-invalid', { reason: 'CUSTOM needs `provider.name`' });
      if (action !== 'CUSTOM' && provider !== undefined)
        at.child('provider').report('policy-invalid', { reason: `\`provider\` does not go with ${action}` });
      if (action === 'CUSTOM')
        for (const [index, each] of rules.entries()) checkCustom(each, at.child('rules').child(index));
    },
  },
);

/** Conditions that CUSTOM does not allow, because its provider is asked before. */
const beyondCustom = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
] as const satisfies readonly (keyof istio.AuthorizationSource)[];

function checkCustom({ from = [], when = [] }: istio.AuthorizationRule, at: Cursor): void {
  for (const [index, { source: each = {} }] of from.entries()) {
    for (const name of beyondCustom.filter(field => (each[field] ?? []).length > 0))
      at.child('from')
        .child(index)
        .child('source')
        .child(name)
        .report('policy-invalid', {
          reason: `CUSTOM does not go with \`${name}\``,
        });
  }
  for (const [index, { key }] of when.entries()) {
    if (isBeyondCustom(key))
      at.child('when')
        .child(index)
        .child('key')
        .report('policy-invalid', {
          reason: `CUSTOM does not go with \`${key}\``,
        });
  }
}
