import { NO_MESSAGE } from '../../engine/messages.ts';
import { METRIC } from '../../engine/metrics.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { partitionRoom } from '../shared/node-config.ts';
import type { ReplicationListener } from '../shared/replication/followers.ts';
import type { Replication } from '../shared/replication/replication.ts';
import { Topics } from './behavior.ts';
import { FETCH_TIMER, fetchQuotas, type FetchQuotas } from './fetch-quotas.ts';
import { isStream } from './shards.ts';
import { StreamTopics } from './stream-topics.ts';
import type { TopicParts } from './topic-parts.ts';

const NONE = -1;
const NO_KEY = -1;

/** The topics of a run; those of a design without a cluster know nothing of replicas, and most nothing of shards. */
export function topicsOf(sim: Simulation, parts: TopicParts, replication: Replication | null): Topics {
  if (replication) return new ReplicatedTopics(sim, parts, replication);
  const hasStreams = parts.nodes.some((node) => isStream(parts.configs[node]));
  return hasStreams ? new StreamTopics(sim, parts) : new Topics(sim, parts);
}

/**
 * The topics of a design that keeps some of them in a cluster. Such a topic takes messages only while their partition
 * has a leader, shows them once every replica in sync has them, and loses what a new leader does not have.
 */
class ReplicatedTopics extends StreamTopics implements ReplicationListener {
  private readonly replication: Replication;
  /** Null where no cluster limits what groups read. */
  private readonly quotas: FetchQuotas | null;

  constructor(sim: Simulation, parts: TopicParts, replication: Replication) {
    super(sim, parts, true);
    this.replication = replication;
    const room = (topic: number) => partitionRoom(parts.configs[topic]);
    this.quotas = fetchQuotas(sim, replication.table, this.readerEdges, room);
    replication.readerQuotas = this.quotas?.rates ?? null;
    const { topic, lane } = replication.table;
    for (const [at, node] of topic.entries()) {
      this.bounds!.setHighWatermark(node, this.firstPartition[node] + lane[at], lane[at], 0);
    }
    replication.listeners.push(this);
  }

  /** A Kafka client, which names the partition, writes only where it may, and says itself when its batch is whole. */
  override offer(sim: Simulation, node: number, message: number, tag: number): boolean {
    const { table } = this.replication;
    if (tag < 0 || table.firstPartition[node] === NONE) return super.offer(sim, node, message, tag);
    const lane = this.chooseServed(sim, node, message);
    if (lane === NONE) return false;
    super.offer(sim, node, message, ~lane);
    this.replication.appended(sim, table.of(node, lane), this.logEnd(node, lane));
    sim.roomFreed(node);
    return true;
  }

  override addPartitions(sim: Simulation, node: number, count: number): void {
    const before = this.partitionCount[node];
    super.addPartitions(sim, node, count);
    for (let lane = before; lane < count; lane++) this.replication.addPartition(sim, node, lane);
    sim.roomFreed(node);
  }

  override fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === FETCH_TIMER) this.quotas!.resume(arg);
    else super.fire(sim, node, type, arg);
  }

  override take(sim: Simulation, node: number, edge: number, lane: number): number {
    if (this.quotas?.holdsBack(node, edge, lane)) return NO_MESSAGE;
    const message = super.take(sim, node, edge, lane);
    if (this.quotas !== null && message !== NO_MESSAGE)
      this.quotas.read(node, edge, lane, sim.messages.sizeBytes[message]);
    return message;
  }

  override readableEnd(edge: number, node: number, lane: number): number {
    const end = super.readableEnd(edge, node, lane);
    return this.quotas?.isHeld(edge, lane) ? Math.min(end, this.position(edge, lane)) : end;
  }

  override isServed(node: number, lane: number): boolean {
    return this.replication.leads(node, lane);
  }

  override endTransaction(sim: Simulation, node: number, lane: number, id: number, isAborted: boolean): void {
    super.endTransaction(sim, node, lane, id, isAborted);
    const { table } = this.replication;
    if (table.firstPartition[node] === NONE) return;
    this.replication.appended(sim, table.of(node, lane), this.logEnd(node, lane));
  }

  readable(sim: Simulation, topic: number, lane: number, end: number): void {
    this.bounds!.setHighWatermark(topic, this.firstPartition[topic] + lane, lane, end);
    if (end > 0 || this.replication.table.isServed(this.replication.table.of(topic, lane)))
      sim.roomFreed(topic);
  }

  cutOff(sim: Simulation, topic: number, lane: number, from: number, end: number): void {
    const partition = this.firstPartition[topic] + lane;
    sim.trace.add(sim.now, TRACE.cutOff, topic, lane, from, end - from);
    this.segments.cutOff(partition, from, this.oldest[partition]);
    const lost = this.bounds!.cutOff(topic, partition, lane, from, end);
    this.end[partition] = from;
    this.cleaner?.log.keepBetween(partition, 0, from);
    if (lost.length === 0) this.lose(sim, topic, NONE, lane, end - from);
    lost.forEach(({ unread, returned, hadRead, hadCommitted, taken, ahead }, place) => {
      const edge = this.readerEdges.edges[this.readerEdges.start[topic] + place];
      sim.metrics.queuedBy(topic, -unread);
      sim.trace.add(sim.now, TRACE.unreadCut, topic, edge, lane, unread);
      this.lose(sim, topic, edge, lane, unread + returned);
      this.onEndMoved(edge, lane, taken, ahead);
      if (hadRead) this.onCutOff?.(sim, edge, lane, hadCommitted);
    });
  }

  private lose(sim: Simulation, topic: number, edge: number, lane: number, count: number): void {
    if (count === 0) return;
    sim.metrics.add(topic, METRIC.dropped, count);
    sim.trace.add(sim.now, TRACE.lost, topic, edge, lane, count);
  }

  /** The partition of a key is what it is; without a key any partition with a leader will do. */
  private chooseServed(sim: Simulation, node: number, message: number): number {
    const { table } = this.replication;
    const isServed = (lane: number) => table.isServed(table.of(node, lane));
    const isKeyed = sim.messages.key[message] !== NO_KEY;
    const lanes = this.partitionCount[node];
    if (!isKeyed && this.sticky[node] !== NONE && !isServed(this.sticky[node])) this.sticky[node] = NONE;
    if (!isKeyed && !Array.from({ length: lanes }, (_, lane) => lane).some(isServed)) return NONE;
    const lane = this.choosePartition(sim, node, message);
    if (isServed(lane)) return lane;
    if (isKeyed) return NONE;
    const served = Array.from({ length: lanes }, (_, each) => each).filter(isServed);
    this.sticky[node] = served[sim.random.below(sim.stream(node, PURPOSE.route), served.length)];
    return this.sticky[node];
  }
}
