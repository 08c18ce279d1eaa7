/** The code of what is no trouble at all: a VirtualService that can be converted. */
export const CONVERTIBLE = 'convertible';
