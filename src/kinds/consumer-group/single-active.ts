import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
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
 * Queues with a single active consumer (x-single-active-consumer): one gets everything, the others wait until it is
 * gone; then the next in the order in which they came takes over. One that comes back is the last in that order.
 */
export class SingleActive {
  readonly edgeFrom: Int32Array;
  readonly edgeTo: Int32Array;
  private readonly firstRow: Int32Array;
  private readonly single: Uint8Array;
  /** Of each row: its edge. */
  private readonly edgeOf: number[] = [];
  /** Of each queue: the row of its active consumer, NONE for none, the one before it, and how often it changed. */
  private active = new Int32Array();
  private before = new Int32Array();
  private changes = new Int32Array();

  /** `firstRow[edge]` is the row of the first member of the group at its end; NONE where there is none. */
  constructor(sim: Simulation, configs: readonly NodeConfig[], firstRow: Int32Array) {
    const { columns, plan } = sim;
    this.edgeFrom = plan.edgeFrom;
    this.edgeTo = plan.edgeTo;
    this.firstRow = firstRow;
    this.single = Uint8Array.from(firstRow, (row, edge) =>
      row !== NONE && configs[plan.edgeFrom[edge]].fields.consumers === 'one' ? 1 : 0,
    );
    firstRow.forEach((first, edge) => {
      if (first === NONE) return;
      const members = configs[plan.edgeTo[edge]].fields.members as number;
      for (let local = 0; local < members; local++) this.edgeOf[first + local] = edge;
    });
    columns.i32(this, 'active', plan.nodeCount).fill(NONE);
    columns.i32(this, 'before', plan.nodeCount).fill(NONE);
    columns.i32(this, 'changes', plan.nodeCount);
  }

  /** Whether only one consumer of the queue at the start of an edge gets messages. */
  isSingle(edge: number): boolean {
    return this.single[edge] === 1;
  }

  isActive(edge: number, local: number): boolean {
    return this.active[this.edgeFrom[edge]] === this.firstRow[edge] + local;
  }

  activeOf(queue: number): Consumer | null {
    return this.active[queue] === NONE ? null : this.consumer(this.active[queue]);
  }

  failovers(queue: number): number {
    return this.changes[queue];
  }

  /** A consumer, by its row, is the active one of a queue from now on; NONE for nobody. */
  elect(sim: Simulation, queue: number, row: number): void {
    if (this.active[queue] !== NONE) this.before[queue] = this.active[queue];
    this.active[queue] = row;
    if (row === NONE || this.before[queue] === NONE) return;
    this.changes[queue]++;
    const { node, local } = this.consumer(row);
    sim.trace.add(sim.now, TRACE.takenOver, queue, node, local + 1, 0);
  }

  /** The first that is alive after the active one, in the order of edges and members, round and round. */
  heirOf(queue: number, isAlive: (node: number, local: number) => boolean): Consumer | null {
    const rows = this.edgeOf.flatMap((edge, row) => (this.edgeFrom[edge] === queue ? [row] : []));
    const at = rows.indexOf(this.active[queue]);
    for (let asked = 1; asked <= rows.length; asked++) {
      const found = this.consumer(rows[(at + asked) % rows.length]);
      if (isAlive(found.node, found.local)) return found;
    }
    return null;
  }

  private consumer(row: number): Consumer {
    const edge = this.edgeOf[row];
    return { edge, node: this.edgeTo[edge], local: row - this.firstRow[edge] };
  }
}
