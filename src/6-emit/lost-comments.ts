import { tokensOf } from './tokens.ts';

/** @returns the comments of a text that its new text does not have, each as often as it is missing */
export function commentsGone(before: string, after: string): readonly string[] {
  if (!before.includes('#')) return [];
  const kept = new Map<string, number>();
  for (const comment of commentsOf(after)) kept.set(comment, (kept.get(comment) ?? 0) + 1);
  return commentsOf(before).filter(comment => {
    const left = kept.get(comment) ?? 0;
    if (left > 0) kept.set(comment, left - 1);
    return left === 0;
  });
}

function commentsOf(text: string): readonly string[] {
  if (!text.includes('#')) return [];
  return tokensOf(text).flatMap(({ kind, start, end }) =>
    kind === 'comment' ? [text.slice(start, end)] : [],
  );
}
