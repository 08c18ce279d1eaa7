import { isSecret } from '../2-decode/neighbour.ts';
import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isType, nameKey } from '../2-decode/resource.ts';
import type { Facts, IstioGateway } from '../3-link/facts.ts';
import { podsNamespaceOf } from '../3-link/gateways/gateway-pods.ts';
import { keepsPods } from '../3-link/gateways/keeps-pods.ts';
import type { Owner } from '../3-link/gitops/ownership.ts';
import type { Scope } from '../3-link/scopes.ts';
import { translateServers } from '../4-translate/server.ts';
import type { Output } from '../6-emit/edit.ts';
import { gatewayNamespace, gatewayOutputs, type TranslatedGateway } from '../6-emit/gateways.ts';
import { referenceGrants } from '../6-emit/reference-grants.ts';
import type { Arguments } from '../diagnostics/catalog.ts';
import { type Finding, keyOf, type Report } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import { reportExposure } from './around/gateway-exposure.ts';
import { reportTlsOfAnother } from './around/gateway-tls.ts';
import { holdBackAtUnknownAges } from './gateway-ages.ts';
import { reportGatewayPorts, sharedTarget } from './gateway-ports.ts';
import { reportHttpsRedirect } from './https-redirect.ts';
import { reportSharedHosts } from './shared-servers.ts';
import { isHeld, scopesOfUnit, type Unit } from './unit.ts';

/** An Istio Gateway that some VirtualService would take along. */
export interface SettledGateway {
  readonly istio: IstioGateway;
  /** Undefined where it has no form. */
  readonly translated: TranslatedGateway | undefined;
  readonly findings: readonly Finding[];
}

/** Translates the Istio Gateways that units are bound to; one that has no form holds its units back. */
export function translateGateways(facts: Facts, units: readonly Unit[]): readonly SettledGateway[] {
  for (const unit of units) holdBackAtSharedPorts(facts, unit);
  holdBackAtUnknownAges(facts, units);
  const bound = new Set(units.filter(unit => !isHeld(unit)).flatMap(gatewaysOfUnit));
  return [...bound].flatMap(key => {
    const istio = facts.istioGateways.get(key);
    if (istio === undefined) return [];
    const owner = facts.controllers.platformGateways.get(key);
    if (owner !== undefined) {
      holdBackAtPlatform(units, key, owner);
      return [{ istio, translated: undefined, findings: [] }];
    }
    const settled = translateGateway(facts, istio, units);
    if (settled.translated === undefined) holdBack(units, key);
    return [settled];
  });
}

/** A Gateway that stands in for a converted one does not serve the ports of its pods either. */
function holdBackAtSharedPorts(facts: Facts, unit: Unit): void {
  const { vs, report } = unit;
  const elsewhere = scopesOfUnit(unit).flatMap(scope =>
    scope.kind === 'gateway' && scope.target.origin !== 'converted' ? [scope.gateway] : [],
  );
  for (const key of new Set(elsewhere)) {
    const gateway = facts.istioGateways.get(key);
    const shared = gateway === undefined ? undefined : sharedTarget(facts, gateway);
    if (shared === undefined) continue;
    const { ports, target } = shared;
    const index = Math.max(0, vs.gateways.indexOf(key));
    report('gateway-ports-of-one-target', placeOf(vs.resource, 'spec', 'gateways', index), { ports, target });
  }
}

/** @returns the Istio Gateways whose place Gateways of the conversion take, as `NAMESPACE/NAME` */
export function gatewaysOfUnit(unit: Unit): readonly string[] {
  return scopesOfUnit(unit).flatMap(convertedGateway);
}

function convertedGateway(scope: Scope): readonly string[] {
  return scope.kind === 'gateway' && scope.target.origin === 'converted' ? [scope.replaced] : [];
}

function translateGateway(facts: Facts, istio: IstioGateway, units: readonly Unit[]): SettledGateway {
  const { options } = facts;
  const { report, findings } = collect();
  const { resource } = istio;
  const secrets = {
    gatewayNamespace: gatewayNamespace(resource.namespace, options),
    // A Gateway that reuses the pods is put beside them.
    podsNamespace:
      options.gatewayService?.split('/')[0] ?? podsNamespaceOf(facts.servicesOfPods, resource.spec.selector),
  };
  const listeners = translateServers(
    resource,
    istio.servers,
    options,
    secrets,
    () => speakersOf(facts, resource),
    namingCertificates(facts, `${resource.namespace}/${resource.name}`, report),
  );
  if (reportGatewayPorts(facts, istio, report)) return { istio, translated: undefined, findings };
  if (listeners === undefined) return { istio, translated: undefined, findings };
  if (listeners.length > 64) {
    report('gateway-too-many-listeners', placeOf(resource, 'spec', 'servers'), { count: listeners.length });
    return { istio, translated: undefined, findings };
  }
  if (!reportHttpsRedirect(facts, istio, report)) return { istio, translated: undefined, findings };
  if (!keepsPods(facts, resource)) {
    reportSharedHosts(facts, istio, units, report);
    reportTlsOfAnother(facts, istio, report);
    reportAddress(facts, resource, report);
    reportExposure(istio, report);
  }
  return { istio, translated: { istio, listeners }, findings };
}

