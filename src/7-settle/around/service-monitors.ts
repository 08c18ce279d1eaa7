import { placeOf } from '../../2-decode/place-of.ts';
import { isType } from '../../2-decode/resource.ts';
import type { Facts } from '../../3-link/facts.ts';
import { usedVersions } from '../../6-emit/version-services.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { isRecord } from '../../yaml/yaml-node.ts';
import type { Unit } from '../unit.ts';

/**
 * Names ServiceMonitors that choose every Service of a namespace: Services for versions have pods that are scraped by the
 * whole Service already.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitorSpec
 */
export function reportServiceMonitors(facts: Facts, units: readonly Unit[], report: Report): void {
  const monitors = facts.resources
    .filter(isType('other.Object'))
    .filter(({ kind }) => kind === 'ServiceMonitor');
  if (monitors.length === 0) return;
  const added = units.flatMap(({ vs }) =>
    usedVersions(facts, vs).flatMap(({ version }) => (version.kind === 'new' ? [version] : [])),
  );
  for (const monitor of monitors) {
    const { spec, namespace, source } = monitor;
    const selector = isRecord(spec['selector']) ? spec['selector'] : {};
    const isEmpty = ['matchLabels', 'matchExpressions'].every(field => {
      const part = selector[field];
      return part === undefined || Object.keys(Object(part) as object).length === 0;
    });
    if (!isEmpty || source === undefined) continue;
    const where = isRecord(spec['namespaceSelector']) ? spec['namespaceSelector'] : {};
    const named = Array.isArray(where['matchNames']) ? where['matchNames'] : [];
    const isIn = (one: string) =>
      where['any'] === true || (named.length === 0 ? one === namespace : named.includes(one));
    const caught = [...new Set(added.filter(({ root }) => isIn(root.namespace)).map(({ name }) => name))];
    if (caught.length === 0) continue;
    report('monitor-scrapes-twice', placeOf(monitor, 'spec', 'selector'), {
      monitor: `${namespace}/${monitor.name}`,
      services: caught.join(', '),
    });
  }
}
