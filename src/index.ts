export type { AnyResource } from './2-decode/resource.ts';
export type { Edit, Output } from './6-emit/edit.ts';
export type { Conversion, ConvertedResource, Proof, Status } from './conversion.ts';
export type { Decided, DecidingRule } from './deciding-rule.ts';
export type { Diagnostic, Location } from './diagnostics/diagnostic.ts';
export type { ResourceRef } from './diagnostics/resource-ref.ts';
export { applyEdits } from './library/apply-edits.ts';
export { ArgumentError } from './library/argument-error.ts';
export { convert, printResources, trace, verify } from './library/library.ts';
export { defaultOptions, type GatewayMapping, type Options } from './options.ts';
export type { Aspect } from './semantics/outcome.ts';
export type { Address, Request } from './semantics/request.ts';
export { createSession, type Role, type Session } from './session.ts';
export type { ConnectionCause } from './verify/connections.ts';
export type { PassedRule, Trace, TracedSide, TraceView } from './verify/trace.ts';
export type { Cause, Verification, VerifyOptions } from './verify/verify.ts';
/**
 * The interface for other programs: functions over texts, which read and write nothing. Arguments of the wrong type are refused
 * with an `ArgumentError` that names the argument.
 */
export type { SourceFile } from './yaml/source.ts';
