import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { hasOneConsumer } from '../shared/one-consumer.ts';
import type { NodeConfig } from '../shared/node-config.ts';

const NONE = -1;

/** A member of a group as the consumer of a queue. */
export interface Consumer {
  edge: number;
  node: number;
  /** Number of the member within its group, from 0. */
  local: number;
}

/**
 * Whether the consumers of a queue get messages one at a time: a queue of RabbitMQ with a single active consumer, or a
 * broker of Pulsar whose subscriptions are Exclusive or Failover.
 */
export function hasOneActive({ kind, fields }: NodeConfig): boolean {
  if (kind === 'queue') return fields.consumers === 'one';
  return kind === 'cloud-broker' && hasOneConsumer(fields.profile, fields.subscription);
}

/**
 * Queues with a single active consumer (x-single-active-consumer): one gets everything, the others wait until it is
 * gone; then the next in the order in which they came takes over. One that comes back is the last in that order. The
 * same of a Failover subscription, which is that of one group. With Exclusive nobody waits: who comes while another is
 * there is refused (ConsumerBusy), and does not ask again before its process is a new one.
 */
export class SingleActive {
  readonly edgeFrom: Int32Array;
  readonly edgeTo: Int32Array;
  private readonly firstRow: Int32Array;
  /** Of each edge with one active consumer: the queue, or behind all nodes the subscription; NONE for other edges. */
  private readonly scopeOf: Int32Array;
  private readonly exclusive: Uint8Array;
  /** Of each queue, group, and broker with one subscription: the scope that is shown of it, NONE for none. */
  private readonly shownOf: Int32Array;
  /** Of each row: its edge. */
  private readonly edgeOf: number[] = [];
  /** Of each row: 1 if it was refused. */
  private refused = new Uint8Array();
  /** Of each scope: the row of its active consumer, NONE for none, the one before it, and how often it changed. */
  private active = new Int32Array();
  private before = new Int32Array();
  private changes = new Int32Array();

  /** `firstRow[edge]` is the row of the first member of the group at its end; NONE where there is none. */
  constructor(sim: Simulation, configs: readonly NodeConfig[], firstRow: Int32Array) {
    const { columns, plan } = sim;
    this.edgeFrom = plan.edgeFrom;
    this.edgeTo = plan.edgeTo;
    this.firstRow = firstRow;
    const source = (edge: number) => configs[plan.edgeFrom[edge]];
    this.scopeOf = Int32Array.from(firstRow, (row, edge) => {
      if (row === NONE || !hasOneActive(source(edge))) return NONE;
      return source(edge).kind === 'queue' ? plan.edgeFrom[edge] : plan.nodeCount + edge;
    });
    this.exclusive = Uint8Array.from(firstRow, (_, edge) =>
      this.scopeOf[edge] >= plan.nodeCount && source(edge).fields.subscription === 'exclusive' ? 1 : 0,
    );
    this.shownOf = new Int32Array(plan.nodeCount).fill(NONE);
    this.scopeOf.forEach((scope, edge) => {
      if (scope === NONE) return;
      const ways = this.scopeOf.filter(
        (other, at) => other !== NONE && plan.edgeFrom[at] === plan.edgeFrom[edge],
      );
      if (ways.every((other) => other === scope)) this.shownOf[plan.edgeFrom[edge]] = scope;
      if (scope >= plan.nodeCount) this.shownOf[plan.edgeTo[edge]] = scope;
    });
    firstRow.forEach((first, edge) => {
      if (first === NONE) return;
      const members = configs[plan.edgeTo[edge]].fields.members as number;
      for (let local = 0; local < members; local++) this.edgeOf[first + local] = edge;
    });
    const scopes =
      plan.nodeCount + (this.scopeOf.some((scope) => scope >= plan.nodeCount) ? plan.edgeCount : 0);
    columns.u8(this, 'refused', this.exclusive.includes(1) ? this.edgeOf.length : 0);
    columns.i32(this, 'active', scopes).fill(NONE);
    columns.i32(this, 'before', scopes).fill(NONE);
    columns.i32(this, 'changes', scopes);
  }

  /** Whether only one consumer of the queue at the start of an edge gets messages. */
  isSingle(edge: number): boolean {
    return this.scopeOf[edge] !== NONE;
  }

  isActive(edge: number, local: number): boolean {
    return this.active[this.scopeOf[edge]] === this.firstRow[edge] + local;
  }

  /** The active consumer of a queue, of the subscription of a group, or of the only one of a broker; null for none. */
  activeOf(node: number): Consumer | null {
    return this.consumerIn(this.shownOf[node]);
  }

  /** That of the queue, or of the subscription, which an edge leads from; null for none. */
  activeAlong(edge: number): Consumer | null {
    return this.consumerIn(this.scopeOf[edge]);
  }

  failovers(queue: number): number {
    return this.changes[queue];
  }

  failoversAlong(edge: number): number {
    return this.isSingle(edge) ? this.changes[this.scopeOf[edge]] : 0;
  }

  /** A consumer takes messages from now on: it is the active one if there is none. */
  comes(sim: Simulation, edge: number, local: number): void {
    const row = this.firstRow[edge] + local;
    const active = this.active[this.scopeOf[edge]];
    if (this.exclusive[edge] === 1) {
      if (active !== NONE && active !== row) this.refused[row] = 1;
      if (this.refused[row] === 1) return;
    }
    if (active === NONE) this.elect(sim, edge, row);
  }

  /** Its process has ended: a new one may ask again. True if it was the active one. */
  goes(edge: number, local: number): boolean {
    if (this.exclusive[edge] === 1) this.refused[this.firstRow[edge] + local] = 0;
    return this.isActive(edge, local);
  }

  /** A consumer, by its row, is the active one along an edge from now on; NONE for nobody. */
  elect(sim: Simulation, edge: number, row: number): void {
    const scope = this.scopeOf[edge];
    if (this.active[scope] !== NONE) this.before[scope] = this.active[scope];
    this.active[scope] = row;
    if (row === NONE || this.before[scope] === NONE) return;
    this.changes[scope]++;
    const { node, local } = this.consumer(row);
    sim.trace.add(sim.now, TRACE.takenOver, this.edgeFrom[edge], node, local + 1, 0);
  }

  /** The first that is alive, and may be the active one, after that which is, in the order of edges and members, round and round. */
  heirOf(edge: number, isAlive: (node: number, local: number, edge: number) => boolean): Consumer | null {
    if (this.exclusive[edge] === 1) return null;
    const scope = this.scopeOf[edge];
    const rows = this.edgeOf.flatMap((other, row) => (this.scopeOf[other] === scope ? [row] : []));
    const at = rows.indexOf(this.active[scope]);
    for (let asked = 1; asked <= rows.length; asked++) {
      const found = this.consumer(rows[(at + asked) % rows.length]);
      if (isAlive(found.node, found.local, found.edge)) return found;
    }
    return null;
  }

  private consumerIn(scope: number): Consumer | null {
    return scope === NONE || this.active[scope] === NONE ? null : this.consumer(this.active[scope]);
  }

  private consumer(row: number): Consumer {
    const edge = this.edgeOf[row];
    return { edge, node: this.edgeTo[edge], local: row - this.firstRow[edge] };
  }
}
