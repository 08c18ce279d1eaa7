import type { TemplateLanguage } from '../yaml/problem.ts';
import type { SourceFile, TextRange } from '../yaml/source.ts';

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

/** The language of a template, and where its first mark stands. */
interface FoundTemplate {
  readonly language: TemplateLanguage;
  readonly range: TextRange;
}

/**
 * Recognises the language of a template that YAML takes for a manifest, or for none. The file as a whole is looked at
 * once, whatever the number of its documents.
 *
 * @returns a function of the range of a document, which returns undefined for a manifest; code of ytt anywhere in the file
 * may leave the document out, or repeat it
 */
export function templatesIn({ path, text }: SourceFile): (range: TextRange) => FoundTemplate | undefined {
  const ending = byEnding.find(([form]) => form.test(path));
  if (ending !== undefined) return ({ start }) => ({ language: ending[1], range: { start, end: start + 1 } });
  const marks = text.includes('#@') ? yttCodeIn(text) : [];
  const [first] = marks;
  const next = nextOf(marks);
  if (first !== undefined)
    return ({ start, end }) => {
      const own = next(start);
      const code = own !== undefined && own < end ? own : first;
      return { language: ytt, range: { start: code, end: code + 2 } };
    };
  return text.includes('{{') || text.includes('{%') ? range => statementIn(text, range) : () => undefined;
}

function statementIn(text: string, range: TextRange): FoundTemplate | undefined {
  const own = text.slice(range.start, range.end);
  for (const [form, language] of statements) {
    const found = form.exec(own);
    if (found === null) continue;
    const start = range.start + found.index;
    return { language, range: { start, end: start + 2 } };
  }
  return undefined;
}

/** @returns where code begins, in ascending order */
function yttCodeIn(text: string): readonly number[] {
  return [...text.matchAll(yttCode)].map(({ index }) => index).filter(at => !isQuoted(text, at));
}

/** @returns a function that finds the first place from another on; documents ask for theirs in their order */
function nextOf(marks: readonly number[]): (from: number) => number | undefined {
  let index = 0;
  return from => {
    while ((marks[index] ?? from) < from) index += 1;
    return marks[index];
  };
}

/** Tells whether a quote is open where something stands on its line. */
function isQuoted(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const rest = line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return /(?:^|[\s:[{,-])["']/.test(rest);
}
