import type { AnyResource } from '../2-decode/resource.ts';
import { CONVERTIBLE } from '../diagnostics/convertible.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';

const line = new RegExp(`^(?:[\\w.-]+\\s*,\\s*)*${CONVERTIBLE}\\s*(?:,[^:]*)?(?::|$)`);

/** Whether the annotation of an object says that nothing is to be suggested for it: `convertible: why`. */
export function ignoresConvertible({ metadata }: AnyResource): boolean {
  const text = metadata.annotations?.['vs2route/ignore'] ?? '';
  return text.split(/[\n;]/).some(one => line.test(one.trim()));
}

/** Takes out that nothing is reported under the code: it is for pull requests, and no diagnostic. */
export function withoutConvertible(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ code, args }) => code !== 'ignore-unused' || args['code'] !== CONVERTIBLE);
}
