/** How a pod is to be: an Envoy that istiod tells what to do, and everybody whom it can send to, on a network of their own. */
export interface PodConfiguration {
  /** `10.244.0.5`; all of 10.0.0.0/8 and what `networks` names is the pod itself. */
  readonly address: string;
  readonly networks: readonly string[];
  readonly envoy: string;
  readonly bootstrap: unknown;
  readonly folder: string;
  /** Where somebody answers, and what they speak; Envoy's listeners need the other addresses. */
  readonly echoes: readonly Echoing[];
}

export interface Echoing {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http' | 'grpc';
}

/** A pod that answers: requests are told apart by it. */
export interface Workload {
  readonly address: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a ServiceEntry. */
  readonly host?: string;
}
