import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { schemeOf } from '../semantics/request.ts';
import { type EntryContext, entryPlace } from './context.ts';
import type { RuleBody } from './entry.ts';
import { reportUntoldScheme, schemeFromIn } from './forwarded-scheme.ts';
import { isPreciseHostname } from './headers.ts';

/** 0 is 301 to istiod; for codes that it does not know an entry does nothing (route.go, ApplyRedirect). */
const codes = [301, 302, 303, 307, 308];

/**
 * Writes a redirect, always with a statusCode, since the CRD's default is 302 and Istio's 301, and with a scheme where
 * istiod would else write the port of the listener into the Location.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter
 */
export function translateRedirect(
  context: EntryContext,
  redirect: istio.HTTPRedirect,
): Partial<RuleBody> | undefined {
  const statusCode = statusCodeOf(context, redirect);
  const host = hostOf(context, redirect);
  if (statusCode === undefined || host === undefined) return undefined;
  if (!redirect.scheme) reportUntoldScheme(context, entryPlace(context, 'redirect'));
  const address = addressOf(context, redirect);
  const port = host.port ?? address.port;
  return {
    redirect: {
      ...(address.scheme === undefined ? {} : { scheme: address.scheme }),
      ...(host.hostname === undefined ? {} : { hostname: host.hostname }),
      ...(port === undefined ? {} : { port }),
      statusCode,
    },
  };
}

function statusCodeOf(context: EntryContext, redirect: istio.HTTPRedirect): number | undefined {
  const { gatewayApi } = context.facts.options;
  const code = redirect.redirectCode || 301;
  const place = entryPlace(context, 'redirect', 'redirectCode');
  if (!codes.includes(code)) {
    context.report('redirect-code-unknown', place, { code });
    return undefined;
  }
  if (code > 302 && gatewayApi === '1.4') {
    context.report('redirect-code-version', place, { code });
    return undefined;
  }
  return code;
}

interface Host {
  readonly hostname?: string;
  readonly port?: number;
}

/** The authority may hold a port, which the filter has a field of its own for. */
function hostOf(context: EntryContext, redirect: istio.HTTPRedirect): Host | undefined {
  const { authority } = redirect;
  if (!authority) return {};
  const parts = /^(.*?)(?::(\d{1,5}))?$/.exec(authority);
  const [hostname, port] = [parts?.[1] ?? '', parts?.[2]];
  if (isPreciseHostname(hostname) && (port === undefined || redirect.port === undefined)) {
    return port === undefined ? { hostname } : { hostname, port: Number(port) };
  }
  context.report('redirect-host', entryPlace(context, 'redirect', 'authority'), { host: authority });
  return undefined;
}

type Address = Pick<gateway.HTTPRequestRedirectFilter, 'scheme' | 'port'>;

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createRedirectFilter */
function addressOf(context: EntryContext, redirect: istio.HTTPRedirect): Address {
  const { scope } = context;
  const scheme = redirect.scheme === 'http' || redirect.scheme === 'https' ? redirect.scheme : undefined;
  if (redirect.port !== undefined && redirect.port !== 0)
    return { ...(scheme === undefined ? {} : { scheme }), port: redirect.port };
  const listening = scope.kind === 'mesh' ? scope.port?.number : scope.port;
  if (redirect.derivePort === 'FROM_REQUEST_PORT') {
    if (scheme === undefined || listening === undefined) return scheme === undefined ? {} : { scheme };
    const usual = (scheme === 'http' && listening === 80) || (scheme === 'https' && listening === 443);
    return usual ? { scheme } : { scheme, port: listening };
  }
  if (scheme !== undefined) return { scheme };
  const from = schemeFromIn(context.facts, scope, context.vs);
  if (from !== 'listener') {
    // At the usual port of a listener istiod writes no port for a redirect without a scheme, which then is that of the request.
    if (isAtUsualPort(context)) return {};
    declareScheme(context);
  }
  // The listener's own scheme changes nothing, and keeps the listener's port out of the Location.
  return scope.scheme === undefined ? {} : { scheme: scope.scheme };
}

/** Whether the listeners that take the place of a scope have the port that their scheme implies. */
function isAtUsualPort({ facts, scope }: EntryContext): boolean {
  const usual = scope.scheme === 'https' ? 443 : 80;
  if (scope.kind !== 'gateway' || scope.port !== usual) return false;
  const { namespace, name, sectionName } = scope.target;
  const protocol = scope.scheme === 'https' ? 'HTTPS' : 'HTTP';
  const listeners = (facts.gateways.get(`${namespace}/${name}`)?.spec.listeners ?? []).filter(
    listener =>
      listener.protocol === protocol && (sectionName === undefined || listener.name === sectionName),
  );
  return listeners.every(({ port }) => port === usual);
}

/** The scheme is written, since istiod would put the port of the listener into the Location without it. */
function declareScheme(context: EntryContext): void {
  const { scope } = context;
  if (scope.kind !== 'gateway' || scope.scheme === undefined) return;
  const { scheme } = scope;
  context.declare(
    'redirect-scheme-of-listener',
    entryPlace(context, 'redirect'),
    { scheme },
    { aspects: ['redirect'], takes: request => schemeOf(request) !== scheme },
  );
}
