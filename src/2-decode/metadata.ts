import type * as gateway from '../gateway-api/index.ts';
import { type Decoder, list, record, string } from './decoder.ts';
import { object, required } from './object.ts';

const owner: Decoder<gateway.OwnerReference> = object<gateway.OwnerReference>(
  { apiVersion: string, kind: required(string, ''), name: required(string, '') },
  { others: ['uid', 'controller', 'blockOwnerDeletion'] },
);

/** Metadata as it is written: the name may be missing. */
export type WrittenMeta = Omit<gateway.ObjectMeta, 'name'> & { readonly name?: string };

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export const metadata: Decoder<WrittenMeta> = object<WrittenMeta>(
  {
    name: string,
    namespace: string,
    labels: record(string),
    annotations: record(string),
    ownerReferences: list(owner),
    creationTimestamp: string,
    generateName: string,
  },
  {
    others: [
      'uid',
      'resourceVersion',
      'generation',
      'selfLink',
      'managedFields',
      'finalizers',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
    ],
    removed: { clusterName: { was: 'the name of a cluster', now: 'Delete it: it never did anything.' } },
  },
);
