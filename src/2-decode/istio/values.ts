import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, number, record, string, uint32 } from '../decoder.ts';
import { isWritten, object, required } from '../object.ts';
import { faultOfWildcardDomain, isLabel } from '../validation/domain-name.ts';
import { faultOfExportTo } from '../validation/export-to.ts';
import { faultOfDuration, parseGoDuration } from '../validation/go-duration.ts';
import { faultOfLabel } from '../validation/labels.ts';
import { hasPlaceholder } from '../validation/placeholder.ts';

/** A duration of at least a millisecond, as Go writes it. */
export const duration: Decoder<string> = checked(string, (value, at) => {
  const reason = faultOfDuration(value);
  if (reason !== undefined) at.report('duration-invalid', { duration: value, reason });
});

/** Any duration will do, none at all included. */
export const anyDuration: Decoder<string> = checked(string, (text, at) => {
  if (parseGoDuration(text) === undefined && !hasPlaceholder(text))
    at.report('duration-invalid', {
      duration: text,
      reason: 'it is not a duration such as `1.5s`, `500ms` or `1h30m`',
    });
});

/** A port that may be 0, which is the same as none. */
export const optionalPort: Decoder<number> = checked(uint32, (value, at) => {
  if (value !== 0) checkPort(value, at);
});

export const port: Decoder<number> = checked(uint32, checkPort);

/** Reports a number that no TCP port has. */
export function checkPort(value: number, at: Cursor): void {
  if (value < 1 || value > 65_535)
    at.report('number-out-of-range', { field: at.name, value, range: '1 to 65535' });
}

/** Labels of workloads. */
export const labels: Decoder<Readonly<Record<string, string>>> = checked(record(string), (value, at) => {
  for (const [key, text] of Object.entries(value)) {
    const reason = faultOfLabel(key, text);
    if (reason !== undefined) at.child(key).report('label-invalid', { reason });
  }
});

/** A percentage as a mapping; what its value may be depends on where it stands. */
export function percentWithin(isValid: (value: number) => boolean, range: string): Decoder<istio.Percent> {
  return checked(object<istio.Percent>({ value: number }), ({ value = 0 }, at) => {
    if (!isValid(value)) at.child('value').report('number-out-of-range', { field: at.name, value, range });
  });
}

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination */
export const destination: Decoder<istio.Destination> = object<istio.Destination>(
  {
    host: required(checked(string, checkDestinationHost), ''),
    subset: checked(string, (subset, at) => {
      if (subset !== '' && !isLabel(subset))
        at.report('name-invalid', { kind: 'subset', name: subset, reason: 'it is not a DNS label' });
    }),
    port: object<istio.PortSelector>(
      { number: port },
      {
        removed: {
          name: { was: 'the name of the port', now: 'Write the `number` of the port.' },
        },
        check: (_, at, node) => {
          if (!isWritten(node, 'number')) at.report('field-missing', { field: 'number', object: at.name });
        },
      },
    ),
  },
  {
    removed: {
      name: { was: 'the host, in the v1alpha2 API', now: 'Write `host`.' },
      labels: { was: 'the version, in the v1alpha2 API', now: 'Write the `subset` of a DestinationRule.' },
    },
  },
);

function checkDestinationHost(host: string, at: Cursor): void {
  const reason = host === '*' ? 'it stands for every host' : faultOfWildcardDomain(host);
  if (reason !== undefined) at.report('host-invalid', { host, reason });
}

/** Reports a list of namespaces that istiod refuses. */
export function checkExportTo(exportTo: readonly string[] | undefined, at: Cursor, none = false): void {
  const reason = faultOfExportTo(exportTo ?? [], at.namespace, none);
  if (reason !== undefined) at.child('exportTo').report('export-to-invalid', { reason });
}
