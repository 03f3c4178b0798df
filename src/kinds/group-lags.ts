import type { EnginePlan } from '../engine/plan.ts';
import { METRIC } from '../engine/metrics.ts';
import type { Simulation } from '../engine/simulation.ts';
import type { CloudBrokers } from './cloud-broker/behavior.ts';
import type { Groups } from './consumer-group/behavior.ts';
import { EDGE_ROLE } from './shared/edge-roles.ts';
import type { Topics } from './topic/behavior.ts';

/** How far groups are behind what they read: the logs, the queues and the managed brokers. */
export class GroupLags {
  private readonly plan: EnginePlan;
  private readonly role: Uint8Array;
  private readonly isCloud: (node: number) => boolean;
  private readonly topics: Topics;
  private readonly clouds: CloudBrokers;
  private readonly consumers: Groups;

  constructor(
    plan: EnginePlan,
    role: Uint8Array,
    isCloud: (node: number) => boolean,
    read: { topics: Topics; clouds: CloudBrokers; consumers: Groups },
  ) {
    this.plan = plan;
    this.role = role;
    this.isCloud = isCloud;
    this.topics = read.topics;
    this.clouds = read.clouds;
    this.consumers = read.consumers;
  }

  /** How far a group is behind the ends of the logs it reads, committed view, and behind the queues it reads. */
  behind(sim: Simulation, node: number): number {
    let behind = this.inQueues(sim, node);
    this.eachRead(node, (topic, edge, lane) => {
      behind += this.topics.logEnd(topic, lane) - this.topics.committed(edge, lane);
    });
    return behind;
  }

  /** Messages that a group has still to take: unread records of the logs it reads, and what waits in its queues. */
  unread(sim: Simulation, node: number): number {
    let unread = this.inQueues(sim, node);
    this.eachRead(node, (topic, edge, lane) => {
      unread += this.topics.logEnd(topic, lane) - this.topics.position(edge, lane);
    });
    return unread;
  }

  /** Age in microseconds of the oldest record that a group has not committed; 0 for none. */
  age(sim: Simulation, node: number): number {
    let since = sim.now;
    this.eachRead(node, (_topic, edge, lane) => {
      const written = this.topics.uncommittedSince(edge, lane);
      if (written < since) since = written;
    });
    return sim.now - since;
  }

  /**
   * That `age` as the members read it who have the partitions, by clocks that may be wrong; what nobody reads is as old
   * as it is. May be below 0.
   */
  ageByClocks(sim: Simulation, node: number, age: number): number {
    const { rows, faults } = this.consumers;
    if (!faults.hasWrongClock(node)) return age;
    let oldest = -Infinity;
    this.eachRead(node, (_topic, edge, lane) => {
      const owner = rows.owner[rows.firstRow[edge] + lane];
      const old = sim.now - this.topics.uncommittedSince(edge, lane);
      if (!Number.isNaN(old)) oldest = Math.max(oldest, old + (owner < 0 ? 0 : faults.clockOff[owner]));
    });
    return oldest === -Infinity ? 0 : oldest;
  }

  /** Records behind open transactions that a group may not read yet; null for one that reads all. */
  behindTransactions(node: number): number | null {
    const { gaps } = this.topics;
    if (gaps === null) return null;
    let held: number | null = null;
    this.eachRead(node, (topic, edge, lane) => {
      if (gaps.readsOnlyCommitted(edge)) held = (held ?? 0) + this.topics.unstable(topic, lane);
    });
    return held;
  }

  /** Whether nobody knows how far a group is behind: it has committed nothing of what was written. */
  isUnknown(node: number): boolean {
    let written = 0;
    let committed = 0;
    this.eachRead(node, (topic, edge, lane) => {
      written += this.topics.logEnd(topic, lane);
      committed += this.topics.committed(edge, lane);
    });
    return written > 0 && committed === 0;
  }

  /** What waits in the queues and managed brokers that a group reads. */
  private inQueues({ metrics }: Simulation, node: number): number {
    const { inStart, inEdges, edgeFrom } = this.plan;
    let waiting = 0;
    for (let at = inStart[node]; at < inStart[node + 1]; at++) {
      const edge = inEdges[at];
      const from = edgeFrom[edge];
      if (this.role[edge] !== EDGE_ROLE.deliveries) continue;
      waiting += this.consumers.ahead(edge);
      waiting += this.isCloud(from) ? this.clouds.waitingFor(edge) : metrics.of(from, METRIC.queued);
    }
    return waiting;
  }

  /** Each partition of each topic that a group reads. */
  private eachRead(node: number, visit: (topic: number, edge: number, lane: number) => void): void {
    const { inStart, inEdges, edgeFrom } = this.plan;
    for (let at = inStart[node]; at < inStart[node + 1]; at++) {
      const edge = inEdges[at];
      if (this.role[edge] !== EDGE_ROLE.records) continue;
      const topic = edgeFrom[edge];
      for (let lane = 0; lane < this.topics.partitions(topic); lane++) visit(topic, edge, lane);
    }
  }
}
