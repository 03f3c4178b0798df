import type { Json } from '../../design/types.ts';
import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { partitionForKey } from '../../lib/murmur2.ts';
import type { LogView, NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import type { KeyHashes } from '../shared/key-hashes.ts';
import { isCompacted, MARK } from '../shared/marks.ts';
import { numberOf, partitionRoom } from '../shared/node-config.ts';
import { BoundedReaders } from './bounded-readers.ts';
import { Cleaner, CLEANING_TIMER, cleaningOf } from './cleaner.ts';
import { GappyReaders, needsGaps } from './gappy-readers.ts';
import { Readers } from './readers.ts';
import { CHECKED, Retention } from './retention.ts';
import type { ShardReads } from './shard-reads.ts';
import { segmentBytesOf, type Shards } from './shards.ts';
import { Segments } from './segments.ts';
import type { TopicParts } from './topic-parts.ts';

const NO_KEY = -1;
const NOBODY = -1;
/** The event type of a topic by which somebody at the other end of an edge, its argument, hears of its partitions. */
export const METADATA_TIMER = 2;
/** What a control record takes in a log. */
const MARKER_BYTES = 78;

/** What adds partitions to a topic that may get more, and what tells everybody of them at once. */
interface Growing {
  add(sim: Simulation, node: number, count: number): void;
  tellAll(sim: Simulation, node: number): void;
}

/**
 * Topics: partitioned logs. A record stays until every group has committed it or retention deletes its segment; a
 * log that nobody reads keeps only counts, no records.
 */
export class Topics implements NodeBehavior, LogView {
  readonly readerEdges: EdgeRows;
  readonly readers: Readers;
  private readonly hashes: KeyHashes;
  /** The same, where something keeps them from reading up to the end of a log; else null. */
  protected readonly bounds: BoundedReaders | null;
  /** The same, where a design has offsets that are no records, or readers that wait for more; else null. */
  readonly gaps: GappyReaders | null;
  readonly segments: Segments;
  partitionCount = new Int32Array();
  firstPartition = new Int32Array();
  private stickyBytes = new Float64Array();
  /** Partition that messages without a key go to now, and the bytes it has had in this turn. */
  protected sticky = new Int32Array();
  private stickyHad = new Float64Array();
  /** The topic that makes a marker at this moment, for who watches it. */
  marking = NOBODY;
  /** That of compacted topics; null if there are none. */
  readonly cleaner: Cleaner | null;
  /** Those of streams, and what they give to who reads them; null if there are none. */
  shards: Shards | null = null;
  reads: ShardReads | null = null;
  /** What `Retention` has scheduled, kept here for `offer`: only `CHECKED` needs nothing when a message comes. */
  checking = new Uint8Array();
  readonly retention: Retention;
  /** Null if none may get more partitions. */
  growth: Growing | null = null;
  /** Called when who is at the other end of an edge hears how many partitions there are; -1 for nobody. */
  onMetadata: (sim: Simulation, node: number, edge: number) => void = () => {};
  /** Called when records are cut off that the group at the end of an edge has read, or even committed. */
  onCutOff: ((sim: Simulation, edge: number, lane: number, hadCommitted: boolean) => void) | null = null;
  /** Called for each edge when records are cut off: how many its group has taken, and how many before them it has not. */
  onEndMoved: (edge: number, lane: number, taken: number, ahead: number) => void = () => {};
  /** Of each partition: offset of its oldest message and offset that the next one gets. */
  oldest = new Float64Array();
  end = new Float64Array();

  constructor(sim: Simulation, parts: TopicParts, isBounded = false) {
    const { columns, plan } = sim;
    const { configs, nodes, role, hashes } = parts;
    this.hashes = hashes;
    this.readerEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.records]);
    columns.i32(this, 'partitionCount', plan.nodeCount);
    columns.i32(this, 'firstPartition', plan.nodeCount);
    columns.f64(this, 'stickyBytes', plan.nodeCount);
    columns.i32(this, 'sticky', plan.nodeCount).fill(-1);
    columns.f64(this, 'stickyHad', plan.nodeCount);
    const room = new Int32Array(plan.nodeCount);
    let partitions = 0;
    for (const node of nodes) {
      this.partitionCount[node] = numberOf(configs[node], 'partitions');
      this.firstPartition[node] = partitions;
      room[node] = partitionRoom(configs[node]);
      partitions += room[node];
      this.stickyBytes[node] = numberOf(configs[node], 'stickyBytes');
    }
    columns.f64(this, 'oldest', partitions);
    columns.f64(this, 'end', partitions);
    this.segments = new Segments(columns, partitions);
    for (const node of nodes) {
      const first = this.firstPartition[node];
      const bytes = segmentBytesOf(configs[node]);
      this.segments.mostBytes.fill(bytes, first, first + room[node]);
    }
    columns.u8(this, 'checking', plan.nodeCount);
    this.retention = new Retention(sim, this, parts);
    const committedOnly = configs.map(({ fields }) => fields.isolation === 'read-committed');
    const logs = [sim, this.readerEdges, partitions, room] as const;
    this.gaps = needsGaps(configs) ? new GappyReaders(...logs) : null;
    if (this.gaps) this.gaps.endOf = (partition) => this.end[partition];
    this.bounds = this.gaps ?? (isBounded ? new BoundedReaders(...logs) : null);
    this.readers = this.bounds ?? new Readers(...logs);
    const cleaning = nodes.map((node) => cleaningOf(configs[node]));
    const isCleaned = nodes.some((node) => isCompacted(configs[node]));
    this.cleaner = isCleaned ? new Cleaner(sim, nodes, cleaning, partitions, this) : null;
    for (const edge of this.readerEdges.edges) {
      if (committedOnly[plan.edgeTo[edge]]) this.gaps?.onlyCommitted(edge);
    }
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === CLEANING_TIMER) this.cleaner!.clean(sim, node);
    else if (type === METADATA_TIMER) this.onMetadata(sim, node, arg);
    else this.retention.check(sim, node);
  }

  /** Opens empty partitions at the end; `count` is how many there are then. */
  addPartitions(_sim: Simulation, node: number, count: number): void {
    this.partitionCount[node] = count;
  }

  /** The group at the end of an edge has no valid offset: it goes on where its policy says, and passes over the rest. */
  reset(sim: Simulation, edge: number, lane: number): void {
    this.retention.reset(sim, edge, lane);
  }

  /** A sender that has chosen the partition itself says so with a tag below zero. */
  offer(sim: Simulation, node: number, message: number, tag: number): boolean {
    const { messages, metrics } = sim;
    const lane = tag < 0 ? ~tag : this.choosePartition(sim, node, message);
    const partition = this.firstPartition[node] + lane;
    const offset = this.end[partition]++;
    messages.enteredAt[message] = sim.now;
    this.segments.append(partition, offset + 1, messages.sizeBytes[message], sim.now);
    metrics.count(node, METRIC.in);
    if (this.checking[node] !== CHECKED) this.retention.look(sim, node, message, lane);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.entered, node, messages.serial[message], lane, offset);
    }
    const first = this.readerEdges.start[node];
    const groups = this.readerEdges.start[node + 1] - first;
    if (groups === 0) {
      messages.free(message);
      return true;
    }
    metrics.copied += groups - 1;
    metrics.queuedBy(node, groups);
    this.readers.append(node, partition, lane, message);
    return true;
  }

  /** Whether a partition has a leader that may write; without a cluster it has. */
  isServed(_node: number, _lane: number): boolean {
    return true;
  }

  /** A transaction ends in a partition: its marker takes an offset, though nobody reads it. */
  endTransaction(sim: Simulation, node: number, lane: number, transaction: number, isAborted: boolean): void {
    const { messages, metrics } = sim;
    const partition = this.firstPartition[node] + lane;
    const offset = this.end[partition]++;
    const groups = this.readerEdges.start[node + 1] - this.readerEdges.start[node];
    this.segments.append(partition, offset + 1, MARKER_BYTES, sim.now);
    this.retention.lookLater(sim, node);
    const what = transaction * 2 + (isAborted ? 1 : 0);
    if (sim.trace.messages) sim.trace.add(sim.now, TRACE.marked, node, what, lane, offset);
    metrics.copied += Math.max(1, groups);
    if (groups === 0) return;
    metrics.queuedBy(node, groups);
    this.marking = node;
    const marker = messages.create(sim.now);
    this.marking = NOBODY;
    messages.nextSerial = (messages.nextSerial - 1) >>> 0;
    messages.key[marker] = NO_KEY;
    messages.sizeBytes[marker] = MARKER_BYTES;
    messages.marks[marker] = MARK.control;
    messages.transaction[marker] = 0;
    this.readers.append(node, partition, lane, marker);
    const from = this.gaps!.endTransaction(node, partition, lane, transaction, isAborted);
    if (isAborted) this.cleaner?.log.abort(partition, transaction, from);
  }

  /** A copy of the next record, for the group to keep; the record stays in the log. */
  take(sim: Simulation, node: number, edge: number, lane: number): number {
    const message = this.readers.take(edge, lane);
    if (message === NO_MESSAGE) return NO_MESSAGE;
    sim.metrics.queuedBy(node, -1);
    sim.metrics.count(node, METRIC.out);
    return message;
  }

  settle(node: number, edge: number, lane: number, count: number): void {
    this.readers.commit(edge, lane, this.firstPartition[node] + lane, count);
  }

  /** A record comes back undone, or, with no message, the group goes back to what it has committed. */
  giveBack(sim: Simulation, node: number, edge: number, lane: number, message: number): void {
    if (message === NO_MESSAGE) {
      const gone = this.readers.takenAndGone(edge, lane);
      sim.metrics.queuedBy(node, this.readers.rewind(sim, edge, lane));
      this.retention.onPassedOver(edge, lane, gone);
      return;
    }
    if (!this.readers.returned(edge, lane)) sim.metrics.count(node, METRIC.expired);
    sim.metrics.count(node, METRIC.in);
    sim.messages.free(message);
  }

  setField(): void {}

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    if (fault === 'add-partitions') this.growth?.add(sim, node, args.partitions as number);
  }

  heal(sim: Simulation, node: number, fault: string): void {
    if (fault === 'add-partitions') this.growth?.tellAll(sim, node);
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    let stored = 0;
    for (let lane = 0; lane < this.partitionCount[node]; lane++) stored += this.stored(node, lane);
    into.amount = stored;
  }

  /** One for each group that has not taken it; one in all where no group reads. */
  held(_sim: Simulation, node: number): number {
    const first = this.readerEdges.start[node];
    const end = this.readerEdges.start[node + 1];
    let count = 0;
    for (let lane = 0; lane < this.partitionCount[node]; lane++) {
      const partition = this.firstPartition[node] + lane;
      if (first === end) count += this.end[partition] - this.oldest[partition];
      for (let place = first; place < end; place++) {
        count += this.readers.held(this.readerEdges.edges[place], lane, this.end[partition]);
      }
    }
    return count;
  }

  partitions(node: number): number {
    return this.partitionCount[node];
  }

  /** Records that a group has not committed; all of the log where no group reads. */
  stored(node: number, lane: number): number {
    const partition = this.firstPartition[node] + lane;
    let oldest = Infinity;
    for (let place = this.readerEdges.start[node]; place < this.readerEdges.start[node + 1]; place++) {
      oldest = Math.min(oldest, this.committed(this.readerEdges.edges[place], lane));
    }
    return this.end[partition] - (oldest === Infinity ? this.oldest[partition] : oldest);
  }

  logEnd(node: number, lane: number): number {
    return this.end[this.firstPartition[node] + lane];
  }

  /** Offset before which the group at the end of an edge can read now: that which it sees, or less if it is held back. */
  readableEnd(edge: number, node: number, lane: number): number {
    return this.visibleEnd(edge, node, lane);
  }

  /** Offset before which that group sees records: the end of the log, or less. */
  visibleEnd(edge: number, node: number, lane: number): number {
    return Math.min(this.logEnd(node, lane), this.bounds?.readableEnd(edge, lane) ?? Infinity);
  }

  /** Records of a partition behind its last stable offset. */
  unstable(node: number, lane: number): number {
    const end = this.logEnd(node, lane);
    return end - Math.min(end, this.gaps?.lastStableOf(this.firstPartition[node] + lane) ?? Infinity);
  }

  /** Offset of the oldest record that retention has left. */
  logStart(node: number, lane: number): number {
    return this.oldest[this.firstPartition[node] + lane];
  }

  /** Offset up to which the group at the end of an edge has committed. */
  committed(edge: number, lane: number): number {
    return this.readers.committedOffset(edge, lane);
  }

  /** When the oldest record was written that the group at the end of an edge has not committed; NaN for none. */
  uncommittedSince(edge: number, lane: number): number {
    return this.readers.uncommittedSince(edge, lane);
  }

  /** When that record was written which the group at the end of an edge takes next; NaN for none. */
  headSince(edge: number, lane: number): number {
    return this.readers.headSince(edge, lane);
  }

  /** Offset of the record that the group at the end of an edge takes next. */
  position(edge: number, lane: number): number {
    return this.readers.positionOffset(edge, lane);
  }

  /** Records kept, by walking them: for the invariants. */
  records(node: number): number {
    let count = 0;
    for (let lane = 0; lane < this.partitionCount[node]; lane++) {
      count += this.readers.records(this.firstPartition[node] + lane);
    }
    return count;
  }

  /** Kafka's rule: the hash of the key, or for no key the sticky partition, changed after a number of bytes. */
  protected choosePartition(sim: Simulation, node: number, message: number): number {
    const count = this.partitionCount[node];
    const key = sim.messages.key[message];
    if (key !== NO_KEY) return partitionForKey(this.hashes.of(key), count);
    if (this.sticky[node] < 0 || this.stickyHad[node] >= this.stickyBytes[node]) {
      this.sticky[node] = sim.random.below(sim.stream(node, PURPOSE.route), count);
      this.stickyHad[node] = 0;
    }
    this.stickyHad[node] += sim.messages.sizeBytes[message];
    return this.sticky[node];
  }
}
