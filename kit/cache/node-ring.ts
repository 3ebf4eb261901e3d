import { murmur3 } from "./murmur3.ts";

/** The most points a node has on the ring, and those of a node of full weight. */
const POINTS_MAX = 100;
/** What go-zero puts before a key to choose among nodes that share a point. */
const COLLISION_PREFIX = "16777619:";

/** A node with the name it is hashed by, its `Host`, and its share of the keys, 0 to 100. */
export interface RingNode<Node> {
  readonly host: string;
  readonly weight: number;
  readonly node: Node;
}

interface Point<Node> {
  readonly hash: bigint;
  readonly nodes: readonly Node[];
}

/** Which of several nodes a key is on: go-zero's consistent hash, so that Go processes look in the same place. */
export class NodeRing<Node> {
  readonly nodes: readonly Node[];
  readonly #only: Node | undefined;
  readonly #points: readonly Point<Node>[];

  /** @throws Error where no node has a weight. */
  constructor(given: readonly RingNode<Node>[]) {
    // A host that is named again replaces its first entry, as in go-zero.
    const members = [...new Map(given.map((member) => [member.host, member])).values()];
    if (!members.some(({ weight }) => weight > 0)) throw new Error("no cache nodes");
    this.nodes = members.map(({ node }) => node);
    this.#only = this.nodes.length === 1 ? this.nodes[0] : undefined;
    this.#points = this.#only === undefined ? pointsOf(members) : [];
  }

  nodeOf(key: string): Node {
    if (this.#only !== undefined) return this.#only;
    const { nodes } = this.#pointOf(murmur3(key));
    const index = nodes.length === 1 ? 0 : Number(murmur3(COLLISION_PREFIX + key) % BigInt(nodes.length));
    const node = nodes[index];
    if (node === undefined) throw new Error("a point of the ring has no node");
    return node;
  }

  /** The first point at or after a hash; after the last one comes the first. */
  #pointOf(hash: bigint): Point<Node> {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle]?.hash ?? 0n) >= hash) high = middle;
      else low = middle + 1;
    }
    const point = this.#points[low % this.#points.length];
    if (point === undefined) throw new Error("the ring has no point");
    return point;
  }
}

function pointsOf<Node>(members: readonly RingNode<Node>[]): Point<Node>[] {
  const byHash = new Map<bigint, Node[]>();
  for (const { host, weight, node } of members) {
    for (let index = 0; index < Math.min(weight, POINTS_MAX); index += 1) {
      const hash = murmur3(`${host}${index}`);
      byHash.set(hash, [...(byHash.get(hash) ?? []), node]);
    }
  }
  const points = [...byHash].map(([hash, nodes]) => ({ hash, nodes }));
  return points.sort((left, right) => (left.hash < right.hash ? -1 : 1));
}
