/** @returns a function that works each answer out once: for questions about what does not change */
export function memoised<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, { readonly value: Value }>();
  return key => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = work(key);
    known.set(key, { value });
    return value;
  };
}

/** @returns a function that asks once, and only if somebody wants to know */
export function once<Answer>(ask: () => Answer): () => Answer {
  const answer = memoised((_: undefined) => ask());
  return () => answer(undefined);
}
