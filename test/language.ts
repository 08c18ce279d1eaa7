/** The longest sentence that people read, in words. */
export const LONGEST = 25;

/** Words that the glossary replaces, and the words to use. */
const glossary: readonly (readonly [RegExp, string])[] = [
  [/\bnobody (?:showed|shows) us\b/i, 'not found in the input'],
  [/\b(?:was|were|is|are) (?:not |)shown\b/i, 'not found in the input'],
  [/\bheld back\b/i, 'not converted'],
  [/\bholds? (?:it|them|the VirtualService) back\b/i, 'not converted'],
  [/\bbrought to life\b|\bcomes? to life\b/i, 'will get requests'],
  [/\bof no account\b/i, 'is ignored'],
  [/\bpass(?:es)? over\b/i, 'ignores'],
  [/\btakes? no notice\b/i, 'ignores'],
  [/\bno rule takes\b/i, 'returns 404'],
  [/\bnobody stands behind\b/i, 'backend Service without pods'],
  [/\bstands? in for\b/i, 'replaces'],
  [/\bgoes before\b/i, 'takes precedence'],
  [/\bto the letter\b/i, 'exactly'],
  [/\bhas no form\b/i, 'cannot be expressed'],
  [/\bsee to it\b/i, 'check that'],
];

const openings = /^(?:What|Who|Of|That)\b/;

/** Code in backticks counts as one word. */
function sentencesOf(text: string): readonly string[] {
  return text
    .replaceAll(/`[^`\n]*`/g, '`code`')
    .split(/(?<=[.?!:;→])\s+|\n{2,}/)
    .map(sentence => sentence.trim())
    .filter(sentence => sentence !== '');
}

/**
 * Faults of a text by the style of the project: sentences of at most 25 words, no sentence that begins with What, Who, Of
 * or That, and the words of the glossary.
 *
 * @param text plain text; code in backticks counts as one word
 * @returns one line for each fault
 */
export function faultsOfText(text: string): readonly string[] {
  const sentences = sentencesOf(text);
  return [
    ...sentences.flatMap(sentence => {
      const words = sentence.split(/\s+/).length;
      return words > LONGEST ? [`${words} words: ${sentence}`] : [];
    }),
    ...sentences.filter(sentence => openings.test(sentence)).map(sentence => `opening: ${sentence}`),
    ...glossary.flatMap(([word, better]) => {
      const [found] = word.exec(text) ?? [];
      return found === undefined ? [] : [`"${found}", say "${better}": ${text.slice(0, 80)}`];
    }),
  ];
}

/** @returns the prose of a Markdown page, one text for each paragraph, item of a list or cell of a table */
export function proseOf(markdown: string): readonly string[] {
  const plain = markdown
    .replaceAll(/^(?:> ?)+/gm, '')
    .replaceAll(/^ *(`{3,})[^`\n]*\n[\s\S]*?^ *\1 *$/gm, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<[^>\n]+>/g, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  return plain.split(/\n{2,}|\n(?=\s*(?:[-*]|\d+\.) )/).flatMap(block => {
    const lines = block.trim();
    if (lines === '' || lines.startsWith('#')) return [];
    if (lines.startsWith('|'))
      return lines.split('\n').flatMap(line => line.split('|').map(cell => cell.trim()));
    return [lines.replace(/^(?:[-*]|\d+\.)\s+/, '').replaceAll(/\s+/g, ' ')];
  });
}

const wordsOf = (text: string): number => text.split(/\s+/).filter(word => /[a-z]/i.test(word)).length;

/** Comments, and literals of strings and templates without nested templates. */
const literals = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/**
 * The parts of a program that are text for people.
 *
 * @returns string literals and templates of four words or more, with `x` for values
 */
export function textsOfProgram(source: string): readonly string[] {
  return (
    [...source.matchAll(literals)]
      .map(([literal]) => literal)
      .filter(literal => !literal.startsWith('/'))
      .map(literal =>
        literal
          .slice(1, -1)
          .replaceAll(/\$\{[^{}]*\}/g, 'x')
          .replaceAll('\\n', '\n')
          .replaceAll(/\\(.)/g, '$1'),
      )
      // Lines of a table are sentences of their own.
      .flatMap(text => text.split(/\n(?= {2}\S)/))
      .filter(text => !/[{}]|=>|\b(?:const|return)\b/.test(text) && wordsOf(text) >= 4)
  );
}

/** The names of the tests of a test file. */
export function namesOfTests(source: string): readonly string[] {
  return [...source.matchAll(/^ *(?:test|it|describe)(?:\.\w+)*\(\s*'((?:[^'\\\n]|\\.)*)'/gm)].map(
    ([, name = '']) => name.replaceAll(/\\(.)/g, '$1'),
  );
}

/**
 * The comments of a program: blocks, and runs of lines that begin with `//`.
 *
 * @returns a text for each part: the description, and each tag such as `@returns`
 */
export function commentsOf(source: string): readonly string[] {
  const blocks = [...source.matchAll(/^[ \t]*(?:\/\*\*?([\s\S]*?)\*\/|((?:\/\/.*\n[ \t]*)+))/gm)];
  return blocks.flatMap(([, block, lines]) => {
    const text =
      block === undefined
        ? (lines ?? '').replaceAll(/^[ \t]*\/\/ ?/gm, '')
        : block.replaceAll(/^[ \t]*\* ?/gm, '');
    return text
      .split(/\n(?=@)|\n[ \t]*\n/)
      .map(part =>
        part
          .trim()
          .replace(/^@(?:param \S+|\w+)\s+/, '')
          .replaceAll(/\s+/g, ' '),
      )
      .filter(part => part !== '');
  });
}

/** @returns the sentences of a text that begin with What, Who, Of or That */
export function openingsOf(text: string): readonly string[] {
  return sentencesOf(text).filter(sentence => openings.test(sentence));
}
