import { plainLine } from '../suggest/bodies.ts';
import { CONVERTIBLE, REMOVED_IN_USE } from '../suggest/convertible.ts';
import { redact } from '../suggest/credentials.ts';
import { countingFingerprints } from '../suggest/fingerprint.ts';
import type { Item } from '../suggest/items.ts';

/**
 * An entry of GitLab's code quality report.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export interface CodeQualityIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: {
    readonly path: string;
    readonly lines: { readonly begin: number; readonly end: number };
  };
}

/** @returns the report; fingerprints are the same when lines move, and each is there once */
export function codeQuality(items: readonly Item[]): string {
  const hash = countingFingerprints();
  const issues = items.flatMap((item): readonly Omit<CodeQualityIssue, 'fingerprint'>[] => {
    if (item.kind === 'change')
      return [
        {
          description: `${CONVERTIBLE}: ${plainLine(item)}`,
          check_name: CONVERTIBLE,
          severity: item.level === 'warning' ? 'minor' : 'info',
          location: { path: item.path, lines: { begin: item.range.start, end: item.range.end } },
        },
      ];
    if (item.kind === 'loss')
      return [
        {
          description: `${REMOVED_IN_USE}: ${plainLine(item)}`,
          check_name: REMOVED_IN_USE,
          severity: 'major',
          location: { path: item.path, lines: { begin: item.line, end: item.line } },
        },
      ];
    return item.diagnostics.map(({ code, message, severity, location }) => ({
      // The page shows the description alone.
      description: redact(`${code}: ${message}`),
      check_name: code,
      severity: severity === 'error' ? 'major' : severity === 'warning' ? 'minor' : 'info',
      location: {
        path: location.file,
        lines: { begin: location.start.line, end: Math.max(location.start.line, location.end.line) },
      },
    }));
  });
  const unique = issues.map((issue): CodeQualityIssue => {
    const found = hash(issue.check_name, issue.location.path, issue.description);
    return { ...issue, fingerprint: found.count === 1 ? found.hash : `${found.hash}-${found.count}` };
  });
  return `${JSON.stringify(unique, null, 2)}\n`;
}
