import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { isCompacted } from '../shared/marks.ts';
import type { Topics } from './behavior.ts';
import { OffsetResets } from './offset-resets.ts';
import { retentionBytesOf, retentionOf } from './shards.ts';
import type { TopicParts } from './topic-parts.ts';

/** `log.retention.check.interval.ms` of the broker. */
const CHECK_MICROS = 300_000_000;
/** The event type of a topic at which its partitions are looked at. */
export const RETENTION_TIMER = 0;
/** In `checking` of a topic: a check is scheduled; or it is compacted, with one scheduled or none. */
export const CHECKED = 1;
const COMPACTED = 2;
const COMPACTED_CHECKED = 3;

/** What deletes records by age and size, read or not, and where a group goes on whose next record is gone. */
export class Retention {
  /** Called when what the group at the end of an edge would read next has been deleted. */
  onOutOfRange: ((sim: Simulation, edge: number, lane: number) => void) | null = null;
  /** Called when a group goes on behind so many records that it has not read, or would have read again. */
  onPassedOver: (edge: number, lane: number, records: number) => void = () => {};
  private age = new Float64Array();
  private bytes = new Float64Array();
  private readonly topics: Topics;
  private readonly resets: OffsetResets;

  constructor(sim: Simulation, topics: Topics, { configs, nodes }: TopicParts) {
    const { columns, plan } = sim;
    this.topics = topics;
    this.resets = new OffsetResets(plan, configs);
    columns.f64(this, 'age', plan.nodeCount);
    columns.f64(this, 'bytes', plan.nodeCount);
    for (const node of nodes) {
      const isKept = isCompacted(configs[node]) && configs[node].fields.cleanup === 'compact';
      this.age[node] = isKept ? Infinity : retentionOf(configs[node]);
      this.bytes[node] = isKept ? 0 : retentionBytesOf(configs[node]);
      if (isCompacted(configs[node])) topics.checking[node] = COMPACTED;
    }
  }

  /** A message has come to a topic that is not looked after yet, or is compacted. */
  look(sim: Simulation, node: number, message: number, lane: number): void {
    this.lookLater(sim, node);
    if (this.topics.checking[node] === COMPACTED_CHECKED)
      this.topics.cleaner!.append(sim, node, message, lane);
  }

  /** At the next multiple of the interval; an empty log needs no check. */
  lookLater(sim: Simulation, node: number): void {
    if ((this.topics.checking[node] & CHECKED) !== 0) return;
    this.topics.checking[node] |= CHECKED;
    sim.at((Math.floor(sim.now / CHECK_MICROS) + 1) * CHECK_MICROS, node, RETENTION_TIMER, 0);
  }

  /** Looks at every partition. */
  check(sim: Simulation, node: number): void {
    const { segments, oldest, end, firstPartition, partitionCount, cleaner } = this.topics;
    let hasMessages = false;
    for (let lane = 0; lane < partitionCount[node]; lane++) {
      const partition = firstPartition[node] + lane;
      const start = oldest[partition];
      const from = segments.deleteBefore(partition, sim.now, this.age[node], this.bytes[node], start);
      if (from > start) this.expire(sim, node, lane, start, from);
      hasMessages ||= end[partition] > oldest[partition];
    }
    this.topics.checking[node] = cleaner?.isCompacted(node) ? COMPACTED : 0;
    if (hasMessages) this.lookLater(sim, node);
  }

  /** The group at the end of an edge has no valid offset: it goes on where its policy says, and passes over the rest. */
  reset(sim: Simulation, edge: number, lane: number): void {
    const { topics } = this;
    const end = topics.visibleEnd(edge, sim.plan.edgeFrom[edge], lane);
    this.passOver(sim, edge, lane, this.resets.target(sim, topics.readers, edge, lane, end));
  }

  private expire(sim: Simulation, node: number, lane: number, start: number, from: number): void {
    const { oldest, end, firstPartition, readerEdges, readers, cleaner } = this.topics;
    const partition = firstPartition[node] + lane;
    oldest[partition] = from;
    cleaner?.log.keepBetween(partition, from, end[partition]);
    const edges = readerEdges.edges.subarray(readerEdges.start[node], readerEdges.start[node + 1]);
    if (edges.length === 0) sim.metrics.add(node, METRIC.expired, from - start);
    for (const edge of edges) {
      const isOut = readers.positionOffset(edge, lane) < from;
      this.passOver(sim, edge, lane, from);
      if (!isOut) continue;
      // What it would read next is gone: it starts anew where its policy says.
      this.reset(sim, edge, lane);
      this.onOutOfRange?.(sim, edge, lane);
    }
  }

  /** A group goes on at an offset: what it has not read before that is lost to it. */
  private passOver(sim: Simulation, edge: number, lane: number, to: number): void {
    const node = sim.plan.edgeFrom[edge];
    const partition = this.topics.firstPartition[node] + lane;
    const { unread, returned, records } = this.topics.readers.skipTo(edge, lane, partition, to);
    this.onPassedOver(edge, lane, records);
    sim.metrics.queuedBy(node, -unread);
    sim.metrics.add(node, METRIC.expired, unread + returned);
    if (unread > 0) sim.trace.add(sim.now, TRACE.expired, node, edge, lane, unread);
  }
}
