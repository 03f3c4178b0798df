import type { Simulation } from '../../engine/simulation.ts';
import { DUE } from './behavior.ts';
import { STATE } from './entries.ts';
import { LimitedBrokers } from './limited-brokers.ts';

const NONE = -1;

/**
 * The managed brokers of a design in which some are asked for a redelivery by their client library: that of Pulsar
 * counts `ackTimeout` from when the application takes a message out of the receiver queue, and clears that queue before
 * it asks for all again (`messageProcessed` and `redeliverUnacknowledgedMessages` of `ConsumerImpl`).
 */
export class ClientBrokers extends LimitedBrokers {
  /** Called for each edge of a subscription of which all will come again. */
  onRewound: (sim: Simulation, edge: number) => void = () => {};

  /** Whether the client at the end of an edge counts from when work begins. */
  timesWork(edge: number): boolean {
    const subscription = this.subscriptions.of[edge];
    if (subscription === NONE) return false;
    return this.rules.get(this.subscriptions.nodeOf[subscription])!.ackTimeout < Infinity;
  }

  /** Work on what came along an edge begins. */
  begun(sim: Simulation, edge: number, message: number): void {
    const { entries } = this;
    const receipt = sim.messages.receipt[message];
    const entry = entries.entryOf[receipt];
    // A retry in place goes on with the time of the first try.
    const isCounted = entries.state[entry] !== STATE.out || entries.timer[entry] !== NONE;
    if (isCounted || entries.newest[entry] !== receipt) return;
    const node = sim.plan.edgeFrom[edge];
    entries.timer[entry] = sim.after(this.rules.get(node)!.ackTimeout, node, DUE, entry);
  }
}
