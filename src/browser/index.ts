export type { ResourceRef } from '../diagnostics/resource-ref.ts';

import type { Conversion } from '../conversion.ts';
import { convert as convertFiles, trace as traceRequest, verify as verifyFiles } from '../library/library.ts';
import type { Options } from '../options.ts';
import type { Request } from '../semantics/request.ts';
import { createSession as createEngineSession } from '../session.ts';
import type { Trace } from '../verify/trace.ts';
import type { Verification, VerifyOptions } from '../verify/verify.ts';
/**
 * The engine for browsers and workers, as `vs2route/browser`: the functions of `vs2route`, which return promises here,
 * since the library for regular expressions is loaded when a text first needs it. It reads no file and asks no network but
 * for its own second part.
 */
import type { SourceFile } from '../yaml/source.ts';
import { onceLoaded } from './once-loaded.ts';

export type { AnyResource } from '../2-decode/resource.ts';
export type { Edit, Output } from '../6-emit/edit.ts';
export type { Conversion, ConvertedResource, Proof, Status } from '../conversion.ts';
export type { Decided, DecidingRule } from '../deciding-rule.ts';
export type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
export { applyEdits } from '../library/apply-edits.ts';
export { ArgumentError } from '../library/argument-error.ts';
export { printResources } from '../library/library.ts';
export { defaultOptions, type GatewayMapping, type Options } from '../options.ts';
export type { Aspect } from '../semantics/outcome.ts';
export type { Address, Request } from '../semantics/request.ts';
export type { ConnectionCause } from '../verify/connections.ts';
export type { PassedRule, Trace, TracedSide, TraceView } from '../verify/trace.ts';
export type { Cause, Verification, VerifyOptions } from '../verify/verify.ts';
export type { SourceFile } from '../yaml/source.ts';

/** `convert` of `vs2route`; it rejects with what that throws. */
export function convert(
  files: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Partial<Options> = {},
): Promise<Conversion> {
  return onceLoaded(() => convertFiles(files, facts, options));
}

/** `verify` of `vs2route`; it rejects with what that throws. */
export function verify(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Partial<VerifyOptions> = {},
): Promise<Verification> {
  return onceLoaded(() => verifyFiles(before, after, facts, options));
}

/** `trace` of `vs2route`; it rejects with what that throws. */
export function trace(
  files: readonly SourceFile[],
  request: Request,
  facts: readonly SourceFile[] = [],
  options: Partial<Options> = {},
): Promise<Trace> {
  return onceLoaded(() => traceRequest(files, request, facts, options));
}

/** Texts that change while somebody looks at their conversion. */
export interface Session {
  /** Takes a text instead of what was at its path; undefined takes it away. */
  readonly update: (path: string, text: string | undefined) => void;
  /** The conversion of all texts as they are now; texts that did not change are not read again. */
  readonly conversion: () => Promise<Conversion>;
}

/**
 * Starts with no text at all.
 *
 * @param options `defaultOptions` where nothing else is said
 * @param facts texts that are read for reference and stay as they are
 */
export function createSession(options?: Options, facts: readonly SourceFile[] = []): Session {
  const { update, conversion } = createEngineSession(options, facts);
  return { update, conversion: () => onceLoaded(conversion) };
}