/** @returns the VirtualServices of an Istio Gateway */
function speakersOf(
  { virtualServices }: Facts,
  { namespace, name }: IstioGateway['resource'],
): Facts['virtualServices'] {
  return virtualServices.filter(({ gateways }) => gateways.includes(`${namespace}/${name}`));
}

/** Says that requests have to come to another address: that of a Gateway that is made, or of the one of its name that is there. */
function reportAddress(facts: Facts, resource: IstioGateway['resource'], report: Report): void {
  const gateway = `${resource.namespace}/${resource.name}`;
  const place = placeOf(resource, 'spec', 'selector');
  const there = facts.gateways.get(gateway);
  if (there === undefined) {
    report('gateway-new-deployment', place, { gateway });
    return;
  }
  const related =
    there.source === undefined
      ? []
      : [{ message: 'the Gateway', place: keyOf(placeOf(there, 'metadata', 'name')) }];
  report('gateway-of-its-name', place, { gateway }, related);
}

/** Whether the input has a Secret by its name in one namespace and in no other. */
function isOnlyIn(resources: readonly AnyResource[], namespace: string, secret: string): boolean {
  const found = resources.filter(one => one.name === secret && isSecret(one));
  return found.length > 0 && found.every(one => one.namespace === namespace);
}

/**
 * Where a Certificate of the input writes a Secret, it is said which; of one beside the Gateway, and of a Secret that is there,
 * nothing is to be said.
 */
function namingCertificates({ resources }: Facts, gateway: string, report: Report): Report {
  const certificates = resources.filter(isType('cert-manager.Certificate'));
  return (code, place, args, related) => {
    if (code !== 'gateway-secret') return report(code, place, args, related);
    const { secret, namespace } = args as Arguments<'gateway-secret'>;
    const writing = certificates.filter(({ spec }) => spec.secretName === secret);
    if (writing.some(one => one.namespace === namespace)) return;
    const [other] = writing;
    if (other === undefined && isOnlyIn(resources, String(namespace), String(secret))) return;
    if (other === undefined) return report(code, place, args, related);
    const certificate = `${other.namespace}/${other.name}`;
    report('secret-of-certificate', place, { certificate, secret, gateway, namespace }, [
      { message: 'the Certificate', place: placeOf(other, 'spec', 'secretName') },
    ]);
  };
}

/** The pods and the address of the Gateway are those of the platform, which goes on with the Istio Gateway. */
function holdBackAtPlatform(units: readonly Unit[], gateway: string, { name }: Owner): void {
  for (const unit of units) {
    if (!scopesOfUnit(unit).some(scope => scope.gateway === gateway)) continue;
    const index = Math.max(0, unit.vs.gateways.indexOf(gateway));
    const place = placeOf(unit.vs.resource, 'spec', 'gateways', index);
    unit.report('gateway-of-a-platform', place, { gateway, owner: name });
  }
}

function holdBack(units: readonly Unit[], gateway: string): void {
  for (const unit of units) {
    if (!gatewaysOfUnit(unit).includes(gateway)) continue;
    const index = Math.max(0, unit.vs.gateways.indexOf(gateway));
    unit.report('gateway-held-back', placeOf(unit.vs.resource, 'spec', 'gateways', index), { gateway });
  }
}

/**
 * Writes the Gateways that converted units need; one of that name that is there already is used as it is.
 *
 * @param units those that are not held back
 * @returns what is written for each Istio Gateway
 */
export function neededGateways(
  facts: Facts,
  gateways: readonly SettledGateway[],
  units: readonly Unit[],
): ReadonlyMap<IstioGateway['resource'], readonly Output[]> {
  const bound = new Set(units.flatMap(gatewaysOfUnit));
  return new Map(
    gateways.flatMap(({ istio, translated }) => {
      const key = `${istio.resource.namespace}/${istio.resource.name}`;
      if (translated === undefined || !bound.has(key)) return [];
      const made = gatewayOutputs(translated, facts).filter(
        ({ resource }) => !facts.byName.has(nameKey(resource)),
      );
      return [[istio.resource, [...made, ...referenceGrants(facts, made)]] as const];
    }),
  );
}

/** Everything that a Gateway becomes, whether some of it is there already or not. */
export function allOutputs(facts: Facts, translated: TranslatedGateway): readonly Output[] {
  const made = gatewayOutputs(translated, facts);
  return [...made, ...referenceGrants(facts, made)];
}
