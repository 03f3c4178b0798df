import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { MARK, needsMarks } from '../shared/marks.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { BoundedReaders, type Cut } from './bounded-readers.ts';
import type { Skipped } from './readers.ts';
import { OpenTransactions } from './open-transactions.ts';

/** Third value of a topic's row of the trace about a dropped message: its transaction was aborted. */
export const ABORTED = 2;
const SKIPPED_BY_ALL = MARK.control | MARK.compacted;
/** Marks that say something of one log and not of the message. */
const OF_THE_LOG = MARK.control | MARK.compacted | MARK.aborted;

/** Whether a design has compaction, transactions, or readers that wait for more. */
export function needsGaps(configs: readonly NodeConfig[]): boolean {
  return (
    needsMarks(configs) || configs.some(({ fields }) => fields.polling === 'batch' && waitsForBytes(fields))
  );
}

function waitsForBytes({ fetchMinBytes }: NodeConfig['fields']): boolean {
  return (fetchMinBytes as number) > 1;
}

/**
 * Readers of logs in which offsets lie that are no record for them: markers of transactions, records that compaction
 * has removed, records of aborted transactions. Such an offset keeps its place in the chain, marked, and is passed over
 * by whoever comes to it. Marks change only where no reader has taken a record that is not settled. Also tells who waits
 * for enough bytes of each record. Made only where a design needs it.
 */
export class GappyReaders extends BoundedReaders {
  /** Called for each record that is appended to a partition while its reader waits for more. */
  onMore: (sim: Simulation, edge: number, lane: number) => void = () => {};
  /** Of each row: 1 while its reader waits for more, and the partition. */
  private waits = new Uint8Array();
  private partitionOf = new Int32Array();
  /** Of each row: the offset before which its group has taken everything, be it that it went back since. */
  private takenTo = new Float64Array();
  /** Of each topic: records of aborted transactions that readers have passed over. */
  private aborted = new Float64Array();
  private readonly open: OpenTransactions;
  /** Of each partition, the offset that its next record gets; set by the topics. */
  endOf: (partition: number) => number = () => 0;

  constructor(sim: Simulation, edges: EdgeRows, partitions: number, partitionCount: Int32Array) {
    super(sim, edges, partitions, partitionCount);
    sim.columns.u8(this, 'waits', this.position.length);
    sim.columns.i32(this, 'partitionOf', this.position.length);
    sim.columns.f64(this, 'takenTo', this.position.length);
    sim.columns.f64(this, 'aborted', sim.plan.nodeCount);
    this.open = new OpenTransactions(sim.columns, partitions);
  }

  override append(node: number, partition: number, lane: number, message: number): void {
    const { edges } = this;
    const end = edges.start[node + 1];
    for (let place = edges.start[node]; place < end; place++) {
      this.partitionOf[this.firstRow[edges.edges[place]] + lane] = partition;
    }
    this.joinTransaction(node, partition, lane, message);
    super.append(node, partition, lane, message);
    for (let place = edges.start[node]; place < end; place++) {
      const edge = edges.edges[place];
      if (this.waits[this.firstRow[edge] + lane] === 1) this.onMore(this.sim, edge, lane);
    }
  }

  /** Whether the reader of a partition wants to hear of each further record. */
  awaitMore(edge: number, lane: number, waits: boolean): void {
    this.waits[this.firstRow[edge] + lane] = waits ? 1 : 0;
  }

  /** Bytes that a reader may take of a partition, counted up to `most`. */
  unreadBytes(edge: number, lane: number, most: number): number {
    const { sizeBytes, next } = this.messages;
    const row = this.firstRow[edge] + lane;
    let bytes = 0;
    let left = this.readableEnd(edge, lane) - this.position[row];
    for (let record = this.cursor[row]; record !== NO_MESSAGE && left > 0 && bytes < most; left--) {
      if (!this.isSkipped(edge, record)) bytes += sizeBytes[record];
      record = next[record];
    }
    return bytes;
  }

