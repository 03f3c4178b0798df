import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { md5Head } from '../../lib/md5.ts';
import { KeyHashes } from '../shared/key-hashes.ts';
import { microsOf, numberOf, partitionRoom, type NodeConfig } from '../shared/node-config.ts';
import type { Topics } from './behavior.ts';

/** What a shard takes in one second. */
const MOST_RECORDS = 1000;
const MOST_BYTES = 1_048_576;
const SECOND = 1_000_000;
const NO_KEY = -1;
const REFUSED = -1;
const HASHES = 0x1_0000_0000;
/** The event type of a stream at which its shards take records again. */
export const SHARD_TIMER = 3;

/** Whether a node is a stream of Kinesis. */
export function isStream({ kind, fields }: NodeConfig): boolean {
  return kind === 'topic' && fields.service === 'kinesis';
}

/** How long a log keeps its records, in microseconds. */
export function retentionOf(config: NodeConfig): number {
  return microsOf(config, isStream(config) ? 'retentionPeriod' : 'retention');
}

/** How many bytes a log keeps, 0 for any number. */
export function retentionBytesOf(config: NodeConfig): number {
  return isStream(config) ? 0 : numberOf(config, 'retentionBytes');
}

/** How much of a log goes at once. A stream trims it record by record; here a mebibyte at a time. */
export function segmentBytesOf(config: NodeConfig): number {
  return isStream(config) ? MOST_BYTES : numberOf(config, 'segmentBytes');
}

/** The shard of a partition key: equal parts of the range of MD5, of which the first 32 bits say enough. */
export function shardOf(hash: number, shards: number): number {
  return Math.floor((hash * shards) / HASHES);
}

/**
 * The shards of streams, asked before a record is written: it goes to the one that has the MD5 of its key in its range,
 * and is refused if the shard has had its 1,000 records or its 1 MiB in this second (ProvisionedThroughputExceeded).
 * Its sender tries again when the next second begins.
 */
export class Shards {
  private readonly isStream: Uint8Array;
  private readonly topics: Pick<Topics, 'firstPartition' | 'partitionCount'>;
  private readonly hashes = new KeyHashes(md5Head);
  /** Of each partition: the second that is counted, and what came in it. */
  private second = new Float64Array();
  private records = new Int32Array();
  private bytes = new Float64Array();
  /** Of each stream: refused records so far; 1 while it waits for the next second. */
  private refused = new Float64Array();
  private waits = new Uint8Array();

  constructor(
    sim: Simulation,
    topics: Pick<Topics, 'firstPartition' | 'partitionCount'>,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
  ) {
    const { columns, plan } = sim;
    this.topics = topics;
    this.isStream = Uint8Array.from(configs, (config) => (isStream(config) ? 1 : 0));
    const partitions = nodes.reduce((sum, node) => sum + partitionRoom(configs[node]), 0);
    for (const node of nodes) sim.transfers.asksAll[node] = this.isStream[node];
    columns.f64(this, 'second', partitions).fill(-1);
    columns.i32(this, 'records', partitions);
    columns.f64(this, 'bytes', partitions);
    columns.f64(this, 'refused', plan.nodeCount);
    columns.u8(this, 'waits', plan.nodeCount);
  }

  /** Whether a topic is a stream. */
  has(node: number): boolean {
    return this.isStream[node] === 1;
  }

  /** The shard that takes a record; below 0 if it is refused, and its sender hears when the next second begins. */
  admit(sim: Simulation, node: number, message: number): number {
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
      return REFUSED;
    }
    this.records[partition]++;
    this.bytes[partition] += size;
    return lane;
  }

  /** A second begins: everybody who was refused tries again, as each may write to another shard. */
  fire(sim: Simulation, node: number): void {
    this.waits[node] = 0;
    for (let left = sim.transfers.waiters.count[node]; left > 0; left--) sim.roomFreed(node);
  }

  /** Records that the shards of a stream refused so far, each time that they were offered; null for no stream. */
  refusedBy(node: number): number | null {
    return this.has(node) ? this.refused[node] : null;
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
    return shardOf(this.hashes.of(key) >>> 0, shards);
  }
}
