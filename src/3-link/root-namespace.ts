/** Objects in this namespace are for the whole mesh (meshConfig.rootNamespace, as everybody leaves it). */
export const rootNamespace = 'istio-system';
