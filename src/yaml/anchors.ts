import { BrokenDocument } from './problem.ts';
import type { TextRange } from './source.ts';
import { MAX_DEPTH } from './yaml-events.ts';
import type { YamlNode } from './yaml-node.ts';

/**
 * How many nodes the aliases of a document may stand for. go-yaml stops at about 400,000; a manifest of that size
 * would not fit into etcd.
 *
 * @see https://github.com/yaml/go-yaml/blob/v2.4.4/decode.go (allowedAliasRatio)
 */
export const MAX_ALIASED_NODES = 100_000;

/** How large a tree is with its aliases followed. */
export interface Extent {
  nodes: number;
  levels: number;
}

/** A node with an anchor; absent while it is being read, since an alias to it would contain itself. */
interface Anchored extends Extent {
  node: YamlNode | undefined;
}

/** The anchors of one document so far. A name may be used again: aliases mean the last one before them. */
export class Anchors {
  readonly #byName = new Map<string, Anchored>();
  #aliased = 0;

  begin(name: string): void {
    this.#byName.set(name, { node: undefined, nodes: 1, levels: 1 });
  }

  end(node: YamlNode, extent: Extent): void {
    if (node.anchor === undefined) return;
    this.#byName.set(node.anchor, { node, nodes: extent.nodes, levels: extent.levels });
  }

  /**
   * The node that an alias refers to.
   *
   * @param range where the alias is
   * @param depth how deep it is nested
   * @throws BrokenDocument when there is no such node, or when following aliases has no good end
   */
  follow(name: string, range: TextRange, depth: number): Extent & { readonly node: YamlNode } {
    const anchored = this.#byName.get(name);
    if (anchored?.node === undefined)
      throw new BrokenDocument({
        kind: 'invalid',
        range,
        reason:
          anchored === undefined
            ? `the alias \`*${name}\` has no anchor \`&${name}\` before it`
            : `\`&${name}\` contains itself`,
      });
    this.#aliased += anchored.nodes;
    if (this.#aliased > MAX_ALIASED_NODES) throw new BrokenDocument({ kind: 'alias-bomb', range });
    if (depth + anchored.levels > MAX_DEPTH) throw new BrokenDocument({ kind: 'too-deep', range });
    return { node: { ...anchored.node, alias: range }, nodes: anchored.nodes, levels: anchored.levels };
  }
}
