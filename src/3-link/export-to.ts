/** The annotation of a Service that names the namespaces whose proxies know it. */
export const exportToAnnotation = 'networking.istio.io/exportTo';

/** Whether proxies in a namespace, or everywhere for `*`, see what is exported to some namespaces, of which `*` is all. */
export function includesNamespace(exportTo: readonly string[], namespace: string): boolean {
  return exportTo.some(to => to === '*' || to === namespace);
}
