import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessMatching } from '../../src/semantics/regex/guess.ts';
import { areDisjoint, commonSample, hasString, languageOf } from '../../src/semantics/regex/language.ts';
import { Languages } from '../../src/semantics/regex/languages.ts';
import { regionsOf } from '../../src/semantics/regex/regions.ts';
import { compileFullMatch } from '../../src/semantics/string-matcher.ts';

const atom = fc.constantFrom('a', 'b', '[ab]', '.', 'ab', '(a|b)', '(ab|b)');
const expression = fc
  .array(fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}')), { minLength: 1, maxLength: 4 })
  .map(parts => parts.map(([one, times]) => `(?:${one})${times}`).join(''));

const words = [0, 1, 2, 3, 4, 5].flatMap(length => combine(length));

function combine(length: number): string[] {
  if (length === 0) return [''];
  return combine(length - 1).flatMap(rest => ['a', 'b', 'c'].map(letter => letter + rest));
}

const expressions = (sources: readonly string[]) =>
  sources.map(source => ({ kind: 'regex', source }) as const);

function matched(source: string): readonly string[] {
  const matches = compileFullMatch(source) ?? (() => false);
  return words.filter(matches);
}

describe('languages of expressions', () => {
  test('have the strings that RE2 matches, and give one of them', () => {
    fc.assert(
      fc.property(expression, source => {
        const language = languageOf(source);
        if (language === undefined) throw new Error(`${source} cannot be taken apart`);
        expect(words.filter(word => hasString(language, word))).toEqual(matched(source));
        const sample = commonSample([language]) ?? '';
        expect(compileFullMatch(source)?.(sample)).toBe(true);
        expect(sample.length).toBe(Math.min(...matched(source).map(({ length }) => length), sample.length));
      }),
      { numRuns: 100 },
    );
  });

  test('overlap and lie within each other as their strings do', () => {
    fc.assert(
      fc.property(expression, expression, (a, b) => {
        const [mine, theirs] = [matched(a), new Set(matched(b))];
        const languages = new Languages();
        if (mine.some(word => theirs.has(word))) expect(languages.overlap(a, b, 'strings')).toBe(true);
        if (mine.some(word => !theirs.has(word))) expect(languages.implies(a, b, 'strings')).toBe(false);
        const [x, y] = [languageOf(a), languageOf(b)];
        if (x === undefined || y === undefined) throw new Error('neither is too large');
        expect(languages.overlap(a, b, 'strings')).toBe(areDisjoint([x, y]) === false);
        const common = commonSample([x, y]);
        if (common !== undefined) expect([hasString(x, common), hasString(y, common)]).toEqual([true, true]);
      }),
      { numRuns: 200 },
    );
  });

  test('an unknown expression overlaps with every other, and lies within none', () => {
    const large = ['/(a|b)*a(a|b){14}', '/(a|b)*b(a|b){14}'] as const;
    const languages = new Languages();
    expect(languages.overlap(...large, 'paths')).toBe(true);
    expect(languages.implies(...large, 'paths')).toBe(false);
    expect(languages.overlap('/x(a|b)*a(a|b){14}', '/y(a|b)*a(a|b){14}', 'paths')).toBe(false);
  });
});

describe('regions of expressions', () => {
  test('each has a string: any two strings that some expression tells apart have two', () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 1, maxLength: 4 }), sources => {
        const { samples, complete } = regionsOf(expressions(sources), '[abc]*');
        expect(complete).toBe(true);
        const signature = (word: string) => sources.map(source => compileFullMatch(source)?.(word)).join();
        const found = new Set(samples.map(signature));
        for (const word of words) expect(found).toContain(signature(word));
      }),
      { numRuns: 60 },
    );
  });

  test('where there are too many, each expression has a string, and each pair', () => {
    const sources = Array.from({ length: 12 }, (_, index) => `.*v${index}x.*`);
    const { samples, complete } = regionsOf(expressions(sources), '[ -~]*');
    expect(complete).toBe(false);
    for (const a of sources) {
      for (const b of sources) {
        const isBoth = (text: string) =>
          compileFullMatch(a)?.(text) === true && compileFullMatch(b)?.(text) === true;
        expect(samples.some(isBoth)).toBe(true);
      }
    }
  });

  test('an expression that cannot be taken apart has strings all the same', () => {
    const source = '/(a|b)*a(a|b){14}';
    const { samples, complete } = regionsOf(expressions([source]), '\\/.*');
    expect(complete).toBe(false);
    expect(samples.map(text => compileFullMatch(source)?.(text))).toContain(true);
    expect(samples.map(text => compileFullMatch(source)?.(text))).toContain(false);
  });
});

test.each([
  ['/(a|b)*a(a|b){14}', '/aaaaaaaaaaaaaaa'],
  ['/v[0-9]+/x', '/v0/x'],
  ['(?i)/Tours/[[:alpha:]]+', '/Tours/a'],
  ['/\\pL+/\\d{2}', '/a/00'],
  ['^/(?P<name>x|y)$', '/x'],
  ['\\A/x\\z', '/x'],
])('a string that %s matches is guessed', (source, guess) => {
  expect(guessMatching(source)[0]).toBe(guess);
});

test.each(['/(?!x).*', '[', '/\\Qa.b\\E'])('none is guessed for %s', source => {
  expect(guessMatching(source)).toEqual([]);
});
