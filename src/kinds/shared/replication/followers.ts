import type { Simulation } from '../../../engine/simulation.ts';
import type { NodeConfig } from '../node-config.ts';
import { PartitionStates } from './partition-states.ts';
import { ReplicaTable } from './replica-table.ts';

const NONE = -1;

/** Events of a cluster, and what their argument is. */
export const CLUSTER_TIMER = {
  /** A pull of a replica reaches the leader. */
  pull: 0,
  /** The controller misses a broker. */
  fence: 1,
  /** Leaders look for replicas that are behind; the controller looks for leaders that are not the preferred ones. */
  lagCheck: 2,
  leaderCheck: 3,
} as const;

/** Who has to know what becomes of a partition. */
export interface ReplicationListener {
  /** Records before this offset may be read from now on; 0 while nobody leads the partition. */
  readable?(sim: Simulation, topic: number, lane: number, end: number): void;
  /** Its log ends here now, and not at `end` any more: the records from there on are lost. */
  cutOff?(sim: Simulation, topic: number, lane: number, from: number, end: number): void;
  /** The high watermark has risen, or it has another leader, or one again. */
  moved?(sim: Simulation, topic: number, lane: number): void;
  /** A broker, by its number from 0 within the cluster, has gone down. */
  brokerLost?(sim: Simulation, cluster: number, broker: number): void;
  /** Where a log begins, by now. */
  logStart?(topic: number, lane: number): number;
}

/**
 * Followers of partitions: each pulls each partition by itself, one pull at a time, and what comes meanwhile waits for
 * the next one. Who is behind for too long falls out of the replicas in sync, and the high watermark is where the
 * shortest log of those ends.
 */
