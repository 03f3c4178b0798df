import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { LETTER_REASON } from '../shared/letter-reasons.ts';
import { CLOUD_COUNT, type CloudCounts } from './cloud-counts.ts';
import { DeadLine } from '../shared/dead-line.ts';
import type { Entries } from './entries.ts';

/** Why a broker drops a message, as the trace says it. */
export const CLOUD_LOSS = { exhausted: 0, deduplicated: 1, noStream: 2, noInterest: 3 } as const;
/** `Messages.tries` has a byte. */
const MOST_TRIES = 255;

/** How messages leave a broker other than by an acknowledgement; they lie in no line any more. */
export class Endings {
  readonly dead: DeadLine;
  private readonly entries: Entries;
  private readonly counts: CloudCounts;

  constructor(sim: Simulation, role: Uint8Array, entries: Entries, counts: CloudCounts) {
    this.dead = new DeadLine(sim, role);
    this.entries = entries;
    this.counts = counts;
  }

  /** The message had all the deliveries that it may have: to the dead letters, where there are any. */
  giveUp(sim: Simulation, node: number, entry: number): void {
    const { entries } = this;
    const { messages } = sim;
    const message = entries.message[entry];
    const deliveries = entries.deliveries[entry];
    this.counts.add(node, CLOUD_COUNT.exhausted);
    entries.end(entry);
    entries.release(entry);
    if (!this.dead.leadsOn(node)) {
      this.drop(sim, node, message, CLOUD_LOSS.exhausted);
      return;
    }
    messages.sayFailed(message, LETTER_REASON.delivery_limit, Math.min(MOST_TRIES, deliveries));
    messages.attempts[message] = 0;
    messages.flags[message] &= ~MESSAGE_FLAG.redelivered;
    if (sim.trace.messages) {
      const reason = LETTER_REASON.delivery_limit;
      sim.trace.add(sim.now, TRACE.deadLettered, node, messages.serial[message], reason, deliveries);
    }
    this.dead.send(sim, node, message);
  }

  /** The message is older than the broker keeps any. */
  expire(sim: Simulation, node: number, entry: number): void {
    const message = this.entries.message[entry];
    this.entries.end(entry);
    this.entries.release(entry);
    sim.metrics.count(node, METRIC.expired);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.expired, node, sim.messages.serial[message], LETTER_REASON.expired, 0);
    }
    sim.messages.free(message);
  }

  drop(sim: Simulation, node: number, message: number, reason: number): void {
    sim.metrics.count(node, METRIC.dropped);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.dropped, node, sim.messages.serial[message], reason, 0);
    }
    sim.messages.free(message);
  }
}
