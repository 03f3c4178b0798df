import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { toMicros } from '../shared/node-config.ts';
import { DOWN, type Replication } from '../shared/replication/replication.ts';

const NONE = -1;

/** Kafka clusters: nodes that take no messages. What they do is `Replication`; here things happen to their brokers. */
export class BrokerClusters implements NodeBehavior {
  /** Null in a design where no topic is kept in a cluster. */
  private readonly replication: Replication | null;
  /** Of each cluster: the broker that was lost as the leader of a partition, NONE for none. */
  private lostLeader = new Int32Array();

  constructor(sim: Simulation, replication: Replication | null) {
    this.replication = replication;
    if (replication) sim.columns.i32(this, 'lostLeader', sim.plan.nodeCount).fill(NONE);
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    this.replication?.fire(sim, node, type, arg);
  }

  setField(): void {}

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    const { replication } = this;
    if (!replication) return;
    const broker = Number(args.broker) - 1;
    if (fault === 'lose-broker') replication.lose(sim, node, broker, DOWN.lost);
    else if (fault === 'slow-follower') replication.slowDown(sim, node, broker, toMicros(args.delay));
    else this.loseLeader(sim, node, Number(args.partition));
  }

  heal(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    const { replication } = this;
    if (!replication) return;
    const broker = Number(args.broker) - 1;
    if (fault === 'lose-broker') replication.restore(sim, node, broker, DOWN.lost);
    else if (fault === 'slow-follower') replication.slowDown(sim, node, broker, 0);
    else this.restoreLeader(sim, node);
  }

  /** Brokers that run, of all that there are. */
  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    const table = this.replication?.table;
    const settings = table?.settings[node];
    if (!table || !settings) return;
    const { firstBroker, brokers } = settings;
    const running = table.down.subarray(firstBroker, firstBroker + brokers).filter((why) => why === 0);
    into.amount = running.length;
    into.limit = brokers;
    into.down = running.length === 0;
  }

  /** Brokers of a cluster that are down, a bit each. */
  brokersDown(node: number): number {
    const table = this.replication?.table;
    const settings = table?.settings[node];
    if (!table || !settings) return 0;
    let bits = 0;
    for (let broker = 0; broker < settings.brokers; broker++) {
      if (table.down[settings.firstBroker + broker] > 0) bits |= 1 << broker;
    }
    return bits;
  }

  held(): number {
    return 0;
  }

  /** Another one counts instead of one that was lost before. */
  private loseLeader(sim: Simulation, node: number, number: number): void {
    const { table } = this.replication!;
    this.restoreLeader(sim, node);
    const partition = table.partitionOfCluster(node, number);
    if (partition === NONE || table.leader[partition] === NONE) return;
    const broker = table.broker[table.leader[partition]] - table.settings[node]!.firstBroker;
    this.lostLeader[node] = broker;
    this.replication!.lose(sim, node, broker, DOWN.ledPartition);
  }

  private restoreLeader(sim: Simulation, node: number): void {
    const broker = this.lostLeader[node];
    this.lostLeader[node] = NONE;
    if (broker !== NONE) this.replication!.restore(sim, node, broker, DOWN.ledPartition);
  }
}
