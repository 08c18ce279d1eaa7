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

/**
 * Faults of a text by the style of the project: sentences of at most 25 words, no sentence that begins with What, Who, Of
 * or That, and the words of the glossary.
 *
 * @param text plain text; code in backticks counts as one word
 * @returns one line for each fault
 */
export function faultsOfText(text: string): readonly string[] {
  const sentences = text
    .replaceAll(/`[^`\n]*`/g, '`code`')
    .split(/(?<=[.?!:;])\s+|\n{2,}/)
    .map(sentence => sentence.trim())
    .filter(sentence => sentence !== '');
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
    .replaceAll(/^```[\s\S]*?^ *```$/gm, '')
    .replaceAll(/^ {3}```[\s\S]*?^ {3}```$/gm, '')
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
