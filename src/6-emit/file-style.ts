import { jsonIndentOf } from './flow.ts';
import { kubectlStyle, type YamlStyle } from './print.ts';

/** How a file is written, so that what is added to it looks at home. */
export interface FileStyle {
  readonly lineBreak: '\n' | '\r\n';
  readonly yaml: YamlStyle;
  /** By how much JSON is indented, if the file is JSON on several lines. */
  readonly jsonIndent: string | undefined;
  /** The text between two documents, line breaks included. */
  readonly separator: string;
}

/** @returns the style of a text; of parts that have none of their own, the style of `around` */
export function fileStyleOf(text: string, around: FileStyle | undefined = undefined): FileStyle {
  const lineBreak = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  return {
    lineBreak: around?.lineBreak ?? lineBreak,
    jsonIndent: around?.jsonIndent ?? jsonIndentOf(text),
    separator: around?.separator ?? separatorOf(text, lineBreak),
    yaml: {
      indentLists: indentsLists(text) ?? around?.yaml.indentLists ?? kubectlStyle.indentLists,
      quote: quoteOf(text) ?? around?.yaml.quote ?? kubectlStyle.quote,
      ...indentOf(text, around?.yaml.indent),
    },
  };
}

function separatorOf(text: string, lineBreak: string): string {
  const separators = [...text.matchAll(/\n(\r?\n)?---[ \t]*\r?\n(\r?\n)?/g)];
  const mostHave = (group: 1 | 2): boolean =>
    separators.filter(found => found[group] !== undefined).length * 2 > separators.length;
  return `${mostHave(1) ? lineBreak : ''}---${lineBreak}${mostHave(2) ? lineBreak : ''}`;
}

function indentsLists(text: string): boolean | undefined {
  const found = /^( *)(- )?[\w./"'-]+:[ \t]*(?:#.*)?\r?\n(?: *#.*\r?\n)*( *)- /m.exec(text);
  if (found === null) return undefined;
  const [, indent = '', dash = '', listIndent = ''] = found;
  return listIndent.length > indent.length + dash.length;
}

/** How far most maps inside maps are indented. */
function indentOf(text: string, around: number | undefined): Pick<YamlStyle, 'indent'> {
  const widths = new Map<number, number>();
  const nested = /^( *)(- )?[\w./"'-]+:[ \t]*(?:#.*)?\r?\n(?: *#.*\r?\n)*(?=( *)[\w"'])/gm;
  for (const [, indent = '', dash = '', inner = ''] of text.matchAll(nested)) {
    const width = inner.length - indent.length - dash.length;
    if (width > 0) widths.set(width, (widths.get(width) ?? 0) + 1);
  }
  const [[width] = [around ?? 2]] = [...widths].toSorted(([a, m], [b, n]) => n - m || a - b);
  return width === 2 || width > 8 ? {} : { indent: width };
}

function quoteOf(text: string): YamlStyle['quote'] | undefined {
  const singles = text.match(/[:,[-] *'/g)?.length ?? 0;
  const doubles = text.match(/[:,[-] *"/g)?.length ?? 0;
  if (singles === doubles) return undefined;
  return singles > doubles ? 'single' : 'double';
}
