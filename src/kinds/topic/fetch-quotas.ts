import type { Simulation } from '../../engine/simulation.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { ClientQuotas } from '../shared/replication/client-quotas.ts';
import type { ReplicaTable } from '../shared/replication/replica-table.ts';

const NONE = -1;
/** The event type of a topic by which a reader that was above its quota gets answers again. */
export const FETCH_TIMER = 4;

/** The quotas of a design with clusters; null where no cluster has one for readers. */
export function fetchQuotas(
  sim: Simulation,
  table: ReplicaTable,
  readers: EdgeRows,
  room: (topic: number) => number,
): FetchQuotas | null {
  const isLimited = table.settings.some((cluster) => cluster !== null && cluster.consumerBytes > 0);
  return isLimited ? new FetchQuotas(sim, table, readers, room) : null;
}

/**
 * What each group has read of each broker of late, and which of its partitions get no answer for a while, as that was
 * more than its quota. The members of a group are one client to the broker.
 */
export class FetchQuotas {
  readonly rates: ClientQuotas;
  private readonly sim: Simulation;
  private readonly table: ReplicaTable;
  /** Of each edge its first row, a row for each partition; of each row its edge and partition. */
  private readonly firstRow: Int32Array;
  private readonly edgeOf: Int32Array;
  private readonly laneOf: Int32Array;
  /** Of each row, and of each group and broker: until when nothing is answered. */
  private until = new Float64Array();
  private pausedUntil = new Float64Array();

  constructor(sim: Simulation, table: ReplicaTable, readers: EdgeRows, room: (topic: number) => number) {
    const { columns, plan } = sim;
    this.sim = sim;
    this.table = table;
    this.rates = new ClientQuotas(sim, table, ({ consumerBytes }) => consumerBytes);
    this.firstRow = new Int32Array(plan.edgeCount).fill(NONE);
    const rows: { edge: number; lane: number }[] = [];
    for (const edge of readers.edges) {
      const topic = plan.edgeFrom[edge];
      if (table.firstPartition[topic] === NONE) continue;
      this.firstRow[edge] = rows.length;
      for (let lane = 0; lane < room(topic); lane++) rows.push({ edge, lane });
    }
    this.edgeOf = Int32Array.from(rows, ({ edge }) => edge);
    this.laneOf = Int32Array.from(rows, ({ lane }) => lane);
    columns.f64(this, 'until', rows.length);
    columns.f64(this, 'pausedUntil', plan.nodeCount * table.down.length);
  }

  /** Whether the reader of a partition gets no answer now; then an event comes when it does again. */
  holdsBack(topic: number, edge: number, lane: number): boolean {
    const { sim } = this;
    if (this.firstRow[edge] === NONE) return false;
    if (this.isHeld(edge, lane)) return true;
    const broker = this.brokerOf(topic, lane);
    const until = broker === NONE ? 0 : this.pausedUntil[this.cell(edge, broker)];
    if (until <= sim.now) return false;
    const row = this.firstRow[edge] + lane;
    this.until[row] = until;
    sim.at(until, topic, FETCH_TIMER, row);
    return true;
  }

  /** Whether a reader was told to wait and still does. */
  isHeld(edge: number, lane: number): boolean {
    const first = this.firstRow[edge];
    return first !== NONE && this.until[first + lane] > this.sim.now;
  }

  /** A group has read so many bytes of a partition. */
  read(topic: number, edge: number, lane: number, bytes: number): void {
    const broker = this.brokerOf(topic, lane);
    if (this.firstRow[edge] === NONE || broker === NONE) return;
    const { sim } = this;
    const pause = this.rates.moved(sim, sim.plan.edgeTo[edge], broker, bytes);
    if (pause > 0) this.pausedUntil[this.cell(edge, broker)] = sim.now + pause;
  }

  /** The reader of a row gets answers again. */
  resume(row: number): void {
    this.sim.announce(this.edgeOf[row], this.laneOf[row]);
  }

  private cell(edge: number, broker: number): number {
    return this.sim.plan.edgeTo[edge] * this.table.down.length + broker;
  }

  private brokerOf(topic: number, lane: number): number {
    const leader = this.table.leader[this.table.of(topic, lane)];
    return leader === NONE ? NONE : this.table.broker[leader];
  }
}
