import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, list, record, string } from '../decoder.ts';
import { object, required } from '../object.ts';
import { faultOfWildcardDomain, isLabel } from '../validation/domain-name.ts';
import { trafficPolicy } from './traffic-policy.ts';
import { checkExportTo, labels } from './values.ts';

const subset: Decoder<istio.Subset> = object<istio.Subset>({
  name: required(
    checked(string, (name, at) => {
      if (!isLabel(name))
        at.report('name-invalid', { kind: 'subset', name, reason: 'it is not a DNS label' });
    }),
    '',
  ),
  labels,
  trafficPolicy,
});

/**
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateDestinationRule)
 */
export const destinationRule: Decoder<istio.DestinationRule> = object<istio.DestinationRule>(
  {
    host: required(
      checked(string, (host, at) => {
        const reason = faultOfWildcardDomain(host);
        if (reason !== undefined) at.report('host-invalid', { host, reason });
      }),
      '',
    ),
    trafficPolicy,
    subsets: checked(list(subset), checkNames),
    exportTo: list(string),
    workloadSelector: object<istio.WorkloadSelector>({ matchLabels: record(string) }),
  },
  {
    removed: { name: { was: 'the host, in the v1alpha2 API', now: 'Write `host`.' } },
    check: ({ exportTo }, at) => checkExportTo(exportTo, at),
  },
);

function checkNames(subsets: readonly istio.Subset[], at: Cursor): void {
  for (const [index, { name }] of subsets.entries())
    if (name !== '' && subsets.findIndex(other => other.name === name) < index)
      at.child(index).report('listed-twice', { what: `subset \`${name}\`` });
}
