import type { Simulation } from '../../engine/simulation.ts';
import { isCompacted, MARK } from '../shared/marks.ts';
import { microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { Compaction } from './compaction.ts';
import type { GappyReaders } from './gappy-readers.ts';
import type { Segments } from './segments.ts';

/** `log.cleaner.backoff.ms` of the broker: how often it looks for something to clean. */
const CLEANING_MICROS = 15_000_000;
/** The event type of a topic that leads to `clean`. */
export const CLEANING_TIMER = 1;

/** When a topic is cleaned, and how long its tombstones stay, in microseconds. */
interface Cleaning {
  leastDirty: number;
  tombstonesFor: number;
}

/** How a topic is cleaned; null for one that is not compacted. */
export function cleaningOf(config: NodeConfig): Cleaning | null {
  if (!isCompacted(config)) return null;
  return {
    leastDirty: numberOf(config, 'minDirtyRatio'),
    tombstonesFor: microsOf(config, 'deleteRetention'),
  };
}

/** What the cleaner needs of the topics that it cleans. */
interface CleanedLogs {
  readonly gaps: GappyReaders | null;
  readonly segments: Segments;
  readonly partitionCount: Int32Array;
  readonly firstPartition: Int32Array;
  /** Of each partition, the offset that the next record gets. */
  readonly end: Float64Array;
}

/** What a compacted topic still has, and how many records were removed. */
interface CompactedContent {
  records: number;
  bytes: number;
  tombstones: number;
  removed: number;
}

/** Cleans compacted topics: looks after a log every so often while records come. */
export class Cleaner {
  readonly log: Compaction;
  private readonly logs: CleanedLogs;
  /** Of each node: `min.cleanable.dirty.ratio` (NaN: not compacted), `delete.retention.ms`, records removed. */
  private leastDirty = new Float64Array();
  private tombstonesFor = new Float64Array();
  private removed = new Float64Array();
  /** 1 while a cleaning is scheduled. */
  private isDue = new Uint8Array();

  constructor(
    sim: Simulation,
    nodes: readonly number[],
    cleaning: readonly (Cleaning | null)[],
    partitions: number,
    logs: CleanedLogs,
  ) {
    const { columns, plan } = sim;
    this.logs = logs;
    this.log = new Compaction(columns, partitions, plan.limits.messages);
    columns.f64(this, 'leastDirty', plan.nodeCount).fill(NaN);
    columns.f64(this, 'tombstonesFor', plan.nodeCount);
    columns.f64(this, 'removed', plan.nodeCount);
    columns.u8(this, 'isDue', plan.nodeCount);
    nodes.forEach((node, at) => {
      const { leastDirty = NaN, tombstonesFor = 0 } = cleaning[at] ?? {};
      this.leastDirty[node] = leastDirty;
      this.tombstonesFor[node] = tombstonesFor;
    });
  }

  isCompacted(node: number): boolean {
    return this.leastDirty[node] >= 0;
  }

  /** A record is at the end of a partition. */
  append(sim: Simulation, node: number, message: number, lane: number): void {
    const { key, sizeBytes, marks, transaction } = sim.messages;
    const partition = this.logs.firstPartition[node] + lane;
    this.log.append(partition, {
      offset: this.logs.end[partition] - 1,
      key: key[message],
      bytes: sizeBytes[message],
      isTombstone: (marks[message] & MARK.tombstone) !== 0,
      transaction: transaction.length > 0 ? transaction[message] : 0,
    });
    if (this.isDue[node] === 1) return;
    this.isDue[node] = 1;
    const at = (Math.floor(sim.now / CLEANING_MICROS) + 1) * CLEANING_MICROS;
    sim.at(at, node, CLEANING_TIMER, 0);
  }

  /** Removes what later records of the same key have replaced, where no reader has it in hand. */
  clean(sim: Simulation, node: number): void {
    const { gaps, segments, partitionCount, firstPartition, end } = this.logs;
    const { marks } = sim.messages;
    this.isDue[node] = 0;
    for (let lane = 0; lane < partitionCount[node]; lane++) {
      const partition = firstPartition[node] + lane;
      const records = new Map<number, number>();
      gaps!.eachRecord(partition, end[partition], (record, offset) => records.set(offset, record));
      this.log.clean(partition, {
        now: sim.now,
        until: Math.min(segments.closedEnd(partition), gaps!.lastStableOf(partition)),
        leastDirty: this.leastDirty[node],
        tombstonesFor: this.tombstonesFor[node],
        mustStay: (offset) => gaps!.isInHand(node, lane, offset),
        removed: (offset, bytes) => {
          const record = records.get(offset);
          if (record !== undefined) marks[record] |= MARK.compacted;
          segments.shrink(partition, offset, bytes);
          this.removed[node]++;
        },
      });
    }
  }

  /** What a compacted topic still has; null for any other topic. */
  content(node: number): CompactedContent | null {
    if (!this.isCompacted(node)) return null;
    const sum = { records: 0, bytes: 0, tombstones: 0, removed: this.removed[node] };
    for (let lane = 0; lane < this.logs.partitionCount[node]; lane++) {
      const { records, bytes, tombstones } = this.log.content(this.logs.firstPartition[node] + lane);
      sum.records += records;
      sum.bytes += bytes;
      sum.tombstones += tombstones;
    }
    return sum;
  }
}
