import type { SourceFile } from '../yaml/source.ts';
import type { UnreadDifference } from './unread.ts';

/** The endings of programs and templates that make manifests, by language: the files of one language import each other. */
const languages: readonly RegExp[] = [
  /\.(?:jsonnet|libsonnet)$/i,
  /\.cue$/i,
  /\.(?:tf|tfvars|hcl)$/i,
  /\.(?:kcl|k)$/i,
  /\.dhall$/i,
  /\.pkl$/i,
  /\.star$/i,
];

const istio =
  /virtual[-_]?service|destination[-_]?rule|(?:http|grpc|tls|tcp)[-_]?route|istio\.io|gateway\.networking\.k8s\.io/i;

/**
 * Finds the sources of generators that are not the same on both sides. Nobody runs a generator here, so that it is open which
 * objects it makes. Files of a language count where one of them, on either side, writes of objects of Istio or the Gateway API;
 * a template of no such language counts by itself.
 *
 * @param before files in the suffixes of templates and generators, with their texts
 */
export function generatorDifferences(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
): readonly UnreadDifference[] {
  const all = [...before, ...after];
  const counting = languages.filter(language =>
    all.some(({ path, text }) => language.test(path) && istio.test(text)),
  );
  const counts = ({ path, text }: SourceFile): boolean => {
    const language = languages.find(one => one.test(path));
    return language === undefined ? istio.test(text) : counting.includes(language);
  };
  const only = (
    mine: readonly SourceFile[],
    others: readonly SourceFile[],
    side: UnreadDifference['side'],
  ): readonly UnreadDifference[] => {
    const theirs = new Set(others.map(({ text }) => text.trim()));
    return mine
      .filter(file => counts(file) && !theirs.has(file.text.trim()))
      .map(({ path }) => ({ path, side, reason: 'template' }));
  };
  return [...only(before, after, 'before'), ...only(after, before, 'after')];
}
