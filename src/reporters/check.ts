import type { StaleEntry } from '../suggest/baseline.ts';
import type { Finding, FindingSeverity } from '../suggest/check.ts';
import { CONVERTIBLE } from '../suggest/convertible.ts';
import { MAX_OF_LEVEL, workflowCommand } from './annotations.ts';
import type { Palette } from './palette.ts';
import { visible } from './visible.ts';

/** One line for each finding, as compilers and editors know them. */
export function findingLines(findings: readonly Finding[], palette: Palette): string {
  return findings
    .map(({ path, line, severity, code, message }) => {
      const paint = palette[severity === 'convertible' ? 'warning' : severity];
      return `${visible(`${path}:${line}`)}: ${paint(code)}: ${visible(message)}\n`;
    })
    .join('');
}

/** The findings for programs, with the entries of the baseline that are no longer needed. */
export function findingsJson(
  findings: readonly Finding[],
  stale: readonly StaleEntry[],
  known: number,
): string {
  const shown = findings.map(({ path, line, code, severity, message }) => ({
    path,
    line,
    code,
    severity,
    message,
  }));
  return `${JSON.stringify({ version: 1, findings: shown, known, stale }, null, 2)}\n`;
}

/** The findings as annotations of GitHub Actions, which shows so many of each level. */
export function findingAnnotations(findings: readonly Finding[]): string {
  return (['error', 'warning', 'notice'] as const)
    .flatMap(level => findings.filter(({ severity }) => levels[severity] === level).slice(0, MAX_OF_LEVEL))
    .map(({ path, line, code, severity, message }) => {
      const remedy = code === CONVERTIBLE ? '. Run vs2route convert --write, or take the suggestion' : '';
      const title = `vs2route: ${code}`;
      return workflowCommand(
        levels[severity],
        { file: path, line: String(line), title },
        `${message}${remedy}`,
      );
    })
    .join('');
}

const levels: Readonly<Record<FindingSeverity, 'error' | 'warning' | 'notice'>> = {
  convertible: 'error',
  error: 'error',
  warning: 'warning',
  info: 'notice',
};
