import { RE2JS } from 're2js';

/** Envoy's `safe_regex`: the expression has to match the whole text. */
export function fullMatch(source: string): (text: string) => boolean {
  const pattern = RE2JS.compile(source);
  return text => pattern.matches(text);
}

/**
 * Envoy's `regex_rewrite`: RE2::GlobalReplace, where `\1` is the first group and an empty match directly after another
 * match does not count.
 *
 * @see https://github.com/google/re2/blob/main/re2/re2.cc, RE2::GlobalReplace
 */
export function globalReplace(source: string, substitution: string, text: string): string {
  const matcher = RE2JS.compile(source).matcher(text);
  let result = '';
  let position = 0;
  let lastEnd = -1;
  while (position <= text.length && matcher.find(position)) {
    const [start, end] = [matcher.start(), matcher.end()];
    result += text.slice(position, start);
    if (start === end && start === lastEnd) {
      result += text.slice(start, start + 1);
      position = start + 1;
      continue;
    }
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
    result += substitution.replace(/\\([\d\\])/g, (_, what: string) =>
      what === '\\' ? '\\' : (groups[Number(what)] ?? ''),
    );
    position = end;
    lastEnd = end;
  }
  return result + text.slice(position);
}
