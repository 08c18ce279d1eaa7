/** Connected components of positions. */
export class Components {
  readonly #parent: number[];

  constructor(size: number) {
    this.#parent = Array.from({ length: size }, (_, index) => index);
  }

  rootOf(position: number): number {
    let root = position;
    for (let next = this.#parent[root]; next !== undefined && next !== root; next = this.#parent[root])
      root = next;
    this.#parent[position] = root;
    return root;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.rootOf(a), this.rootOf(b)];
    // The older one leads, so that groups are in the order of their first members.
    if (x < y) this.#parent[y] = x;
    else this.#parent[x] = y;
  }
}

/**
 * Joins a position with the first one of its key.
 *
 * @param known the first position of each key so far; a new key is added
 */
export function joinBy<Key>(
  known: Map<Key, number>,
  key: Key,
  position: number,
  components: Components,
): void {
  const first = known.get(key);
  if (first === undefined) known.set(key, position);
  else components.join(first, position);
}
