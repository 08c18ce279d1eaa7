/** A character, a class of letters and digits, or any character some times. */
const part = String.raw`[A-Za-z0-9/_~%:,;=@!<>&'"#-]|\\[./]|\[(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9_])+\][*+]?|\.[*+]`;
const isPlain = new RegExp(`^(?:${part})+$`);

/** The engine of JavaScript tries ways again; so few repetitions do not let it take long. */
const MOST_REPETITIONS = 2;

/**
 * An expression that means the same to RE2 and to JavaScript: characters, classes of letters and digits, and any characters, in
 * a row. Nearly all expressions of manifests are of this form. JavaScript takes far less time to read them than re2js.
 *
 * @returns an expression that has to match a whole text; undefined for all others
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function plainRegularExpression(source: string): RegExp | undefined {
  if (!isPlain.test(source)) return undefined;
  const repetitions = source.match(/[*+]/g) ?? [];
  if (repetitions.length > MOST_REPETITIONS) return undefined;
  try {
    // A line break is the one character that the dot does not take in RE2.
    return new RegExp(`^(?:${source.replaceAll(/(?<!\\)\.(?=[*+])/g, String.raw`[^\n]`)})$`, 'u');
  } catch {
    // A class such as [z-a] is refused by RE2 as well, which says why.
    return undefined;
  }
}