  override take(edge: number, lane: number): number {
    while (this.passOver(edge, lane));
    const message = super.take(edge, lane);
    const { marks, transaction } = this.messages;
    if (message !== NO_MESSAGE && marks.length > 0) marks[message] &= ~OF_THE_LOG;
    if (message !== NO_MESSAGE && transaction.length > 0) transaction[message] = 0;
    return message;
  }

  /** Passes over what a reader comes to next, if it may read on and that is no record for it. */
  passOver(edge: number, lane: number): boolean {
    const row = this.firstRow[edge] + lane;
    const record = this.cursor[row];
    if (record === NO_MESSAGE || this.position[row] >= this.readableEnd(edge, lane)) return false;
    if (!this.isSkipped(edge, record)) return false;
    this.skip(edge, row, lane, record);
    return true;
  }

  override commit(edge: number, lane: number, partition: number, count: number): void {
    if (this.ghosts[this.firstRow[edge] + lane] > 0) {
      super.commit(edge, lane, partition, count);
      return;
    }
    const row = this.firstRow[edge] + lane;
    const gone = Math.min(count, this.gone[row]);
    this.gone[row] -= gone;
    this.release(row, partition, this.offsetsOf(edge, row, count - gone));
  }

  override skipTo(edge: number, lane: number, partition: number, offset: number): Skipped {
    const row = this.firstRow[edge] + lane;
    const taken = Math.max(0, Math.min(this.position[row], offset) - this.committed[row]);
    const skipped = this.skippedAmong(edge, this.uncommitted[row], taken);
    const passed = this.skippedAmong(edge, this.cursor[row], offset - this.position[row]);
    const result = super.skipTo(edge, lane, partition, offset);
    this.gone[row] -= skipped;
    return { ...result, records: result.records - passed };
  }

  /** Records of open transactions that went with the end of the log hold back nobody, and may come again. */
  override cutOff(node: number, partition: number, lane: number, from: number, end: number): Cut[] {
    const cuts = super.cutOff(node, partition, lane, from, end);
    this.open.cutOff(partition, from);
    for (const edge of this.edges.edges.subarray(this.edges.start[node], this.edges.start[node + 1])) {
      const row = this.firstRow[edge] + lane;
      this.takenTo[row] = Math.min(this.takenTo[row], from);
    }
    this.setLastStable(node, partition, lane, this.open.lastStable(partition));
    return cuts;
  }

  /** Records of aborted transactions that the readers of a topic have passed over, each counted for itself. */
  abortedIn(node: number): number {
    return this.aborted[node];
  }

  readsOnlyCommitted(edge: number): boolean {
    return this.readsCommitted[edge] === 1;
  }

  /** Offset of the first record of the oldest open transaction in a partition; Infinity without one. */
  lastStableOf(partition: number): number {
    return this.open.lastStable(partition);
  }

  /** Which of so many partitions, from the first one on, have records of a transaction that has no end there. */
  lanesOpenTo(first: number, count: number, transaction: number): number[] {
    const lanes = Array.from({ length: count }, (_, lane) => lane);
    return lanes.filter((lane) => this.open.has(first + lane, transaction));
  }

  /** A transaction is over in a partition, whose newest record is the marker that says so; the offset of its first one. */
  endTransaction(
    node: number,
    partition: number,
    lane: number,
    transaction: number,
    isAborted: boolean,
  ): number {
    const first = this.open.remove(partition, transaction);
    if (isAborted) {
      const { marks, transaction: of } = this.messages;
      this.eachRecord(partition, this.endOf(partition), (record, offset) => {
        if (offset >= first && of[record] === transaction) marks[record] |= MARK.aborted;
      });
    }
    this.setLastStable(node, partition, lane, this.open.lastStable(partition));
    return first;
  }

