import { type Decided, ruleOf } from '../deciding-rule.ts';
import type { locator } from '../diagnostics/locate.ts';
import { sampleOf } from '../semantics/asked-host.ts';
import {
  compareConnections,
  type DecidedConnection,
  describeConnectionRule,
  tlsDiffers,
} from '../semantics/compare-connections.ts';
import type { ConnectionVantage } from '../semantics/connection-vantages.ts';

/** Connections that differ for the same reason: the same two rules. */
export interface ConnectionCause {
  readonly summary: string;
  readonly connections: number;
  readonly vantages: readonly string[];
  readonly example: {
    readonly host: string;
    readonly port: number;
    /** The name in the handshake; undefined for a connection without one. */
    readonly sni: string | undefined;
    /** A command that opens the connection. */
    readonly command: string;
    readonly before: Decided;
    readonly after: Decided;
  };
}

export interface ConnectionVerification {
  readonly connections: number;
  readonly causes: readonly ConnectionCause[];
}

/** Opens the same connections at every vantage, and puts those that differ together by the rules that decide. */
export function verifyConnections(
  vantages: readonly ConnectionVantage[],
  locate: ReturnType<typeof locator>,
): ConnectionVerification {
  let connections = 0;
  const groups = new Map<string, { vantage: ConnectionVantage; difference: DecidedConnection }[]>();
  for (const vantage of vantages) {
    const comparison = compareConnections(vantage.before, vantage.after);
    connections += comparison.connections;
    for (const difference of comparison.differences) {
      if (!vantage.concerns(difference.sni, difference.before)) continue;
      const key = JSON.stringify([originKey(difference.before), originKey(difference.after)]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [{ vantage, difference }]);
      else known.push({ vantage, difference });
    }
  }
  return {
    connections,
    causes: [...groups.values()].flatMap((group): readonly ConnectionCause[] => {
      const [first] = group;
      if (first === undefined) return [];
      const { vantage, difference } = first;
      const { sni, before, after } = difference;
      const host = sampleOf(vantage.host);
      return [
        {
          summary: summarize(difference),
          connections: group.length,
          vantages: [...new Set(group.map(one => one.vantage.label))],
          example: {
            host,
            port: vantage.port,
            sni,
            command: commandOf(host, vantage.port, sni),
            before: { outcome: describeConnectionRule(before, after), rule: ruleOf(before, locate) },
            after: { outcome: describeConnectionRule(after, before), rule: ruleOf(after, locate) },
          },
        },
      ];
    }),
  };
}

function originKey(rule: DecidedConnection['before']): unknown {
  if (rule === undefined) return null;
  const { kind, namespace, name } = rule.origin.resource;
  return [kind, namespace, name, rule.origin.path];
}

function summarize({ before, after }: DecidedConnection): string {
  if (after === undefined) return 'these connections match no rule any more';
  if (before === undefined) return 'these connections match a rule, and matched none before';
  return tlsDiffers(before, after)
    ? 'these connections differ in TLS'
    : 'these connections go somewhere else';
}

function commandOf(host: string, port: number, sni: string | undefined): string {
  return sni === undefined
    ? `nc '${host}' ${port}`
    : `openssl s_client -connect '${host}:${port}' -servername '${sni}'`;
}
