import { isExternalDns } from '../3-link/gitops/external-dns.ts';
import type { Conversion } from '../conversion.ts';

/** Comments for the steps of a cut-over: the tools around the cluster that have to follow. */
export interface CutOverNotes {
  readonly prerequisites: readonly string[];
  readonly gateways: readonly string[];
  readonly routes: readonly string[];
}

const certificateCodes: ReadonlySet<string> = new Set(['cert-manager-acts', 'secret-of-certificate']);

/**
 * The neighbours that a conversion concerns: other clusters of the mesh and whatever reads metrics by the name of a Service
 * where Services of versions are new, external-dns where an object has annotations of it, cert-manager where it issues
 * certificates for a Gateway.
 *
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/gateway-api/
 * @see https://cert-manager.io/docs/configuration/acme/http01/#configuring-the-http-01-gateway-api-solver
 */
export function cutOverNotes({ outputs, resources, diagnostics }: Conversion): CutOverNotes {
  const made = outputs.map(({ resource }) => resource);
  const services = made.filter(({ type }) => type === 'core.Service').map(({ name }) => name);
  const named = [...new Set(services)].slice(0, 3).join(', ');
  const dns = resources.some(
    ({ resource, status }) =>
      (status === 'converted' || status === 'approximate') &&
      Object.keys(resource.metadata.annotations ?? {}).some(isExternalDns),
  );
  const kinds = new Set(made.map(({ kind }) => kind));
  const sources = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute']
    .filter(kind => kinds.has(kind))
    .map(kind => `--source=gateway-${kind.toLowerCase()}`)
    .join(' ');
  const certificates = diagnostics.some(({ code }) => certificateCodes.has(code));
  return {
    prerequisites:
      services.length === 0
        ? []
        : ['# A mesh of several clusters needs the Services of versions in each cluster before any route.'],
    gateways: [
      ...(dns && sources !== ''
        ? [`# external-dns: add ${sources}. Remove its istio-* sources once the old objects are gone.`]
        : []),
      ...(certificates
        ? [
            '# cert-manager: issuers that use HTTP-01 need a solver of kind gatewayHTTPRoute for the new Gateways.',
          ]
        : []),
    ],
    routes:
      services.length === 0
        ? []
        : [
            `# Metrics: destination_service_name becomes ${named}${services.length > 3 ? ', ...' : ''}. Check dashboards, objectives, AnalysisTemplates and alerts.`,
          ],
  };
}
