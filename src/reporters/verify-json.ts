import type { Decided, DecidingRule } from '../deciding-rule.ts';
import type { Location } from '../diagnostics/diagnostic.ts';
import type { ConnectionCause } from '../verify/connections.ts';
import type { NotShown } from '../verify/presence.ts';
import type { Trace, TracedSide } from '../verify/trace.ts';
import type { Cause, Verification } from '../verify/verify.ts';
import { type JsonLocation, jsonDiagnostic, type Unread } from './json.ts';

/**
 * A verification for programs. Fields are added without notice; what is there keeps its name and meaning as long as
 * `version` stays.
 *
 * @see ../../schemas/verification.schema.json
 */
export function printVerification(verification: Verification, unread: readonly Unread[]): string {
  const { same, requests, sampled, vantages, causes, connections, connectionCauses, diagnostics } =
    verification;
  return print({
    version: 1,
    same,
    requests,
    sampled,
    vantages,
    causes: causes.map(jsonCause),
    connections,
    connectionCauses: connectionCauses.map(jsonConnectionCause),
    missing: verification.missing.map(jsonNotShown),
    assumed: verification.assumed.map(jsonNotShown),
    added: verification.added,
    addresses: verification.addresses,
    unreadDifferences: verification.unread,
    diagnostics: diagnostics.map(jsonDiagnostic),
    unread,
  });
}

/**
 * A trace for programs, with the same promise.
 *
 * @see ../../schemas/trace.schema.json
 */
export function printTrace(trace: Trace, unread: readonly Unread[]): string {
  const { request, description, views, refused, diagnostics } = trace;
  return print({
    version: 1,
    request,
    description,
    views: views.map(({ vantage, before, after }) => ({
      vantage,
      before: jsonSide(before),
      after: jsonSide(after),
    })),
    diagnostics: [...refused, ...diagnostics].map(jsonDiagnostic),
    unread,
  });
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function jsonCause({ summary, aspects, effect, requests, vantages, example }: Cause): object {
  const { request, description, curl, before, after } = example;
  const sides = { before: jsonDecided(before), after: jsonDecided(after) };
  return { summary, aspects, effect, requests, vantages, example: { request, description, curl, ...sides } };
}

function jsonNotShown({ namedBy: { kind, namespace, name, location }, ...object }: NotShown): object {
  const place = location === undefined ? null : jsonLocation(location);
  return { ...object, namedBy: { kind, namespace, name, location: place } };
}

/** A connection without a name in its handshake has none here, too. */
function jsonConnectionCause({ summary, connections, vantages, example }: ConnectionCause): object {
  const { host, port, sni, command, before, after } = example;
  const name = sni === undefined ? {} : { sni };
  const sides = { before: jsonDecided(before), after: jsonDecided(after) };
  return { summary, connections, vantages, example: { host, port, ...name, command, ...sides } };
}

function jsonSide({ passed, rule, outcome }: TracedSide): object {
  return {
    passed: passed.map(({ rule: other, reason }) => ({ rule: jsonRule(other), reason })),
    ...jsonDecided({ outcome, rule }),
  };
}

function jsonDecided({ outcome, rule }: Decided): object {
  return { outcome, rule: rule === undefined ? null : jsonRule(rule) };
}

/** A rule that no file holds yet has no location, but the place of what it is written for. */
function jsonRule({ resource, path, location, root, from }: DecidingRule): object {
  return {
    ...resource,
    path,
    location: location === undefined ? null : jsonLocation(location),
    ...(root === undefined ? {} : { root: jsonRule(root) }),
    ...(from === undefined ? {} : { from: jsonRule(from) }),
  };
}

function jsonLocation({ file, start, end }: Location): JsonLocation {
  return { file, start, end };
}
