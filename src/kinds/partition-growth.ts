import type { Simulation } from '../engine/simulation.ts';
import { TRACE } from '../engine/trace.ts';
import { partitionForKey } from '../lib/murmur2.ts';
import type { Groups } from './consumer-group/behavior.ts';
import type { KafkaClients } from './producer/kafka-clients.ts';
import { EDGE_ROLE } from './shared/edge-roles.ts';
import type { KeyHashes } from './shared/key-hashes.ts';
import { canGrow, numberOf, partitionRoom, type NodeConfig } from './shared/node-config.ts';
import type { Replication } from './shared/replication/replication.ts';
import { leadsTo } from './shared/upstream.ts';
import { METADATA_TIMER, type Topics } from './topic/behavior.ts';

const NONE = -1;
/** In place of an edge: nobody has to hear of it. */
const NOBODY = -1;

/** Keys that may come to a topic, and those of them that go to another partition when it has grown. */
interface KeysMoved {
  keys: number;
  movedKeys: number;
}

/** What a topic that grew has become. */
export interface Growth extends KeysMoved {
  /** Partitions at the start, and now. */
  from: number;
  to: number;
}

/** What has to hear of new partitions. */
interface GrowthParts {
  topics: Topics;
  clients: KafkaClients | null;
  consumers: Groups;
  role: Uint8Array;
  hashes: KeyHashes;
  /** Null without a cluster. */
  replication: Replication | null;
}

/**
 * Topics that get more partitions while they run. The broker has them at once; clients of producers and groups of the
 * classic protocol go on with those that they know until they refresh their metadata (`metadata.max.age.ms`), and each
 * does so at multiples of its own interval. Made only where a design has room for more partitions.
 */
export class PartitionGrowth {
  /** Called when everybody knows of all partitions of a topic. */
  onKnown: (topic: number) => void = () => {};
  private readonly configs: readonly NodeConfig[];
  private readonly parts: GrowthParts;
  /** Of each edge: the event at which its other end hears of the partitions, NONE if it knows. */
  private hears = new Int32Array();
  /** What `moved` found, by topic and both counts. Not part of the state of a run: keys and producers do not change. */
  private readonly found = new Map<string, KeysMoved>();

  constructor(sim: Simulation, configs: readonly NodeConfig[], parts: GrowthParts) {
    const { plan } = sim;
    this.configs = configs;
    this.parts = parts;
    sim.columns.i32(this, 'hears', plan.edgeCount).fill(NONE);
    configs.forEach((config, node) => {
      if (!canGrow(config)) return;
      const room = partitionRoom(config);
      const count = numberOf(config, 'partitions');
      for (let lane = count; lane < room; lane++) parts.replication?.lacksPartition(node, lane);
      for (const edge of this.toTell(sim, node)) {
        this.tell(sim, edge, count, true);
        if (plan.edgeFrom[edge] !== node) continue;
        for (let lane = count; lane < room; lane++) parts.consumers.starts!.isNew(edge, lane);
      }
    });
    parts.topics.onMetadata = (run, node, edge) => this.heard(run, node, edge);
  }

  /** Partitions that this run has room for in a topic. */
  roomOf(node: number): number {
    return partitionRoom(this.configs[node]);
  }

  /** A topic has so many partitions from now on; nothing happens if that is no increase, or there is no room. */
  add(sim: Simulation, node: number, count: number): void {
    const { topics } = this.parts;
    const before = topics.partitions(node);
    if (count <= before || count > this.roomOf(node)) {
      if (!this.isPending(sim, node)) sim.after(0, node, METADATA_TIMER, NOBODY);
      return;
    }
    topics.addPartitions(sim, node, count);
    sim.trace.add(sim.now, TRACE.grown, node, before, count, 0);
    const edges = this.toTell(sim, node);
    if (edges.length === 0) sim.after(0, node, METADATA_TIMER, NOBODY);
    for (const edge of edges) {
      if (this.hears[edge] !== NONE) continue;
      this.hears[edge] = sim.at(this.nextRefresh(sim, edge, node), node, METADATA_TIMER, edge);
    }
  }

