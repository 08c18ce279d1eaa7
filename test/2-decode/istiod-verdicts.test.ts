import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeText } from './decoded.ts';

interface Row {
  readonly kind: string;
  /** What the CRD's schema and istiod's validation say, taken together. */
  readonly refused: boolean;
  readonly spec: unknown;
}

const { objects } = JSON.parse(readFileSync(new URL('istiod-verdicts.json', import.meta.url), 'utf8')) as {
  readonly objects: readonly Row[];
};

describe.each(['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry'])('%s', kind => {
  test.each(objects.filter(row => row.kind === kind))('refused: $refused: $spec', ({ refused, spec }) => {
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name: 'a', namespace: 'b' },
      spec,
    };
    const { diagnostics } = decodeText(JSON.stringify(object), 'a.json');
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    if (refused) expect(errors).not.toEqual([]);
    else expect(errors).toEqual([]);
  });
});
