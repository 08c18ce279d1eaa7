import { readFile } from '../../src/1-read/read-file.ts';
import { decode } from '../../src/2-decode/decode.ts';
import type { AnyResource } from '../../src/2-decode/resource.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { collect, toDiagnostics } from '../../src/diagnostics/locate.ts';

/** The objects of a text, and every diagnostic of reading and decoding it. */
export function decodeText(
  text: string,
  path = 'a.yaml',
): { readonly resources: readonly AnyResource[]; readonly diagnostics: readonly Diagnostic[] } {
  const { report, findings } = collect();
  const resources = [...readFile({ path, text }, report)].flatMap(manifest => decode(manifest, report) ?? []);
  return { resources, diagnostics: toDiagnostics(findings) };
}

/** Diagnostics as lines: severity, code, field and message. */
export function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ severity, code, path, message }) => `${severity} ${code} ${path}: ${message}`);
}

/** A VirtualService with a spec in flow style or indented by two. */
export function virtualService(spec: string): string {
  return `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: a\n  namespace: b\nspec: ${spec}\n`;
}
