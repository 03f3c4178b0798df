import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { ClientBrokers } from './client-brokers.ts';
import { CLOUD_COUNT } from './cloud-counts.ts';
import { STATE } from './entries.ts';

/**
 * The managed brokers of a design in which some subscriptions have one consumer at a time, as Exclusive and Failover of
 * Pulsar do. What comes back takes its old place, and never alone: the client of such a subscription cannot ask for
 * single messages, so all that was delivered and not acknowledged is delivered again (`redeliverUnacknowledgedMessages`
 * of `ConsumerImpl`, which rewinds the cursor).
 */
export class OrderedBrokers extends ClientBrokers {
  /** Of each entry of such a subscription: the place in which it came. */
  private arrival = new Int32Array();
  private arrivals = 0;

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[], role: Uint8Array) {
    super(sim, configs, nodes, role);
    const { onGrow } = this.entries;
    sim.columns.i32(this, 'arrival', this.entries.room);
    sim.columns.scalars(this, ['arrivals']);
    this.entries.onGrow = (size) => {
      onGrow(size);
      sim.columns.grow(this, 'arrival', size);
    };
  }

  protected override makeReady(sim: Simulation, node: number, entry: number, isReturn: boolean): void {
    const { arrival, entries } = this;
    if (!isReturn) arrival[entry] = this.arrivals++;
    if (!isReturn || !this.rules.get(node)!.inOrder) {
      super.makeReady(sim, node, entry, isReturn);
      return;
    }
    entries.state[entry] = STATE.ready;
    this.lines.insert(entries.subscription[entry], entry, (other) => arrival[other] < arrival[entry]);
    sim.metrics.queuedBy(node, 1);
  }

  /** One is to be delivered again: so are all that were delivered and not acknowledged. */
  protected override redeliver(sim: Simulation, node: number, entry: number): void {
    if (!this.rules.get(node)!.inOrder) {
      super.redeliver(sim, node, entry);
      return;
    }
    const { entries, arrival } = this;
    const subscription = entries.subscription[entry];
    const others = this.inFlight[subscription] - 1;
    const unacknowledged: number[] = [];
    for (let other = 0; other < entries.state.length && unacknowledged.length < others; other++) {
      const isOut = entries.state[other] === STATE.out || entries.state[other] === STATE.forsaken;
      if (isOut && other !== entry && entries.subscription[other] === subscription)
        unacknowledged.push(other);
    }
    this.comeBack(sim, node, entry);
    // The last first, so that each finds its place at the head of the line.
    for (const other of unacknowledged.sort((a, b) => arrival[b] - arrival[a])) {
      this.stopTimer(sim, other);
      this.comeBack(sim, node, other, CLOUD_COUNT.rewound);
    }
    for (const edge of this.subscriptions.edgesOf[subscription]) this.onRewound(sim, edge);
    this.deliverWaiting(sim, node, subscription);
  }
}