export class Followers {
  readonly table: ReplicaTable;
  readonly states: PartitionStates;
  readonly listeners: ReplicationListener[] = [];
  /** Of each cluster: 1 while a check of its replicas is to come. */
  private checksLag = new Uint8Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[]) {
    this.table = new ReplicaTable(sim, configs);
    this.states = new PartitionStates(sim.columns, this.table.topic.length);
    sim.columns.u8(this, 'checksLag', configs.length);
  }

  /** The leader has written records: the log ends at `end`. Followers that had everything before pull them. */
  appended(sim: Simulation, partition: number, end: number): void {
    const { table } = this;
    const leader = table.leader[partition];
    table.end[partition] = end;
    table.ownEnd[leader] = end;
    const first = table.firstReplica[partition];
    for (let replica = first; replica < first + table.replicas[partition]; replica++) {
      if (replica === leader || table.pull[replica] !== NONE || table.down[table.broker[replica]] > 0)
        continue;
      table.caughtUpAt[replica] = sim.now;
      this.sendPull(sim, replica);
    }
    this.advance(sim, partition);
  }

  /** Every pull of a broker takes this much longer from now on. */
  slowDown(sim: Simulation, cluster: number, broker: number, micros: number): void {
    const { table } = this;
    const slow = table.settings[cluster]!.firstBroker + broker;
    const wasSlower = table.slowness[slow] > micros;
    table.slowness[slow] = micros;
    if (!wasSlower) return;
    this.eachReplicaOn(slow, (replica, partition) => {
      if (table.pull[replica] === NONE) return;
      sim.cancel(table.pull[replica]);
      table.pull[replica] = NONE;
      if (table.isServed(partition)) this.sendPull(sim, replica);
    });
  }

  private sendPull(sim: Simulation, replica: number): void {
    const { table } = this;
    const cluster = this.clusterOf(replica);
    table.pulled[replica] = table.end[table.partition[replica]];
    table.pulledAt[replica] = sim.now;
    table.pull[replica] = sim.after(this.tripOf(replica), cluster, CLUSTER_TIMER.pull, replica);
    this.planLagCheck(sim, cluster);
  }

  private tripOf(replica: number): number {
    const { table } = this;
    return table.settings[this.clusterOf(replica)]!.roundTrip + table.slowness[table.broker[replica]];
  }

  /** A follower asks for what comes after the records that it has now. */
  protected pullArrives(sim: Simulation, replica: number): void {
    const { table } = this;
    const partition = table.partition[replica];
    table.pull[replica] = NONE;
    table.ownEnd[replica] = table.pulled[replica];
    if (!table.isServed(partition)) return;
    const hasAll = table.ownEnd[replica] >= table.end[partition];
    const caughtUp = hasAll ? sim.now : table.pulledAt[replica];
    table.caughtUpAt[replica] = Math.max(table.caughtUpAt[replica], caughtUp);
    if (table.inSync[replica] === 0 && table.ownEnd[replica] >= table.highWatermark[partition]) {
      this.setInSync(partition, replica, 1);
      this.showState(sim, partition);
    }
    if (!hasAll) this.sendPull(sim, replica);
    this.advance(sim, partition);
  }

  /** The high watermark is where the shortest log of the replicas in sync ends; it never goes back here. */
  protected advance(sim: Simulation, partition: number): void {
    const { table } = this;
    if (!table.isServed(partition)) return;
    const first = table.firstReplica[partition];
    let least = Infinity;
    for (let replica = first; replica < first + table.replicas[partition]; replica++) {
      if (table.inSync[replica] === 1 && table.ownEnd[replica] < least) least = table.ownEnd[replica];
    }
    if (least <= table.highWatermark[partition]) return;
    table.highWatermark[partition] = least;
    this.tellReadable(sim, partition);
    this.tellMoved(sim, partition);
  }

  /** `isr-expiration`: twice in the time that a replica may be behind. */
  private planLagCheck(sim: Simulation, cluster: number): void {
    if (this.checksLag[cluster] === 1) return;
    this.checksLag[cluster] = 1;
    const half = Math.max(1, Math.floor(this.table.settings[cluster]!.lagMax / 2));
    sim.at((Math.floor(sim.now / half) + 1) * half, cluster, CLUSTER_TIMER.lagCheck, 0);
  }

  protected checkLag(sim: Simulation, cluster: number): void {
    const { table } = this;
    const { lagMax } = table.settings[cluster]!;
    this.checksLag[cluster] = 0;
    this.eachPartitionOf(cluster, (partition) => {
      if (!table.isServed(partition)) return;
      const late = table.replicasOf(partition).filter((replica) => this.isLate(sim, replica, lagMax));
      for (const replica of late) this.setInSync(partition, replica, 0);
      if (late.length > 0) {
        this.showState(sim, partition);
        this.advance(sim, partition);
        this.tellMoved(sim, partition);
      }
      const isBehind = table.replicasOf(partition).some((replica) => table.pull[replica] !== NONE);
      if (isBehind) this.planLagCheck(sim, cluster);
    });
  }

  private isLate(sim: Simulation, replica: number, lagMax: number): boolean {
    const { table } = this;
    const partition = table.partition[replica];
    if (table.inSync[replica] === 0 || table.leader[partition] === replica) return false;
    const isBehind = table.ownEnd[replica] < table.end[partition];
    return isBehind && sim.now - table.caughtUpAt[replica] > lagMax;
  }

  /** What was on its way from the old leader arrives if it had left by now; nothing else of that pull counts. */
  protected receive(sim: Simulation, replica: number): void {
    const { table } = this;
    if (table.pull[replica] === NONE) return;
    sim.cancel(table.pull[replica]);
    table.pull[replica] = NONE;
    const isThere = sim.now - table.pulledAt[replica] >= this.tripOf(replica) / 2;
    if (isThere) table.ownEnd[replica] = table.pulled[replica];
  }

  protected follow(sim: Simulation, replica: number, caughtUpAt: number): void {
    const { table } = this;
    table.caughtUpAt[replica] = caughtUpAt;
    const partition = table.partition[replica];
    if (table.down[table.broker[replica]] > 0 || !table.isServed(partition)) return;
    if (table.leader[partition] !== replica && table.pull[replica] === NONE) this.sendPull(sim, replica);
  }

  protected setInSync(partition: number, replica: number, value: 0 | 1): void {
    this.table.inSync[replica] = value;
    this.table.inSyncCount[partition] += value === 1 ? 1 : -1;
  }

  protected showState(sim: Simulation, partition: number, hasNewLeader = false): void {
    const { table } = this;
    const count = table.inSyncCount[partition];
    const event =
      table.leader[partition] === NONE
        ? 'NO_CANDIDATE'
        : !table.isServed(partition)
          ? 'LEADER_LOST'
          : count < table.minInSync[partition]
            ? 'TOO_FEW_IN_SYNC'
            : count < table.replicas[partition]
              ? 'REPLICA_MISSING'
              : 'ALL_IN_SYNC';
    const row = {
      lane: table.lane[partition],
      leader: table.isServed(partition) ? table.leaderNumber(partition) : 0,
      inSync: count,
      replicas: table.replicas[partition],
    };
    this.states.tell(sim, partition, event, {
      topic: table.topic[partition],
      row,
      hasNewLeader,
      isSilent: table.notYet[partition] === 1,
    });
  }

  protected tellReadable(sim: Simulation, partition: number): void {
    const { table } = this;
    const end = table.isServed(partition) ? table.highWatermark[partition] : 0;
    for (const listener of this.listeners) {
      listener.readable?.(sim, table.topic[partition], table.lane[partition], end);
    }
  }

  protected tellMoved(sim: Simulation, partition: number): void {
    const { topic, lane } = this.table;
    for (const listener of this.listeners) listener.moved?.(sim, topic[partition], lane[partition]);
  }

  private clusterOf(replica: number): number {
    return this.table.clusterOf[this.table.topic[this.table.partition[replica]]];
  }

  private eachPartitionOf(cluster: number, visit: (partition: number) => void): void {
    const { topic, clusterOf } = this.table;
    for (let partition = 0; partition < topic.length; partition++) {
      if (clusterOf[topic[partition]] === cluster) visit(partition);
    }
  }

  protected eachReplicaOn(broker: number, visit: (replica: number, partition: number) => void): void {
    const { broker: brokerOf, partition } = this.table;
    for (let replica = 0; replica < brokerOf.length; replica++) {
      if (brokerOf[replica] === broker) visit(replica, partition[replica]);
    }
  }
}
