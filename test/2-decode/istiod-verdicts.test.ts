import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeText } from './decoded.ts';

interface Row {
  readonly kind: string;
  /** What the CRD's schema and istiod's validation say, taken together. */
  readonly refused: boolean;
  readonly spec: unknown;
}

const objects = ['istiod-verdicts.json', 'policy-verdicts.json'].flatMap(name => {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly objects: readonly Row[] }).objects;
});

const networking = 'networking.istio.io/v1';
const security = 'security.istio.io/v1';

describe.each([
  ['VirtualService', networking],
  ['DestinationRule', networking],
  ['Gateway', networking],
  ['ServiceEntry', networking],
  ['AuthorizationPolicy', security],
  ['RequestAuthentication', security],
])('%s', (kind, apiVersion) => {
  test.each(objects.filter(row => row.kind === kind))('refused: $refused: $spec', ({ refused, spec }) => {
    const object = {
      apiVersion,
      kind,
      metadata: { name: 'a', namespace: 'b' },
      spec,
    };
    const { diagnostics } = decodeText(JSON.stringify(object), 'a.json');
    // istiod refuses no field that it does not know.
    const errors = diagnostics
      .filter(({ severity, code }) => severity === 'error' && code !== 'field-not-known')
      .map(({ code }) => code);
    if (refused) expect(errors).not.toEqual([]);
    else expect(errors).toEqual([]);
  });
});
