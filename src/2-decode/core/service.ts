import type * as gateway from '../../gateway-api/index.ts';
import { boolean, type Decoder, integer, integerOrString, list, opaque, record, string } from '../decoder.ts';
import { object, required } from '../object.ts';

const portNumber = integer(1, 65_535);

const servicePort: Decoder<gateway.ServicePort> = object<gateway.ServicePort>({
  name: string,
  protocol: string,
  appProtocol: string,
  port: required(portNumber, 0),
  targetPort: integerOrString,
  nodePort: integer(0, 65_535),
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec */
export const service: Decoder<gateway.Service> = object<gateway.Service>(
  {
    type: string,
    selector: record(string),
    ports: list(servicePort),
    clusterIP: string,
    externalName: string,
    externalIPs: list(string),
    externalTrafficPolicy: string,
    loadBalancerClass: string,
    loadBalancerIP: string,
    loadBalancerSourceRanges: list(string),
    internalTrafficPolicy: string,
    trafficDistribution: string,
    publishNotReadyAddresses: boolean,
    ipFamilies: list(string),
    ipFamilyPolicy: string,
    sessionAffinity: string,
    sessionAffinityConfig: opaque,
  },
  { open: true },
);
