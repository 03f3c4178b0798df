import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { partitionForKey } from '../../lib/murmur2.ts';
import type { LogView, NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import type { KeyHashes } from '../shared/key-hashes.ts';
import { microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { Readers } from './readers.ts';
import { Segments } from './segments.ts';

/** `log.retention.check.interval.ms` of the broker. */
const RETENTION_CHECK_MICROS = 300_000_000;
const NO_KEY = -1;

/**
 * Topics: partitioned logs. A record stays until every group has committed it or retention deletes its segment; a
 * log that nobody reads keeps only counts, no records.
 */
export class Topics implements NodeBehavior, LogView {
  private readonly readerEdges: EdgeRows;
  private readonly hashes: KeyHashes;
  private readonly readers: Readers;
  private readonly segments: Segments;
  private partitionCount = new Int32Array();
  private firstPartition = new Int32Array();
  private retention = new Float64Array();
  private retentionBytes = new Float64Array();
  private stickyBytes = new Float64Array();
  /** Partition that messages without a key go to now, and the bytes it has had in this turn. */
  private sticky = new Int32Array();
  private stickyHad = new Float64Array();
  /** 1 while a retention check is scheduled. */
  private checking = new Uint8Array();
  /** Of each partition: offset of its oldest message and offset that the next one gets. */
  private oldest = new Float64Array();
  private end = new Float64Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    hashes: KeyHashes,
  ) {
    const { columns, plan } = sim;
    this.hashes = hashes;
    this.readerEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.records]);
    columns.i32(this, 'partitionCount', plan.nodeCount);
    columns.i32(this, 'firstPartition', plan.nodeCount);
    columns.f64(this, 'retention', plan.nodeCount);
    columns.f64(this, 'retentionBytes', plan.nodeCount);
    columns.f64(this, 'stickyBytes', plan.nodeCount);
    columns.i32(this, 'sticky', plan.nodeCount).fill(-1);
    columns.f64(this, 'stickyHad', plan.nodeCount);
    columns.u8(this, 'checking', plan.nodeCount);
    let partitions = 0;
    for (const node of nodes) {
      this.partitionCount[node] = numberOf(configs[node], 'partitions');
      this.firstPartition[node] = partitions;
      partitions += this.partitionCount[node];
      this.retention[node] = microsOf(configs[node], 'retention');
      this.retentionBytes[node] = numberOf(configs[node], 'retentionBytes');
      this.stickyBytes[node] = numberOf(configs[node], 'stickyBytes');
    }
    columns.f64(this, 'oldest', partitions);
    columns.f64(this, 'end', partitions);
    this.segments = new Segments(columns, partitions);
    for (const node of nodes) {
      const first = this.firstPartition[node];
      const bytes = numberOf(configs[node], 'segmentBytes');
      this.segments.mostBytes.fill(bytes, first, first + this.partitionCount[node]);
    }
    this.readers = new Readers(sim, this.readerEdges, partitions, this.partitionCount);
  }

  /** Retention: looks at every partition. */
  fire(sim: Simulation, node: number): void {
    const first = this.firstPartition[node];
    for (let lane = 0; lane < this.partitionCount[node]; lane++) {
      const partition = first + lane;
      const start = this.oldest[partition];
      const from = this.segments.deleteBefore(
        partition,
        sim.now,
        this.retention[node],
        this.retentionBytes[node],
        start,
      );
      if (from > start) this.expire(sim, node, lane, start, from);
    }
    this.checking[node] = 0;
    if (this.hasMessages(node)) this.scheduleCheck(sim, node);
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
    if (this.checking[node] === 0) this.scheduleCheck(sim, node);
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
      const unread = this.readers.rewind(sim, edge, lane);
      sim.metrics.queuedBy(node, unread);
      return;
    }
    if (!this.readers.returned(edge, lane)) sim.metrics.count(node, METRIC.expired);
    sim.metrics.count(node, METRIC.in);
    sim.messages.free(message);
  }

  setField(): void {}

  inject(): void {}

  heal(): void {}

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    let stored = 0;
    for (let lane = 0; lane < this.partitionCount[node]; lane++) stored += this.stored(node, lane);
    into.level = NaN;
    into.amount = stored;
    into.limit = 0;
    into.busy = 0;
    into.servers = 0;
    into.down = false;
    into.failing = false;
    into.machineState = -1;
    into.machineSince = 0;
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

  /** At the next multiple of the interval; an empty log needs no check. */
  private scheduleCheck(sim: Simulation, node: number): void {
    this.checking[node] = 1;
    const at = (Math.floor(sim.now / RETENTION_CHECK_MICROS) + 1) * RETENTION_CHECK_MICROS;
    sim.at(at, node, 0, 0);
  }

  private hasMessages(node: number): boolean {
    const first = this.firstPartition[node];
    for (let partition = first; partition < first + this.partitionCount[node]; partition++) {
      if (this.end[partition] > this.oldest[partition]) return true;
    }
    return false;
  }

  private expire(sim: Simulation, node: number, lane: number, start: number, from: number): void {
    const partition = this.firstPartition[node] + lane;
    this.oldest[partition] = from;
    const first = this.readerEdges.start[node];
    const end = this.readerEdges.start[node + 1];
    if (first === end) sim.metrics.add(node, METRIC.expired, from - start);
    for (let place = first; place < end; place++) {
      const edge = this.readerEdges.edges[place];
      const { unread, returned } = this.readers.skipTo(edge, lane, partition, from);
      sim.metrics.queuedBy(node, -unread);
      sim.metrics.add(node, METRIC.expired, unread + returned);
      if (unread > 0) sim.trace.add(sim.now, TRACE.expired, node, edge, lane, unread);
    }
  }

  /** Kafka's rule: the hash of the key, or for no key the sticky partition, changed after a number of bytes. */
  private choosePartition(sim: Simulation, node: number, message: number): number {
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
