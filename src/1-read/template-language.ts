import type { SourceFile, TextRange } from './source.ts';

/** A language that manifests are written in before something renders them. */
export interface TemplateLanguage {
  /** What stands in the text, for people. */
  readonly mark: string;
  /** Renders the template to the standard output. */
  readonly command: string;
}

export const doubleBraces: TemplateLanguage = {
  mark: 'double braces stand here outside quotes',
  command: 'helm template .',
};

const ytt: TemplateLanguage = { mark: 'a comment holds code of ytt', command: 'ytt -f .' };
const goTemplate: TemplateLanguage = {
  mark: 'a statement of Go templates stands here',
  command: 'helm template .',
};
const jinja: TemplateLanguage = {
  mark: 'a statement of Jinja stands here',
  command: 'jinja2 TEMPLATE VALUES',
};
const jsonnet: TemplateLanguage = { mark: 'the file is Jsonnet', command: 'jsonnet --yaml-stream FILE' };
const cue: TemplateLanguage = { mark: 'the file is CUE', command: 'cue export --out yaml .' };

const byEnding: readonly (readonly [RegExp, TemplateLanguage])[] = [
  [/\.(?:jsonnet|libsonnet)$/i, jsonnet],
  [/\.cue$/i, cue],
];

/** Statements are performed wherever they stand: in comments and between quotes, too. */
const statements: readonly (readonly [RegExp, TemplateLanguage])[] = [
  [/\{\{-?\s*(?:if|else|end|range|with|define|block|template|include)\b/, goTemplate],
  [
    /\{%[-+]?\s*(?:if|elif|else|endif|for|endfor|set|endset|include|import|from|macro|endmacro|block|extends|raw)\b/,
    jinja,
  ],
];

/**
 * A comment of YAML that is code of ytt: `#@ data.values.host`, `#@overlay/match ...`. It may end a line.
 *
 * @see https://carvel.dev/ytt/docs/latest/lang/
 */
const yttCode = /(?<=^|[ \t])#@(?=[ \t\r\n]|[a-z-]+\/|$)/gm;

/**
 * Recognises the language of a template that YAML takes for a manifest, or for none.
 *
 * @param range of a document; code of ytt anywhere in the file may leave the document out, or repeat it
 * @returns the language, and where its first mark stands; undefined for a manifest
 */
export function templateIn(
  { path, text }: SourceFile,
  range: TextRange,
): { readonly language: TemplateLanguage; readonly range: TextRange } | undefined {
  const ending = byEnding.find(([form]) => form.test(path));
  if (ending !== undefined)
    return { language: ending[1], range: { start: range.start, end: range.start + 1 } };
  const code = text.includes('#@') ? yttCodeIn(text, range) : undefined;
  if (code !== undefined) return { language: ytt, range: { start: code, end: code + 2 } };
  if (!text.includes('{{') && !text.includes('{%')) return undefined;
  const own = text.slice(range.start, range.end);
  for (const [form, language] of statements) {
    const found = form.exec(own);
    if (found === null) continue;
    const start = range.start + found.index;
    return { language, range: { start, end: start + 2 } };
  }
  return undefined;
}

/** @returns the first mark in the document, else in the file */
function yttCodeIn(text: string, { start, end }: TextRange): number | undefined {
  const marks = [...text.matchAll(yttCode)].map(({ index }) => index).filter(at => !isQuoted(text, at));
  return marks.find(at => at >= start && at < end) ?? marks[0];
}

/** Whether a quote is open where something stands on its line. */
function isQuoted(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const rest = line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return /(?:^|[\s:[{,-])["']/.test(rest);
}
