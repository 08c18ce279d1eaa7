import type { SchemeFrom } from '../3-link/trusted-proxies.ts';
import { remember } from '../yaml/remember.ts';
import { type Action, perform } from './action.ts';
import { evaluate, isMet, type Match } from './match.ts';
import type { Outcome } from './outcome.ts';
import { type Dimension, type Probe, type Request, schemeOf } from './request.ts';
import type { Rule } from './rule.ts';
import { RuleIndex } from './rule-index.ts';

/** The rules of one proxy for the requests for one host and port. */
export interface Table {
  /** The first whose match holds acts. */
  readonly rules: readonly Rule[];
  /** The outcome of the rest: 404 where the host is known, else the one of a proxy without any list. */
  readonly fallback: Action | undefined;
  /** Plain HTTP is sent to https before any rule is asked. */
  readonly httpsRedirect: boolean;
  /** At a gateway, whose word counts for the scheme of requests. */
  readonly schemeFrom?: SchemeFrom;
  /** The TLS that the listener asks of clients and shows them; undefined without TLS, or where it is not known. */
  readonly tls?: string | undefined;
}

/** Which rule takes a request; `undefined` is the fallback. */
export interface Decision {
  readonly rule: Rule | undefined;
}

const nothing: Match = { path: { kind: 'prefix', value: '/', ignoreCase: false }, conditions: [] };

/**
 * Finds the rule that takes a request.
 *
 * @returns the decision, or what more has to be known of the request
 */
export function decide({ rules }: Table, probe: Probe): Decision | Dimension {
  const index = indexOf(rules);
  for (let at = index.next(0, probe); at < rules.length; at = index.next(at + 1, probe)) {
    const rule = rules[at];
    const holds = rule !== undefined && evaluate(rule.match, probe);
    if (holds === true) return { rule };
    if (holds !== false) return holds;
  }
  return { rule: undefined };
}

/** Tables are asked about one request after the other. */
const indexOf = remember((rules: readonly Rule[]) => new RuleIndex(rules));

/** @returns what happens to a request under a decision */
export function outcomeOf(table: Table, { rule }: Decision, request: Request): Outcome {
  // Where nobody knows whether a proxy is trusted, it is said of httpsRedirect.
  const scheme = table.schemeFrom === 'proxy' ? schemeOf(request) : request.scheme;
  if (table.httpsRedirect && scheme === 'http') {
    return {
      kind: 'redirect',
      status: 301,
      scheme: 'https',
      host: undefined,
      port: 'keep',
      path: request.path,
    };
  }
  if (rule !== undefined) return perform(rule.action, rule.match, request);
  return table.fallback === undefined ? { kind: 'no-route' } : perform(table.fallback, nothing, request);
}

/** A table in which all requests have the scheme of the listener, whatever a proxy in front says. */
export function withSchemeOf(table: Table, scheme: 'http' | 'https'): Table {
  const rules = table.rules.flatMap((rule): readonly Rule[] => {
    const { match, action } = rule;
    const own = match.conditions.filter(({ dimension }) => dimension === 'scheme');
    if (!own.every(condition => isMet(condition, scheme))) return [];
    const conditions = match.conditions.filter(({ dimension }) => dimension !== 'scheme');
    return [
      {
        ...rule,
        match: own.length === 0 ? match : { ...match, conditions },
        action: action.kind === 'redirect' ? { ...action, scheme: action.scheme ?? scheme } : action,
      },
    ];
  });
  return { ...table, rules };
}
