import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { partitionForKey } from '../../lib/murmur2.ts';
import type { KeyHashes } from '../shared/key-hashes.ts';
import type { Batches } from './batches.ts';
import type { ClientRows } from './client-rows.ts';
import { PARTITIONER, type ClientSettings } from './client-settings.ts';

const NO_KEY = -1;
const NONE = -1;

/**
 * Which partition a Kafka client puts a message into: by its key, or, without one, into the same partition for one to
 * two batches and then into another, those with few batches in line more often (BuiltInPartitioner, KIP-794). Up to 3.2
 * it changed with each new batch, and a partition that was slow to give its batch away got more (DefaultPartitioner and
 * StickyPartitionCache, KIP-480).
 */
export class Partitioner {
  private readonly rows: ClientRows;
  private readonly batches: Batches;
  private readonly hashes: KeyHashes;
  /** Whether a partition has a leader; null where every one always has. */
  isAvailable: ((edge: number, lane: number) => boolean) | null = null;
  /** Of each edge: partitions of its topic that the client knows of. */
  private lanes = new Int32Array();
  /** Of each edge: the partition of this turn, NONE before one is chosen, and the bytes it has had. */
  private sticky = new Int32Array();
  private had = new Float64Array();
  /** Of each edge: messages that round robin has placed. */
  private turn = new Float64Array();
  /** Of each row 1 once it has had a message, and of each edge how many have. */
  private known = new Uint8Array();
  private knownRows = new Int32Array();

  constructor(sim: Simulation, rows: ClientRows, batches: Batches, hashes: KeyHashes) {
    const { columns, plan } = sim;
    this.rows = rows;
    this.batches = batches;
    this.hashes = hashes;
    columns.i32(this, 'lanes', plan.edgeCount).set(rows.end.map((end, edge) => end - rows.first[edge]));
    columns.i32(this, 'sticky', plan.edgeCount).fill(NONE);
    columns.f64(this, 'had', plan.edgeCount);
    columns.f64(this, 'turn', plan.edgeCount);
    columns.u8(this, 'known', rows.count);
    columns.i32(this, 'knownRows', plan.edgeCount);
  }

  /** The row of a message on its way along an edge. */
  choose(sim: Simulation, edge: number, message: number, settings: ClientSettings): number {
    const first = this.rows.first[edge];
    const lanes = this.lanes[edge];
    const { partitioner } = settings;
    if (partitioner === PARTITIONER.roundRobin) return first + this.nextInTurn(edge, lanes);
    const key = partitioner === PARTITIONER.ignoreKeys ? NO_KEY : sim.messages.key[message];
    if (key !== NO_KEY) return first + partitionForKey(this.hashes.of(key), lanes);
    if (partitioner === PARTITIONER.perBatch) this.moveOn(sim, edge, lanes, sim.messages.sizeBytes[message]);
    if (this.sticky[edge] === NONE)
      this.sticky[edge] = this.nextSticky(sim, edge, first, lanes, settings.isAdaptive);
    return first + this.sticky[edge];
  }

  /** The client hears how many partitions the topic at the end of an edge has. */
  hearPartitions(edge: number, count: number): void {
    this.lanes[edge] = count;
  }

  /** A message was added to a row's newest batch; `isFull` if the batch takes no more. */
  added(edge: number, row: number, size: number, settings: ClientSettings, isFull: boolean): void {
    if (this.known[row] === 0) {
      this.known[row] = 1;
      this.knownRows[edge]++;
    }
    if (settings.partitioner === PARTITIONER.perBatch) return;
    if (row !== this.rows.first[edge] + this.sticky[edge]) return;
    this.had[edge] += size;
    if (!turnIsOver(this.had[edge], settings.batchSize, isFull)) return;
    this.sticky[edge] = NONE;
    this.had[edge] = 0;
  }

  /** The next in turn of the partitions that have a leader, or of all if none has. */
  private nextInTurn(edge: number, lanes: number): number {
    const turn = this.turn[edge]++;
    if (this.isAvailable === null) return turn % lanes;
    const available = this.availableOf(edge, lanes);
    return available.length > 0 ? available[turn % available.length] : turn % lanes;
  }

  /** To another partition that has a leader, whatever waits for it, if a message of this size needs a new batch here. */
  private moveOn(sim: Simulation, edge: number, lanes: number, size: number): void {
    const stream = sim.stream(sim.plan.edgeFrom[edge], PURPOSE.route);
    const before = this.sticky[edge];
    const last = before === NONE ? NONE : this.batches.last[this.rows.first[edge] + before];
    if (last !== NONE && this.batches.takes(last, size)) return;
    const others = this.availableOf(edge, lanes).filter((lane) => lane !== before);
    if (others.length > 0) this.sticky[edge] = others[sim.random.below(stream, others.length)];
    else if (before === NONE || !this.isThere(edge, before))
      this.sticky[edge] = sim.random.below(stream, lanes);
  }

  private availableOf(edge: number, lanes: number): number[] {
    return Array.from({ length: lanes }, (_, lane) => lane).filter((lane) => this.isThere(edge, lane));
  }

  private isThere(edge: number, lane: number): boolean {
    return this.isAvailable === null || this.isAvailable(edge, lane);
  }

  private nextSticky(
    sim: Simulation,
    edge: number,
    first: number,
    lanes: number,
    isAdaptive: boolean,
  ): number {
    const stream = sim.stream(sim.plan.edgeFrom[edge], PURPOSE.route);
    const available = this.isAvailable === null ? [] : this.availableOf(edge, lanes);
    if (available.length > 0 && available.length < lanes) {
      return available[sim.random.below(stream, available.length)];
    }
    const lengths = this.batches.waiting.subarray(first, first + lanes);
    const table = isAdaptive && this.knownRows[edge] === lanes ? loadTable(lengths) : null;
    if (!table) return sim.random.below(stream, lanes);
    const drawn = sim.random.below(stream, table[lanes - 1]);
    return table.findIndex((until) => drawn < until);
  }
}

/**
 * Cumulative weights of partitions by the batches that wait for each: the longer the queue, the seldomer. Null, for
 * all alike, where there is one partition or all queues are equally long.
 */
export function loadTable(lengths: ArrayLike<number>): number[] | null {
  let longest = lengths[0];
  let isEven = true;
  for (let i = 1; i < lengths.length; i++) {
    if (lengths[i] !== lengths[0]) isEven = false;
    longest = Math.max(longest, lengths[i]);
  }
  if (isEven) return null;
  let sum = 0;
  return Array.from(lengths, (length) => (sum += longest + 1 - length));
}

/** Whether a partition has had its turn: one batch of bytes, if that leaves no part of a batch behind, or two. */
export function turnIsOver(bytes: number, batchSize: number, allFull: boolean): boolean {
  return (bytes >= batchSize && allFull) || bytes >= 2 * batchSize;
}
