import { isLabel } from './domain-name.ts';

/**
 * @param namespace the object's own, empty when it is not known; `.` is another word for it
 * @param none whether `~`, for nobody, may stand here
 * @returns why istiod refuses a list of namespaces to export to, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (validateExportTo)
 */
export function faultOfExportTo(
  exportTo: readonly string[],
  namespace: string,
  none: boolean,
): string | undefined {
  const named = exportTo.map(entry => (entry === '.' && namespace !== '' ? namespace : entry));
  const twice = named.find((entry, index) => named.indexOf(entry) !== index);
  if (twice !== undefined) return `\`${twice}\` is named twice`;
  const wrong = named.find(entry => !isExport(entry, none));
  if (wrong !== undefined) return `\`${wrong}\` is neither \`.\`, \`*\` nor a namespace`;
  if (named.length < 2) return undefined;
  if (named.includes('*')) return '`*` stands for all namespaces, so no other may be named';
  return named.includes('~') ? '`~` stands for no namespace, so none may be named' : undefined;
}

function isExport(entry: string, none: boolean): boolean {
  return entry === '.' || entry === '*' || (none && entry === '~') || isLabel(entry);
}
