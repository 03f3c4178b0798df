import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { CloudBrokers } from './behavior.ts';
import { CallQuota, messagesPerSecond } from './call-quota.ts';

const NONE = -1;
/** The event type of a broker at which a second begins, and it answers calls again. */
const SECOND_BEGINS = 2;

/** The managed brokers of a run; those of a design without an SQS FIFO queue of limited calls ask for no quota. */
export function cloudsOf(
  sim: Simulation,
  configs: readonly NodeConfig[],
  nodes: readonly number[],
  role: Uint8Array,
): CloudBrokers {
  const isLimited = nodes.some((node) => messagesPerSecond(configs[node]) < Infinity);
  return isLimited
    ? new LimitedBrokers(sim, configs, nodes, role)
    : new CloudBrokers(sim, configs, nodes, role);
}

/**
 * The managed brokers of a design in which some answer only so many calls a second. A sender that is refused tries
 * again when the next second begins, and sends nothing else meanwhile, so that order is kept; so does a receiver.
 */
class LimitedBrokers extends CloudBrokers {
  override readonly quota: CallQuota;

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[], role: Uint8Array) {
    super(sim, configs, nodes, role);
    this.quota = new CallQuota(sim, configs, nodes);
  }

  override offer(sim: Simulation, node: number, message: number): boolean {
    if (!this.quota.has(node)) return super.offer(sim, node, message);
    if (!this.quota.maySend(sim, node)) {
      this.quota.refuseSend(node);
      this.comeAgain(sim, node);
      return false;
    }
    this.quota.sent(sim, node);
    // Whoever stands behind this one in the line may send now, too.
    sim.roomFreed(node);
    return super.offer(sim, node, message);
  }

  override fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type !== SECOND_BEGINS) {
      super.fire(sim, node, type, arg);
      return;
    }
    this.quota.begun(node);
    sim.roomFreed(node);
    for (let at = this.subscriptions.first[node]; at < this.subscriptions.first[node + 1]; at++) {
      this.deliverWaiting(sim, node, at);
    }
  }

  override mayDeliver(sim: Simulation, edge: number): boolean {
    const node = sim.plan.edgeFrom[edge];
    return super.mayDeliver(sim, edge) && (!this.quota.has(node) || this.quota.mayReceive(sim, node));
  }

  protected override nextLive(sim: Simulation, node: number, subscription: number): number {
    if (!this.quota.has(node)) return super.nextLive(sim, node, subscription);
    if (!this.quota.mayReceive(sim, node)) {
      if (this.lines.first(subscription) !== NONE) {
        this.quota.refuseReceive(node);
        this.comeAgain(sim, node);
      }
      return NONE;
    }
    const entry = super.nextLive(sim, node, subscription);
    if (entry !== NONE) this.quota.received(sim, node, 1);
    return entry;
  }

  /** Nobody took it after all, so nobody had called for it. */
  protected override takeBack(sim: Simulation, node: number, copy: number, newest: number): void {
    if (this.quota.has(node)) this.quota.received(sim, node, -1);
    super.takeBack(sim, node, copy, newest);
  }

  private comeAgain(sim: Simulation, node: number): void {
    if (this.quota.waitsForSecond(node)) sim.at(this.quota.nextSecond(sim), node, SECOND_BEGINS, 0);
  }
}
