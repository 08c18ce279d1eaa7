import { parseDocument } from 'yaml';
import type { Problem, TemplateLanguage } from './problem.ts';

/** The library that explains best is slow, and a text this long is no manifest that somebody wrote by hand. */
const LONGEST_EXPLAINED = 200_000;

/**
 * Says why a document does not parse.
 *
 * @param base the document's offset in its file
 * @param failure what js-yaml says; its reasons are short of words, the `yaml` library's are not
 */
export function explainError(
  text: string,
  base: number,
  failure: { readonly reason: string; readonly position: number },
): Problem {
  const at = (position: number, length: number) => ({
    start: base + Math.min(position, text.length),
    end: base + Math.min(position + length, text.length),
  });
  if (failure.reason.startsWith('nesting exceeded'))
    return { kind: 'too-deep', range: at(failure.position, 1) };
  if (/\{\{|\{%/.test(withoutComments(text))) {
    const position = withoutComments(text).search(/\{\{|\{%/);
    return { kind: 'template', range: at(position, 2) };
  }
  const open = text.search(variable);
  if (open !== -1 && parsesWithValues(text))
    return { kind: 'template', range: at(open, 2), language: shellVariables };
  const better = failure.reason.startsWith('tab ') ? undefined : secondOpinion(text);
  if (better === undefined)
    return { kind: 'invalid', range: at(failure.position, 1), reason: plainWords(failure.reason) };
  return { kind: 'invalid', range: at(better.position, better.length), reason: better.reason };
}

/** Flux and envsubst fill it in before the text is read as YAML; in braces and brackets it needs quotes until then. */
const variable = /\$\{[A-Za-z_]\w*(?::?[-=?+][^{}\n]*)?\}/;
const shellVariables: TemplateLanguage = {
  mark: 'a variable stands here outside quotes',
  command: 'envsubst < FILE',
};

function parsesWithValues(text: string): boolean {
  const filledIn = text.replace(new RegExp(variable, 'g'), found => '1'.repeat(found.length));
  return text.length <= LONGEST_EXPLAINED && secondOpinion(filledIn) === undefined;
}

/** Whole-line comments, overwritten with spaces so that positions stay. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, comment => ' '.repeat(comment.length));
}

function secondOpinion(
  text: string,
): { readonly reason: string; readonly position: number; readonly length: number } | undefined {
  if (text.length > LONGEST_EXPLAINED) return undefined;
  try {
    const [error] = parseDocument(text, { prettyErrors: false, uniqueKeys: false, version: '1.1' }).errors;
    if (error === undefined) return undefined;
    const [position, end] = error.pos;
    return { reason: lowerFirst(error.message), position, length: Math.max(1, Math.min(end - position, 80)) };
  } catch {
    return undefined;
  }
}

function plainWords(reason: string): string {
  if (reason === 'bad indentation of a mapping entry')
    return 'this does not continue the line before it: an indentation or a colon is off';
  if (reason === 'deficient indentation')
    return 'this line is indented less than the list or text it belongs to';
  if (reason.startsWith('tab ')) return 'a tab stands where YAML takes only spaces';
  return reason;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