  override rewind(sim: Simulation, edge: number, lane: number): number {
    const row = this.firstRow[edge] + lane;
    this.takenTo[row] = Math.max(this.takenTo[row], this.position[row]);
    return super.rewind(sim, edge, lane);
  }

  /**
   * Whether any reader has taken a record of a partition at this offset and has not settled it, or has gone back before
   * it: it counts what it takes, and would take another record for this one.
   */
  isInHand(node: number, lane: number, offset: number): boolean {
    const { edges } = this;
    for (let place = edges.start[node]; place < edges.start[node + 1]; place++) {
      const row = this.firstRow[edges.edges[place]] + lane;
      const end = Math.max(this.position[row], this.takenTo[row]);
      if (offset >= this.committed[row] && offset < end) return true;
    }
    return false;
  }

  /** The records of a partition that are not freed, oldest first, each with its offset; `end` is that of the log. */
  eachRecord(partition: number, end: number, visit: (record: number, offset: number) => void): void {
    const { next } = this.messages;
    let offset = end - this.records(partition);
    for (let record = this.oldest[partition]; record !== NO_MESSAGE; record = next[record]) {
      visit(record, offset++);
    }
  }

  /** The records of a transaction are not stable before its end. */
  private joinTransaction(node: number, partition: number, lane: number, message: number): void {
    const { transaction } = this.messages;
    if (transaction.length === 0 || transaction[message] === 0) return;
    const isFirst = this.open.add(partition, transaction[message], this.endOf(partition) - 1);
    if (isFirst) this.setLastStable(node, partition, lane, this.open.lastStable(partition));
  }

  private isSkipped(edge: number, record: number): boolean {
    if (this.messages.marks.length === 0) return false;
    const mark = this.messages.marks[record];
    if ((mark & SKIPPED_BY_ALL) !== 0) return true;
    return (mark & MARK.aborted) !== 0 && this.readsCommitted[edge] === 1;
  }

  private skip(edge: number, row: number, lane: number, record: number): void {
    const { sim, messages } = this;
    const node = sim.transfers.from[edge];
    const mark = messages.marks[record];
    sim.metrics.queuedBy(node, -1);
    if ((mark & MARK.control) !== 0) sim.metrics.copied--;
    else if ((mark & MARK.compacted) !== 0) sim.metrics.count(node, METRIC.expired);
    else this.countAborted(node);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.skipped, node, edge, lane, this.position[row]);
      const isAborted = (mark & SKIPPED_BY_ALL) === 0;
      if (isAborted) sim.trace.add(sim.now, TRACE.dropped, node, messages.serial[record], lane, ABORTED);
    }
    const hasNothing = this.committed[row] === this.position[row];
    this.cursor[row] = messages.next[record];
    this.position[row]++;
    if (hasNothing) this.release(row, this.partitionOf[row], 1);
  }

  private countAborted(node: number): void {
    this.aborted[node]++;
    this.sim.metrics.count(node, METRIC.dropped);
  }

  /** Offsets that a commit of so many records covers, with those among and behind them that were passed over. */
  private offsetsOf(edge: number, row: number, records: number): number {
    const { next } = this.messages;
    const most = this.position[row] - this.committed[row];
    let left = records;
    let offsets = 0;
    for (let record = this.uncommitted[row]; record !== NO_MESSAGE && offsets < most; record = next[record]) {
      const isSkipped = this.isSkipped(edge, record);
      if (!isSkipped && left === 0) break;
      if (!isSkipped) left--;
      offsets++;
    }
    return offsets;
  }

  protected override recordsAmong(edge: number, first: number, offsets: number): number {
    return Math.max(0, offsets) - this.skippedAmong(edge, first, offsets);
  }

  private skippedAmong(edge: number, first: number, offsets: number): number {
    const { next } = this.messages;
    let count = 0;
    let record = first;
    for (let i = 0; i < offsets && record !== NO_MESSAGE; i++, record = next[record]) {
      if (this.isSkipped(edge, record)) count++;
    }
    return count;
  }
}
