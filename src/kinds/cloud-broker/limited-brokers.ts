import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { CloudBrokers } from './behavior.ts';
import { CallQuota } from './call-quota.ts';
import { CLOUD_COUNT } from './cloud-counts.ts';

const NONE = -1;
/** The event type of a broker at which a second begins, and it answers calls again. */
const SECOND_BEGINS = 2;

/**
 * The managed brokers of a design in which some answer only so many calls a second. A sender that is refused tries
 * again when the next second begins, and sends nothing else meanwhile, so that order is kept; so does a receiver. What
 * may not be deleted yet stays in flight, and its group locked, while the consumer goes on.
 */
export class LimitedBrokers extends CloudBrokers {
  override readonly quota: CallQuota;
  /** Of each queue: receipts of what is to be deleted once it answers again, a chain. */
  private firstDelete = new Int32Array();
  private lastDelete = new Int32Array();
  private nextDelete = new Int32Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[], role: Uint8Array) {
    super(sim, configs, nodes, role);
    this.quota = new CallQuota(sim, configs, nodes);
    const { columns, plan } = sim;
    for (const field of ['firstDelete', 'lastDelete']) columns.i32(this, field, plan.nodeCount).fill(NONE);
    columns.i32(this, 'nextDelete', this.entries.entryOf.length);
    this.entries.onGrowReceipts = (size) => columns.grow(this, 'nextDelete', size);
  }

  /** The work is done, but the message stays in flight until its call to delete it is answered. */
  override settle(sim: Simulation, node: number, edge: number, receipt: number, isWork: boolean): void {
    const { quota, entries } = this;
    if (!quota.has(node) || (this.firstDelete[node] === NONE && quota.mayDelete(sim, node))) {
      if (quota.has(node)) quota.deleted(sim, node);
      super.settle(sim, node, edge, receipt, isWork);
      return;
    }
    const entry = entries.entryOf[receipt];
    if (isWork && entries.done[entry] === 1) sim.metrics.count(sim.plan.edgeTo[edge], METRIC.duplicates);
    entries.done[entry] = 1;
    this.nextDelete[receipt] = NONE;
    if (this.firstDelete[node] === NONE) this.firstDelete[node] = receipt;
    else this.nextDelete[this.lastDelete[node]] = receipt;
    this.lastDelete[node] = receipt;
    quota.refuseDelete(node);
    this.comeAgain(sim, node);
  }

  override deletesWaiting(node: number): number {
    let count = 0;
    for (let receipt = this.firstDelete[node]; receipt !== NONE; receipt = this.nextDelete[receipt]) count++;
    return count;
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
    this.deleteWaiting(sim, node);
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

  private deleteWaiting(sim: Simulation, node: number): void {
    while (this.firstDelete[node] !== NONE) {
      if (!this.quota.mayDelete(sim, node)) {
        this.comeAgain(sim, node);
        return;
      }
      const receipt = this.firstDelete[node];
      this.firstDelete[node] = this.nextDelete[receipt];
      this.quota.deleted(sim, node);
      const entry = this.entries.giveUp(receipt);
      if (this.isValid(node, entry, receipt)) this.acknowledge(sim, node, entry);
      else this.counts.add(node, CLOUD_COUNT.tooLate);
      this.entries.release(entry);
    }
  }

  private comeAgain(sim: Simulation, node: number): void {
    if (this.quota.waitsForSecond(node)) sim.at(this.quota.nextSecond(sim), node, SECOND_BEGINS, 0);
  }
}
