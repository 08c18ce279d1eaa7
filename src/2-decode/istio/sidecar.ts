import type * as istio from '../../istio/index.ts';
import { type Decoder, list, record, string, uint32 } from '../decoder.ts';
import { object } from '../object.ts';

/** Only what decides which hosts a client sees is read. */
const open = { open: true } as const;

/** @see https://istio.io/latest/docs/reference/config/networking/sidecar/ */
export const sidecar: Decoder<istio.Sidecar> = object<istio.Sidecar>(
  {
    workloadSelector: object<{ readonly labels?: Readonly<Record<string, string>> }>(
      { labels: record(string) },
      open,
    ),
    egress: list(
      object<istio.SidecarEgress>(
        { port: object<istio.SidecarPort>({ number: uint32, protocol: string }, open), hosts: list(string) },
        open,
      ),
    ),
  },
  open,
);
