import { type Code, catalog } from './catalog.ts';

/**
 * Codes of earlier versions that became one with another code. Baselines, the annotation `vs2route/ignore` and `explain`
 * accept them for ever.
 */
export const aliases: Readonly<Record<string, Code>> = {
  'attempts-negative': 'count-negative',
  'client-tls-invalid': 'tls-invalid',
  'destination-host-placeholder': 'host-placeholder',
  'fault-abort': 'fault-injection',
  'fault-delay': 'fault-injection',
  'fault-empty': 'field-empty',
  'fault-without-effect': 'field-without-effect',
  'grpc-status-invalid': 'value-not-allowed',
  'header-regex': 'regex-match',
  'match-empty': 'field-empty',
  'match-missing': 'field-missing',
  'method-invalid': 'value-not-allowed',
  'mirror-off': 'field-without-effect',
  'namespace-invalid': 'name-invalid',
  'path-regex': 'regex-match',
  'percentage-out-of-range': 'number-out-of-range',
  'port-duplicate': 'listed-twice',
  'port-name-duplicate': 'listed-twice',
  'port-name-invalid': 'name-invalid',
  'port-name-missing': 'field-missing',
  'port-out-of-range': 'number-out-of-range',
  'protocol-invalid': 'value-not-allowed',
  'query-param-regex': 'regex-match',
  'redirect-code-invalid': 'value-not-allowed',
  'redirect-empty': 'field-empty',
  'redirect-scheme-invalid': 'value-not-allowed',
  'rewrite-empty': 'field-empty',
  'routes-missing': 'field-missing',
  'server-hosts-missing': 'field-missing',
  'server-tls-invalid': 'tls-invalid',
  'servers-missing': 'field-missing',
  'service-entry-hosts-missing': 'field-missing',
  'sni-hosts-missing': 'field-missing',
  'source-ignored': 'field-without-effect',
  'status-out-of-range': 'number-out-of-range',
  'subset-duplicate': 'listed-twice',
  'subset-name-invalid': 'name-invalid',
  'traffic-policy-empty': 'field-empty',
  'weight-negative': 'count-negative',
};

/** Codes of earlier versions that nothing is reported by any more, and the reason. */
export const retired: Readonly<Record<string, string>> = {
  'mirror-percentage': 'Every supported version of the Gateway API has percentages of mirrors.',
  'needs-gateway-api':
    'Routes use only features of their target version (--gateway-api, or the CRDs of the input).',
};

/**
 * @param text a code of this or an earlier version
 * @returns the code of this version, or undefined for a text that is none
 */
export function resolveCode(text: string): Code | undefined {
  if (Object.hasOwn(catalog, text)) return text as Code;
  return Object.hasOwn(aliases, text) ? aliases[text] : undefined;
}

/** @returns the codes of earlier versions that became this one, in alphabetical order */
export function aliasesOf(code: Code): readonly string[] {
  return Object.keys(aliases).filter(alias => aliases[alias] === code);
}
