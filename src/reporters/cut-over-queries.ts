import type { AnyResource } from '../2-decode/resource.ts';
import { alwaysQuoted } from '../diagnostics/shell-word.ts';

/**
 * Commands that only read: each prints the objects of the running cluster that still name something of what is about to be
 * deleted. Controllers and other teams' manifests are not in the input, so that nobody else can tell.
 *
 * @param gone the VirtualServices and Istio Gateways of the next step
 * @returns comments and commands, none where nothing is deleted
 */
export function whoStillNames(gone: readonly AnyResource[]): readonly string[] {
  if (gone.length === 0) return [];
  const gateways = gone.filter(({ type }) => type === 'istio.Gateway');
  const names = alternatives(gone.map(({ name }) => name));
  return [
    '# These only read. Delete nothing that they still print:',
    `kubectl get canaries.flagger.app --all-namespaces -o yaml 2>/dev/null | grep -nwE ${names}`,
    `kubectl get rollouts.argoproj.io --all-namespaces -o yaml 2>/dev/null | grep -nwE ${names}`,
    ...(gateways.length === 0
      ? []
      : [
          `kubectl get virtualservices.networking.istio.io --all-namespaces -o jsonpath=${alwaysQuoted(
            '{range .items[*]}{.metadata.namespace}/{.metadata.name} {.spec.gateways}{"\\n"}{end}',
          )} | grep -wE ${alternatives(gateways.map(({ name }) => name))}`,
          // Knative writes `gateway.NAMESPACE.NAME`, KServe and others `NAMESPACE/NAME`.
          `kubectl get configmaps --all-namespaces -o yaml | grep -nE ${alwaysQuoted(
            gateways.map(({ namespace, name }) => `${escaped(namespace)}[./]${escaped(name)}`).join('|'),
          )}`,
        ]),
  ];
}

function alternatives(names: readonly string[]): string {
  return alwaysQuoted([...new Set(names)].map(escaped).join('|'));
}

/** A name as an extended regular expression; one with a placeholder can have any character. */
function escaped(name: string): string {
  return name.replace(/[\\^]/g, '\\$&').replace(/[.*+?$(){}|]/g, '[$&]');
}
