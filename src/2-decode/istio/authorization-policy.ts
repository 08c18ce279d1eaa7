import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, enumeration, list, string } from '../decoder.ts';
import { isWritten, object, required } from '../object.ts';
import { exclusiveTargets, policyTarget } from './policy-target.ts';

const strings = list(string);

const source: Decoder<istio.AuthorizationSource> = checked(
  object<istio.AuthorizationSource>({
    principals: strings,
    notPrincipals: strings,
    requestPrincipals: strings,
    notRequestPrincipals: strings,
    namespaces: strings,
    notNamespaces: strings,
    serviceAccounts: strings,
    notServiceAccounts: strings,
    trustDomains: strings,
    notTrustDomains: strings,
    ipBlocks: strings,
    notIpBlocks: strings,
    remoteIpBlocks: strings,
    notRemoteIpBlocks: strings,
  }),
  checkNotEmpty,
);

const operation: Decoder<istio.AuthorizationOperation> = checked(
  object<istio.AuthorizationOperation>({
    hosts: strings,
    notHosts: strings,
    ports: strings,
    notPorts: strings,
    methods: strings,
    notMethods: strings,
    paths: strings,
    notPaths: strings,
  }),
  checkNotEmpty,
);

function checkNotEmpty(value: object, at: Cursor): void {
  const isEmpty = Object.values(value).every((values: readonly string[]) => values.length === 0);
  if (isEmpty) at.report('policy-invalid', { reason: `\`${at.name}\` says nothing` });
}

const condition: Decoder<istio.AuthorizationCondition> = object<istio.AuthorizationCondition>(
  { key: required(string, ''), values: strings, notValues: strings },
  {
    check({ values = [], notValues = [] }, at) {
      if (values.length + notValues.length === 0)
        at.report('policy-invalid', { reason: 'a condition needs `values` or `notValues`' });
    },
  },
);

const rule: Decoder<istio.AuthorizationRule> = object<istio.AuthorizationRule>({
  from: list(
    object<{ readonly source?: istio.AuthorizationSource }>(
      { source },
      { check: (_, at, node) => checkItem(isWritten(node, 'source'), 'source', at) },
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
    rules: list(rule),
    provider: object<{ readonly name?: string }>({ name: string }),
  },
  {
    exclusive: exclusiveTargets,
    check({ action = 'ALLOW', provider }, at, node) {
      if ((action === 'DENY' || action === 'CUSTOM') && !isWritten(node, 'rules'))
        at.report('policy-invalid', { reason: `${action} without rules is never triggered` });
      if (action === 'CUSTOM' && isWritten(node, 'rules') && !provider?.name)
        at.report('policy-invalid', { reason: 'CUSTOM needs `provider.name`' });
      if (action !== 'CUSTOM' && provider !== undefined)
        at.child('provider').report('policy-invalid', { reason: `\`provider\` does not go with ${action}` });
    },
  },
);