  /** Everybody who does not know of the partitions yet hears of them now, as by a restart. */
  tellAll(sim: Simulation, node: number): void {
    for (const edge of this.toTell(sim, node)) {
      if (this.hears[edge] === NONE) continue;
      sim.cancel(this.hears[edge]);
      this.heard(sim, node, edge);
    }
  }

  /** What a topic has become; null for one that did not grow. */
  of(sim: Simulation, node: number): Growth | null {
    const from = numberOf(this.configs[node], 'partitions');
    const to = this.parts.topics.partitions(node);
    return to > from ? { from, to, ...this.moved(sim, node, from, to) } : null;
  }

  /** Keys that producers may send to a topic, and how many of them have another partition with another count. */
  moved(sim: Simulation, node: number, from: number, to: number): KeysMoved {
    const what = `${node} ${from} ${to}`;
    const found = this.found.get(what) ?? this.countMoved(sim, node, from, to);
    this.found.set(what, found);
    return found;
  }

  private countMoved(sim: Simulation, node: number, from: number, to: number): KeysMoved {
    const leads = leadsTo(sim.plan, (other) => other === node);
    let keys = 0;
    this.configs.forEach(({ kind, fields }, other) => {
      const sends = kind === 'producer' && leads[other] === 1 && fields.keys !== 'none';
      if (sends) keys = Math.max(keys, fields.keyCount as number);
    });
    let movedKeys = 0;
    for (let key = 0; key < keys; key++) {
      const hash = this.parts.hashes.of(key);
      if (partitionForKey(hash, from) !== partitionForKey(hash, to)) movedKeys++;
    }
    return { keys, movedKeys };
  }

  private heard(sim: Simulation, node: number, edge: number): void {
    if (edge !== NOBODY) {
      this.hears[edge] = NONE;
      this.tell(sim, edge, this.parts.topics.partitions(node), false);
    }
    if (!this.isPending(sim, node)) this.onKnown(node);
  }

  private isPending(sim: Simulation, node: number): boolean {
    return this.toTell(sim, node).some((edge) => this.hears[edge] !== NONE);
  }

  /** Edges to a topic whose senders have a Kafka client, and those by which groups read it. */
  private toTell({ plan }: Simulation, node: number): number[] {
    const { clients, role } = this.parts;
    const writers = plan.inEdges.subarray(plan.inStart[node], plan.inStart[node + 1]);
    const readers = plan.outEdges.subarray(plan.outStart[node], plan.outStart[node + 1]);
    return [
      ...writers.filter((edge) => clients?.rows.has(edge) === true),
      ...readers.filter((edge) => role[edge] === EDGE_ROLE.records),
    ];
  }

  private tell(sim: Simulation, edge: number, count: number, isStart: boolean): void {
    const { clients, consumers } = this.parts;
    if (clients?.rows.has(edge) === true) clients.partitioner.hearPartitions(edge, count);
    else if (isStart) consumers.rebalance.roster.lanesOf[edge] = count;
    else consumers.rebalance.hearPartitions(sim, sim.plan.edgeTo[edge], edge, count);
  }

  /** A group of the consumer protocol has a broker that works out who reads what, and knows at once. */
  private nextRefresh(sim: Simulation, edge: number, topic: number): number {
    const { edgeFrom, edgeTo } = sim.plan;
    const other = edgeFrom[edge] === topic ? edgeTo[edge] : edgeFrom[edge];
    const { clients, consumers } = this.parts;
    const { roster } = consumers.rebalance;
    if (roster.isConsumer(other)) return sim.now;
    const age = clients?.metadataMaxAge(other) ?? roster.metadataMaxAge[other];
    return (Math.floor(sim.now / age) + 1) * age;
  }
}

/** What the broker says to so many partitions for a topic that has others; null if they are more. */
export function notAnIncrease(name: string, now: number, count: number): string | null {
  if (count > now) return null;
  if (count === now) return `Topic already has ${now} partition(s).`;
  return `The topic ${name} currently has ${now} partition(s); ${count} would not be an increase.`;
}
