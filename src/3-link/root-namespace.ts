/** What is in this namespace is for the whole mesh (meshConfig.rootNamespace, as everybody leaves it). */
export const rootNamespace = 'istio-system';
