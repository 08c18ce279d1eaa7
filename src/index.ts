/** What other programs can use: functions over texts, which read and write nothing. */
export type { SourceFile } from './1-read/source.ts';
export type { AnyResource, ResourceRef } from './2-decode/resource.ts';
export { applyEdits, type EditedFile } from './6-emit/apply-edits.ts';
export type { Edit, Output } from './6-emit/edit.ts';
export { printResources } from './6-emit/print.ts';
export type { Conversion, ConvertedResource, Proof, Status } from './conversion.ts';
export { convert } from './convert.ts';
export type { Decided, DecidingRule } from './deciding-rule.ts';
export type { Diagnostic, Location } from './diagnostics/diagnostic.ts';
export { defaultOptions, type GatewayMapping, type Options } from './options.ts';
export type { Aspect } from './semantics/outcome.ts';
export type { Address, Request } from './semantics/request.ts';
export { type PassedRule, type Trace, type TracedSide, type TraceView, trace } from './trace.ts';
export { type Cause, type Verification, type VerifyOptions, verify } from './verify.ts';
export type { ConnectionCause } from './verify-connections.ts';
