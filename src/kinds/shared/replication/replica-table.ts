import type { Simulation } from '../../../engine/simulation.ts';
import { LimitError } from '../../../lib/limit-error.ts';
import { microsOf, numberOf, partitionRoom, type NodeConfig } from '../node-config.ts';
import { replicaBrokers } from './replica-brokers.ts';

const NONE = -1;
const MOST_REPLICAS = 1_000_000;

/** Settings of one cluster, times in microseconds. They never change during a run. */
export interface ClusterSettings {
  /** Index of its first broker over all clusters, and how many it has. */
  firstBroker: number;
  brokers: number;
  /** `replica.lag.time.max.ms`. */
  lagMax: number;
  /** Of a pull: to the leader and back. */
  roundTrip: number;
  /** `broker.session.timeout.ms`. */
  session: number;
  isUnclean: boolean;
  rebalancesLeaders: boolean;
  /** Bytes a second that each client may write to each broker, 0 for no quota. */
  producerBytes: number;
  /** The same that each group may read of each broker. */
  consumerBytes: number;
}

/**
 * The partitions of all topics that are kept in clusters, the replicas of each and the brokers, as columns. Replicas of
 * a partition are neighbours, in the order of its assignment: the first is its preferred leader.
 */
export class ReplicaTable {
  /** Of each node: settings of a cluster, else null; cluster of a topic and its first partition here, else NONE. */
  readonly settings: readonly (ClusterSettings | null)[];
  readonly clusterOf: Int32Array;
  readonly firstPartition: Int32Array;
  /** Of each partition. `leader` is a replica or NONE; `end` and `highWatermark` are offsets. */
  readonly topic: Int32Array;
  readonly lane: Int32Array;
  readonly firstReplica: Int32Array;
  readonly replicas: Int32Array;
  readonly minInSync: Int32Array;
  leader = new Int32Array();
  epoch = new Int32Array();
  end = new Float64Array();
  highWatermark = new Float64Array();
  inSyncCount = new Int32Array();
  /** 1 for a partition that its topic does not have yet: its replicas are ready, and nobody is told of them. */
  notYet = new Uint8Array();
  /** Of each replica: its partition and broker. */
  readonly partition: Int32Array;
  readonly broker: Int32Array;
  /** End of its log; a returning replica first cuts it off here (Infinity: nowhere). */
  ownEnd = new Float64Array();
  cutAt = new Float64Array();
  /** The event at which its next pull reaches the leader (NONE: it has all), what it then has, and when it was sent. */
  pull = new Int32Array();
  pulled = new Float64Array();
  pulledAt = new Float64Array();
  inSync = new Uint8Array();
  caughtUpAt = new Float64Array();
  /** Of each broker: why it is down (bits, 0 if it runs), 1 once the controller knows, the event at which it will. */
  down = new Uint8Array();
  fenced = new Uint8Array();
  fence = new Int32Array();
  /** Microseconds that each pull of a broker takes more. */
  slowness = new Float64Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[]) {
    const brokers = countBrokers(configs);
    this.settings = brokers.settings;
    this.clusterOf = Int32Array.from(configs, ({ cluster }) => cluster ?? NONE);
    this.firstPartition = new Int32Array(configs.length).fill(NONE);
    const rows: { topic: number; lane: number; first: number; brokers: number[]; min: number }[] = [];
    let count = 0;
    for (const [topic, config] of configs.entries()) {
      const cluster = this.settings[this.clusterOf[topic]];
      if (!cluster) continue;
      this.firstPartition[topic] = rows.length;
      const factor = numberOf(config, 'replicationFactor');
      const min = numberOf(config, 'minInsync');
      for (let lane = 0; lane < partitionRoom(config); lane++) {
        const places = replicaBrokers(lane, factor, cluster.brokers);
        const holders = places.map((place) => cluster.firstBroker + place);
        rows.push({ topic, lane, first: count, brokers: holders, min });
        count += factor;
      }
    }
    if (count > MOST_REPLICAS) throw new LimitError('replicas', count, MOST_REPLICAS);
    this.topic = Int32Array.from(rows, (row) => row.topic);
    this.lane = Int32Array.from(rows, (row) => row.lane);
    this.firstReplica = Int32Array.from(rows, (row) => row.first);
    this.replicas = Int32Array.from(rows, (row) => row.brokers.length);
    this.minInSync = Int32Array.from(rows, (row) => row.min);
    this.partition = Int32Array.from(rows.flatMap((row, at) => row.brokers.map(() => at)));
    this.broker = Int32Array.from(rows.flatMap((row) => row.brokers));
    this.makeColumns(sim, rows.length, count, brokers.count);
  }

  /** Partition of a topic's lane. */
  of(topic: number, lane: number): number {
    return this.firstPartition[topic] + lane;
  }

  /** Partition of a cluster by its number over all topics of it, from 0; NONE if it has fewer. */
  partitionOfCluster(cluster: number, number: number): number {
    let left = number;
    for (const [partition, topic] of this.topic.entries()) {
      if (this.clusterOf[topic] === cluster && this.notYet[partition] === 0 && left-- === 0) return partition;
    }
    return NONE;
  }

  /** Number of a partition's leader among the brokers of its cluster, from 1; 0 for none. */
  leaderNumber(partition: number): number {
    const leader = this.leader[partition];
    return leader === NONE ? 0 : this.numberOf(partition, leader);
  }

  /** Numbers of the brokers that have a replica of a partition, in the order of the assignment. */
  holders(partition: number): number[] {
    return this.replicasOf(partition).map((replica) => this.numberOf(partition, replica));
  }

  /** The same of the replicas in sync. */
  inSyncNumbers(partition: number): number[] {
    return this.replicasOf(partition)
      .filter((replica) => this.inSync[replica] === 1)
      .map((replica) => this.numberOf(partition, replica));
  }

  replicasOf(partition: number): number[] {
    return Array.from(
      { length: this.replicas[partition] },
      (_, place) => this.firstReplica[partition] + place,
    );
  }

  /** Whether the broker that leads a partition runs. */
  isServed(partition: number): boolean {
    const leader = this.leader[partition];
    return leader !== NONE && this.down[this.broker[leader]] === 0;
  }

  private numberOf(partition: number, replica: number): number {
    const cluster = this.settings[this.clusterOf[this.topic[partition]]]!;
    return this.broker[replica] - cluster.firstBroker + 1;
  }

  private makeColumns({ columns }: Simulation, partitions: number, replicas: number, brokers: number): void {
    columns.i32(this, 'leader', partitions).set(this.firstReplica);
    columns.i32(this, 'epoch', partitions);
    columns.f64(this, 'end', partitions);
    columns.f64(this, 'highWatermark', partitions);
    columns.i32(this, 'inSyncCount', partitions).set(this.replicas);
    columns.u8(this, 'notYet', partitions);
    columns.f64(this, 'ownEnd', replicas);
    columns.f64(this, 'cutAt', replicas).fill(Infinity);
    columns.i32(this, 'pull', replicas).fill(NONE);
    columns.f64(this, 'pulled', replicas);
    columns.f64(this, 'pulledAt', replicas);
    columns.u8(this, 'inSync', replicas).fill(1);
    columns.f64(this, 'caughtUpAt', replicas);
    columns.u8(this, 'down', brokers);
    columns.u8(this, 'fenced', brokers);
    columns.i32(this, 'fence', brokers).fill(NONE);
    columns.f64(this, 'slowness', brokers);
  }
}

function countBrokers(configs: readonly NodeConfig[]): {
  settings: (ClusterSettings | null)[];
  count: number;
} {
  let count = 0;
  const settings = configs.map((config): ClusterSettings | null => {
    if (config.kind !== 'broker-cluster') return null;
    const brokers = numberOf(config, 'brokers');
    count += brokers;
    return {
      firstBroker: count - brokers,
      brokers,
      lagMax: microsOf(config, 'replicaLagTime'),
      roundTrip: Math.max(1, microsOf(config, 'roundTrip')),
      session: microsOf(config, 'sessionTimeout'),
      isUnclean: config.fields.uncleanElection === 'on',
      producerBytes: numberOf(config, 'producerByteRate'),
      consumerBytes: numberOf(config, 'consumerByteRate'),
      rebalancesLeaders: config.fields.preferredLeaders === 'on',
    };
  });
  return { settings, count };
}
