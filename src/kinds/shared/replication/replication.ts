import type { Simulation } from '../../../engine/simulation.ts';
import type { NodeConfig } from '../node-config.ts';
import type { ClientQuotas } from './client-quotas.ts';
import { CLUSTER_TIMER, Followers } from './followers.ts';
import { PARTITION_STATE } from './partition-states.ts';

const NONE = -1;
/** `leader.imbalance.check.interval.seconds`, and the share of `leader.imbalance.per.broker.percentage`. */
const LEADER_CHECK_MICROS = 300_000_000;
const MOST_IMBALANCE = 0.1;

/** Why a broker is down: each reason ends by itself. */
export const DOWN = { lost: 1, ledPartition: 2 } as const;

/** What replicates the topics of a design that are kept in clusters; null without a cluster. */
export function replicationOf(sim: Simulation, configs: readonly NodeConfig[]): Replication | null {
  const isUsed = configs.some(({ kind }) => kind === 'broker-cluster');
  return isUsed ? new Replication(sim, configs) : null;
}

/**
 * What a cluster's controller does: when a broker is gone its partitions get another leader, the first of the assignment
 * that was in sync, and the log is what that one has; what comes back cuts off the rest.
 */
export class Replication extends Followers {
  /** What groups have read of brokers of late; null where no cluster limits it. Set by the topics. */
  readerQuotas: ClientQuotas | null = null;
  /** Of each cluster: 1 while a check of its leaders is to come. */
  private checksLeaders = new Uint8Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[]) {
    super(sim, configs);
    sim.columns.u8(this, 'checksLeaders', configs.length);
  }

  /** Whether a partition has a leader that runs; one that no cluster keeps has. */
  leads(topic: number, lane: number): boolean {
    return this.table.firstPartition[topic] < 0 || this.table.isServed(this.table.of(topic, lane));
  }

  /** A topic does not have this partition yet. */
  lacksPartition(topic: number, lane: number): void {
    if (this.table.firstPartition[topic] !== NONE) this.table.notYet[this.table.of(topic, lane)] = 1;
  }

  /** A topic gets a partition that its cluster has replicas for: from now on it is there. */
  addPartition(sim: Simulation, topic: number, lane: number): void {
    if (this.table.firstPartition[topic] === NONE) return;
    const partition = this.table.of(topic, lane);
    this.table.notYet[partition] = 0;
    this.states.since[partition] = sim.now;
    if (this.states.state[partition] !== PARTITION_STATE.online) this.showState(sim, partition, true);
  }

  fire(sim: Simulation, cluster: number, type: number, arg: number): void {
    switch (type) {
      case CLUSTER_TIMER.pull:
        return this.pullArrives(sim, arg);
      case CLUSTER_TIMER.fence:
        this.table.fence[arg] = NONE;
        return this.fence(sim, cluster, arg);
      case CLUSTER_TIMER.lagCheck:
        return this.checkLag(sim, cluster);
      case CLUSTER_TIMER.leaderCheck:
        return this.checkLeaders(sim, cluster);
    }
  }

  /** A broker goes down, for one of the reasons in `DOWN`. */
  lose(sim: Simulation, cluster: number, broker: number, why: number): void {
    const { table } = this;
    const { firstBroker, session } = table.settings[cluster]!;
    const lost = firstBroker + broker;
    const wasDown = table.down[lost] > 0;
    table.down[lost] |= why;
    if (wasDown) return;
    this.eachReplicaOn(lost, (replica, partition) => {
      if (table.pull[replica] !== NONE) sim.cancel(table.pull[replica]);
      table.pull[replica] = NONE;
      if (table.leader[partition] === replica) this.showState(sim, partition);
    });
    if (table.fence[lost] === NONE && table.fenced[lost] === 0) {
      table.fence[lost] = sim.after(session, cluster, CLUSTER_TIMER.fence, lost);
    }
    for (const listener of this.listeners) listener.brokerLost?.(sim, cluster, broker);
    this.eachReplicaOn(lost, (replica, partition) => {
      if (table.leader[partition] === replica) this.tellReadable(sim, partition);
    });
  }

  /** One of the reasons why a broker is down is over. */
  restore(sim: Simulation, cluster: number, broker: number, why: number): void {
    const { table } = this;
    const back = table.settings[cluster]!.firstBroker + broker;
    if (table.down[back] === 0) return;
    table.down[back] &= ~why;
    if (table.down[back] > 0) return;
    // It registers as a new process, so the controller takes the old one for gone before it lets this one in.
    table.down[back] = why;
    if (table.fenced[back] === 0) this.fence(sim, cluster, back);
    table.down[back] = 0;
    table.fenced[back] = 0;
    this.eachReplicaOn(back, (replica, partition) => {
      table.ownEnd[replica] = Math.min(table.ownEnd[replica], table.cutAt[replica]);
      table.cutAt[replica] = Infinity;
      if (table.leader[partition] === NONE) this.elect(sim, partition);
      else this.follow(sim, replica, -Infinity);
    });
  }

  /** The controller counts a broker out: its partitions get other leaders, and it is in sync with nothing. */
  private fence(sim: Simulation, cluster: number, broker: number): void {
    const { table } = this;
    if (table.fence[broker] !== NONE) sim.cancel(table.fence[broker]);
    table.fence[broker] = NONE;
    if (table.down[broker] === 0) return;
    table.fenced[broker] = 1;
    this.eachReplicaOn(broker, (replica, partition) => {
      const leads = table.leader[partition] === replica;
      const isLast = table.inSyncCount[partition] === 1;
      if (table.inSync[replica] === 1 && !isLast) this.setInSync(partition, replica, 0);
      if (leads) {
        this.elect(sim, partition);
        return;
      }
      this.showState(sim, partition);
      this.advance(sim, partition);
      if (table.isServed(partition)) this.tellMoved(sim, partition);
    });
    this.planLeaderCheck(sim, cluster);
  }

  /** The first of the assignment that is there and in sync leads; an unclean election takes any that is there. */
  private elect(sim: Simulation, partition: number): void {
    const { table } = this;
    const { isUnclean } = table.settings[table.clusterOf[table.topic[partition]]]!;
    const there = table.replicasOf(partition).filter((replica) => table.fenced[table.broker[replica]] === 0);
    const inSync = there.find((replica) => table.inSync[replica] === 1);
    const leader = inSync ?? (isUnclean ? there[0] : undefined);
    if (leader !== undefined) {
      this.lead(sim, partition, leader);
      return;
    }
    table.leader[partition] = NONE;
    table.epoch[partition]++;
    this.showState(sim, partition);
    this.tellReadable(sim, partition);
    this.tellMoved(sim, partition);
  }

  /** Another replica leads from now on: the log is what it has, and the others cut off what goes beyond. */
  private lead(sim: Simulation, partition: number, leader: number): void {
    const { table } = this;
    this.receive(sim, leader);
    table.leader[partition] = leader;
    table.epoch[partition]++;
    if (table.inSync[leader] === 0) {
      for (const replica of table.replicasOf(partition)) {
        if (table.inSync[replica] === 1) this.setInSync(partition, replica, 0);
      }
      this.setInSync(partition, leader, 1);
    }
    const end = table.end[partition];
    const from = Math.min(end, Math.max(table.ownEnd[leader], this.logStart(partition)));
    table.ownEnd[leader] = from;
    table.end[partition] = from;
    table.highWatermark[partition] = Math.min(table.highWatermark[partition], from);
    for (const replica of table.replicasOf(partition)) {
      if (replica === leader) continue;
      if (table.down[table.broker[replica]] > 0) table.cutAt[replica] = Math.min(table.cutAt[replica], from);
      else {
        this.receive(sim, replica);
        table.ownEnd[replica] = Math.min(table.ownEnd[replica], from);
      }
    }
    const { topic, lane } = table;
    if (from < end) {
      for (const listener of this.listeners) {
        listener.cutOff?.(sim, topic[partition], lane[partition], from, end);
      }
    }
    for (const replica of table.replicasOf(partition)) {
      if (replica !== leader) this.follow(sim, replica, table.inSync[replica] === 1 ? sim.now : -Infinity);
    }
    this.showState(sim, partition, true);
    this.tellReadable(sim, partition);
    this.advance(sim, partition);
    this.tellMoved(sim, partition);
  }

  private planLeaderCheck(sim: Simulation, cluster: number): void {
    if (this.checksLeaders[cluster] === 1 || !this.table.settings[cluster]!.rebalancesLeaders) return;
    this.checksLeaders[cluster] = 1;
    const at = (Math.floor(sim.now / LEADER_CHECK_MICROS) + 1) * LEADER_CHECK_MICROS;
    sim.at(at, cluster, CLUSTER_TIMER.leaderCheck, 0);
  }

  /** Where a broker leads too few of the partitions that prefer it, it gets them back. */
  private checkLeaders(sim: Simulation, cluster: number): void {
    const { table } = this;
    const { firstBroker, brokers } = table.settings[cluster]!;
    this.checksLeaders[cluster] = 0;
    for (let broker = firstBroker; broker < firstBroker + brokers; broker++) {
      const mine: number[] = [];
      this.eachReplicaOn(broker, (replica, partition) => {
        if (replica === table.firstReplica[partition] && table.notYet[partition] === 0) mine.push(partition);
      });
      const away = mine.filter((partition) => table.leader[partition] !== table.firstReplica[partition]);
      if (away.length > 0) this.planLeaderCheck(sim, cluster);
      if (away.length / mine.length <= MOST_IMBALANCE || table.fenced[broker] === 1) continue;
      for (const partition of away) {
        const preferred = table.firstReplica[partition];
        if (table.inSync[preferred] === 1) this.lead(sim, partition, preferred);
      }
    }
  }

  private logStart(partition: number): number {
    const { topic, lane } = this.table;
    const starts = this.listeners.map(
      (listener) => listener.logStart?.(topic[partition], lane[partition]) ?? 0,
    );
    return Math.max(0, ...starts);
  }
}
