import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { md5Head } from '../../lib/md5.ts';
import { microsOf, numberOf, partitionRoom, type NodeConfig } from '../shared/node-config.ts';
import type { Topics } from './behavior.ts';

/** What a shard takes in one second. */
const MOST_RECORDS = 1000;
const MOST_BYTES = 1_048_576;
const SECOND = 1_000_000;
const NO_KEY = -1;
const HASHES = 0x1_0000_0000;
/** The event type of a stream at which its shards take records again. */
export const SHARD_TIMER = 3;

/** Whether a topic is a stream of Kinesis. */
export function isStream({ fields }: NodeConfig): boolean {
  return fields.service === 'kinesis';
}

/** How long a log keeps its records, in microseconds. */
export function retentionOf(config: NodeConfig): number {
  const [ofTopic, ofStream] = [microsOf(config, 'retention'), microsOf(config, 'retentionPeriod')];
  return isStream(config) ? ofStream : ofTopic;
}

/** How many bytes a log keeps, 0 for any number. */
export function retentionBytesOf(config: NodeConfig): number {
  const bytes = numberOf(config, 'retentionBytes');
  return isStream(config) ? 0 : bytes;
}

/** How much of a log goes at once. A stream trims it record by record; here a mebibyte at a time. */
export function segmentBytesOf(config: NodeConfig): number {
  const bytes = numberOf(config, 'segmentBytes');
  return isStream(config) ? MOST_BYTES : bytes;
}

/** The shard of a partition key: equal parts of the range of MD5, of which the first 32 bits say enough. */
export function shardOf(hash: number, shards: number): number {
  return Math.floor((hash * shards) / HASHES);
}

/**
 * The shards of streams: a record goes to the one that has the MD5 of its key in its range, and is refused if the shard
 * has had its 1,000 records or its 1 MiB in this second (ProvisionedThroughputExceeded). Its sender tries again when
 * the next second begins. It stands in front of the topics of a run that has streams, and in no other.
 */
export class Shards {
  private readonly isStream: Uint8Array;
  private readonly topics: Topics;
  private readonly hashes = new Map<number, number>();
  /** Of each partition: the second that is counted, and what came in it. */
  private second = new Float64Array();
  private records = new Int32Array();
  private bytes = new Float64Array();
  /** Of each stream: refused records so far; 1 while it waits for the next second. */
  private refused = new Float64Array();
  private waits = new Uint8Array();

  constructor(sim: Simulation, topics: Topics, configs: readonly NodeConfig[], nodes: readonly number[]) {
    const { columns, plan } = sim;
    this.topics = topics;
    this.isStream = Uint8Array.from(configs, (config) => (isStream(config) ? 1 : 0));
    const partitions = nodes.reduce((sum, node) => sum + partitionRoom(configs[node]), 0);
    columns.f64(this, 'second', partitions).fill(-1);
    columns.i32(this, 'records', partitions);
    columns.f64(this, 'bytes', partitions);
    columns.f64(this, 'refused', plan.nodeCount);
    columns.u8(this, 'waits', plan.nodeCount);
    const take = topics.offer.bind(topics);
    topics.offer = (run, node, message, tag) => this.offer(run, node, message, tag, take);
  }

  /** Offers a record to a topic of either sort. */
  private offer(sim: Simulation, node: number, message: number, tag: number, take: Topics['offer']): boolean {
    if (this.isStream[node] === 0) return take(sim, node, message, tag);
    const lane = this.choose(sim, node, message);
    const partition = this.topics.firstPartition[node] + lane;
    const size = sim.messages.sizeBytes[message];
    const now = Math.floor(sim.now / SECOND);
    if (this.second[partition] !== now) {
      this.second[partition] = now;
      this.records[partition] = 0;
      this.bytes[partition] = 0;
    }
    // A record of a mebibyte fits, and so does the first of a second, however long.
    const isFull = this.records[partition] >= MOST_RECORDS || this.bytes[partition] + size > MOST_BYTES;
    if (isFull && this.records[partition] > 0) {
      this.refuse(sim, node, now);
      return false;
    }
    this.records[partition]++;
    this.bytes[partition] += size;
    // Whoever stands behind this one in the line may write to another shard.
    sim.roomFreed(node);
    return take(sim, node, message, ~lane);
  }

  /** A second begins: who was refused tries again. */
  fire(sim: Simulation, node: number): void {
    this.waits[node] = 0;
    sim.roomFreed(node);
  }

  /** Records that the shards of a stream refused so far, each time that they were offered. */
  refusedBy(node: number): number {
    return this.refused[node];
  }

  private refuse(sim: Simulation, node: number, second: number): void {
    this.refused[node]++;
    if (this.waits[node] === 1) return;
    this.waits[node] = 1;
    sim.at((second + 1) * SECOND, node, SHARD_TIMER, 0);
  }

  /** A record without a key goes anywhere, as one with a random key would. */
  private choose(sim: Simulation, node: number, message: number): number {
    const shards = this.topics.partitionCount[node];
    const key = sim.messages.key[message];
    if (key === NO_KEY) return sim.random.below(sim.stream(node, PURPOSE.route), shards);
    let hash = this.hashes.get(key);
    if (hash === undefined) {
      hash = md5Head(`key-${key}`);
      this.hashes.set(key, hash);
    }
    return shardOf(hash, shards);
  }
}
