import ignore from 'ignore';

/** Whose files are whose. */
export interface CodeOwners {
  /** @returns the owners of a file, sorted; none where nobody is named */
  readonly ownersOf: (path: string) => readonly string[];
}

/**
 * Where GitHub and GitLab look, in their order; the first that is there counts.
 *
 * @see https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 * @see https://docs.gitlab.com/user/project/codeowners/
 */
export const ownersFiles = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly owners: readonly string[];
}

/**
 * Reads a CODEOWNERS file. The last pattern that matches counts; with GitLab's sections, the last of each section, and a pattern
 * without owners has those of its section. A line that nobody understands is passed over, as both forges do.
 */
export function parseCodeOwners(text: string): CodeOwners {
  const sections: Rule[][] = [[]];
  let usual: readonly string[] = [];
  const named = new Map<string, Rule[]>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/^\s*#.*$/, '').replace(/\s#.*$/, '');
    const [, section, owners = ''] = /^\s*\^?\[([^\]]+)\](?:\[\d+\])?\s*(.*)$/.exec(line) ?? [];
    if (section !== undefined) {
      // Sections of one name are one, whatever their letters' case.
      const known = named.get(section.toLowerCase()) ?? [];
      if (!named.has(section.toLowerCase())) sections.push(known);
      named.set(section.toLowerCase(), known);
      usual = wordsOf(owners);
      continue;
    }
    const [pattern, ...own] = wordsOf(line);
    const rules = named.size === 0 ? sections[0] : [...named.values()].at(-1);
    if (pattern === undefined || pattern.startsWith('!')) continue;
    rules?.push({ matches: matcherOf(pattern), owners: own.length === 0 ? usual : own });
  }
  return {
    ownersOf: path => {
      const found = sections.flatMap(rules => rules.findLast(({ matches }) => matches(path))?.owners ?? []);
      return [...new Set(found)].toSorted();
    },
  };
}

/** Words of a line; a space behind a backslash is part of one. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/(?:\\.|[^\s\\])+/g) ?? []).map(word => word.replaceAll(/\\([ #])/g, '$1'));
}

/** As in .gitignore, but that `docs/*` has nothing of what is in folders of `docs`. */
function matcherOf(pattern: string): Rule['matches'] {
  const patterns = ignore({ allowRelativePaths: true }).add(pattern);
  const ends = /(?:^|[^*])\/\*$/.test(pattern);
  const depth = pattern.replace(/^\//, '').split('/').length;
  return path => patterns.ignores(path) && (!ends || path.split('/').length === depth);
}
