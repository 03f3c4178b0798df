import type { Simulation } from '../../engine/simulation.ts';
import { EDGE_ROLE, edgesByRole } from '../shared/edge-roles.ts';

const NONE = -1;

/**
 * Who reads what of a broker: one subscription for all consumers of a node, who compete, or one for each of them. A
 * consumer that came away empty-handed is hungry, and gets what comes in turn with the others.
 */
export class Subscriptions {
  /** Of each node its first; those of node n end before `first[n + 1]`. */
  readonly first: Int32Array;
  readonly nodeOf: number[] = [];
  /** Of each edge to a consumer, -1 for other edges. */
  readonly of: Int32Array;
  /** Of some nodes: a further one, which nobody reads. */
  readonly unread = new Map<number, number>();
  /** Of each subscription: the edges to its consumers. */
  readonly edgesOf: number[][] = [];
  private hungry = new Uint8Array();
  private hungryEdges = new Int32Array();
  private turn = new Int32Array();

  /**
   * `isPerEdge` says of a node whether each consumer has all messages for itself, undefined for other nodes;
   * `keepsRest` of which nodes keep what no consumer takes.
   */
  constructor(
    sim: Simulation,
    role: Uint8Array,
    isPerEdge: ReadonlyMap<number, boolean>,
    keepsRest: (node: number) => boolean,
  ) {
    const { columns, plan } = sim;
    const { start, edges } = edgesByRole(plan, role, 'out', [EDGE_ROLE.deliveries]);
    this.of = new Int32Array(plan.edgeCount).fill(NONE);
    this.first = new Int32Array(plan.nodeCount + 1);
    for (let node = 0; node < plan.nodeCount; node++) {
      const own = [...edges.subarray(start[node], start[node + 1])];
      const isFanned = isPerEdge.get(node);
      // A broker that nobody reads keeps what comes all the same.
      if (isFanned === true && own.length > 0) for (const edge of own) this.add(node, [edge]);
      else if (isFanned !== undefined) this.add(node, own);
      if (isFanned === true && keepsRest(node)) {
        this.unread.set(node, this.nodeOf.length);
        this.add(node, []);
      }
      this.first[node + 1] = this.nodeOf.length;
    }
    columns.u8(this, 'hungry', plan.edgeCount).fill(1);
    columns.i32(this, 'hungryEdges', this.nodeOf.length);
    columns.i32(this, 'turn', this.nodeOf.length);
    this.edgesOf.forEach((own, subscription) => (this.hungryEdges[subscription] = own.length));
  }

  get count(): number {
    return this.nodeOf.length;
  }

  /** Whether somebody may have a free worker. */
  hasHungry(subscription: number): boolean {
    return this.hungryEdges[subscription] > 0;
  }

  /** The consumer at the end of an edge came away empty-handed. */
  cameForNothing(edge: number): void {
    this.hungryEdges[this.of[edge]] += 1 - this.hungry[edge];
    this.hungry[edge] = 1;
  }

  /** Hands a message to the next hungry consumer; false if none has a free worker after all. */
  deliver(sim: Simulation, subscription: number, message: number): boolean {
    const edges = this.edgesOf[subscription];
    for (let place = this.turn[subscription]; this.hungryEdges[subscription] > 0;) {
      const edge = edges[place];
      place = place + 1 === edges.length ? 0 : place + 1;
      if (this.hungry[edge] === 0) continue;
      if (sim.deliver(edge, message)) {
        this.turn[subscription] = place;
        return true;
      }
      this.hungryEdges[subscription] -= this.hungry[edge];
      this.hungry[edge] = 0;
    }
    return false;
  }

  private add(node: number, edges: number[]): void {
    for (const edge of edges) this.of[edge] = this.nodeOf.length;
    this.nodeOf.push(node);
    this.edgesOf.push(edges);
  }
}
