import type { Palette } from '../print/palette.ts';
import { visible } from '../print/visible.ts';
import type { StaleEntry } from '../suggest/baseline.ts';
import type { Finding, FindingSeverity } from '../suggest/check.ts';
import { CONVERTIBLE } from '../suggest/convertible.ts';
import { type Annotation, printAnnotations } from './annotations.ts';
import { logText } from './log-text.ts';

/** One line for each finding, as compilers and editors know them. */
export function findingLines(findings: readonly Finding[], palette: Palette): string {
  return findings
    .map(({ path, line, severity, code, message }) => {
      const paint = palette[severity === 'convertible' ? 'warning' : severity];
      return logText(`${visible(`${path}:${line}`)}: ${paint(code)}: ${visible(message)}\n`);
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

/** The findings as annotations of GitHub Actions. */
export function findingAnnotations(findings: readonly Finding[]): string {
  const all = findings.map(({ path, line, code, severity, message }): Annotation => {
    const remedy = code === CONVERTIBLE ? '. Run vs2route convert --write, or take the suggestion' : '';
    return {
      level: levels[severity],
      properties: { file: path, line: String(line), title: `vs2route: ${code}` },
      message: `${message}${remedy}`,
    };
  });
  return printAnnotations(all, 'vs2route check lists them');
}

const levels: Readonly<Record<FindingSeverity, 'error' | 'warning' | 'notice'>> = {
  convertible: 'error',
  error: 'error',
  warning: 'warning',
  info: 'notice',
};
