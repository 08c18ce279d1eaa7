import type * as istio from '../../istio/index.ts';
import { remember } from '../../yaml/remember.ts';
import type { ResolvedVirtualService } from '../virtual-services.ts';

/** @returns every destination of a VirtualService, of whatever protocol; mirrors are destinations, too */
export const destinationsOf = remember(
  ({
    http,
    tls,
    tcp,
  }: Pick<ResolvedVirtualService, 'http' | 'tls' | 'tcp'>): readonly istio.Destination[] => {
    const ofHttp = http.flatMap(entry => httpDestinations(entry.http));
    const ofConnections = [...tls, ...tcp].flatMap(entry =>
      (entry.route ?? []).map(({ destination }) => destination),
    );
    return [...ofHttp, ...ofConnections];
  },
);

/** @returns every destination of one http entry */
export function httpDestinations(http: istio.HTTPRoute): readonly istio.Destination[] {
  return [
    ...(http.route ?? []).map(({ destination }) => destination),
    ...(http.mirror === undefined ? [] : [http.mirror]),
    ...(http.mirrors ?? []).map(({ destination }) => destination),
  ];
}
