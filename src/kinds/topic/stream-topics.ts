import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { Topics } from './behavior.ts';
import { READ_TIMER, ShardReads } from './shard-reads.ts';
import { isStream, SHARD_TIMER, Shards } from './shards.ts';
import type { TopicParts } from './topic-parts.ts';

/**
 * The topics of a design that has streams of Kinesis or a cluster. A stream asks its shards before it takes a record;
 * the topics of other designs know nothing of shards.
 */
export class StreamTopics extends Topics {
  constructor(sim: Simulation, parts: TopicParts, isBounded = false) {
    super(sim, parts, isBounded);
    const { configs, nodes } = parts;
    if (!nodes.some((node) => isStream(configs[node]))) return;
    this.shards = new Shards(sim, this, configs, nodes);
    this.reads = new ShardReads(sim, this, parts);
  }

  override fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === SHARD_TIMER) this.shards!.fire(sim, node);
    else if (type === READ_TIMER) this.reads!.fire(arg);
    else super.fire(sim, node, type, arg);
  }

  override offer(sim: Simulation, node: number, message: number, tag: number): boolean {
    const { shards } = this;
    if (shards === null || !shards.has(node)) return super.offer(sim, node, message, tag);
    const lane = shards.admit(sim, node, message);
    return lane >= 0 && super.offer(sim, node, message, ~lane);
  }

  override take(sim: Simulation, node: number, edge: number, lane: number): number {
    const { reads } = this;
    if (reads === null || !reads.has(edge)) return super.take(sim, node, edge, lane);
    if (!reads.mayTake(edge, lane)) return NO_MESSAGE;
    const message = super.take(sim, node, edge, lane);
    if (message !== NO_MESSAGE) reads.taken(edge, lane, sim.messages.sizeBytes[message]);
    return message;
  }

  override giveBack(sim: Simulation, node: number, edge: number, lane: number, message: number): void {
    super.giveBack(sim, node, edge, lane, message);
    if (message === NO_MESSAGE && this.reads?.has(edge)) this.reads.rewound(edge, lane);
  }

  override readableEnd(edge: number, node: number, lane: number): number {
    const end = super.readableEnd(edge, node, lane);
    return this.reads?.has(edge) ? this.reads.reachableEnd(edge, lane, end) : end;
  }
}
