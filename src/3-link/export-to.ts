/** Whether proxies in a namespace, or everywhere for `*`, see what is exported to some namespaces, of which `*` is all. */
export function includesNamespace(exportTo: readonly string[], namespace: string): boolean {
  return exportTo.some(to => to === '*' || to === namespace);
}
