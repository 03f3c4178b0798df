import type { Simulation } from '../../engine/simulation.ts';
import type { Endings } from './endings.ts';
import type { Entries } from './entries.ts';
import type { Rules } from './profiles.ts';
import type { ReadyLines } from './ready-lines.ts';

const NONE = -1;
/** The event type of a broker at which the first message of a subscription may be too old. */
export const AGED = 1;

/** How long brokers keep messages: what is next in a subscription goes when it is older than that. */
export class Ages {
  private readonly rules: ReadonlyMap<number, Rules>;
  private readonly entries: Entries;
  private readonly lines: ReadyLines;
  private readonly endings: Endings;
  /** Of each subscription: its event, -1 for none. */
  private agedTimer = new Int32Array();

  constructor(
    { columns }: Simulation,
    subscriptions: number,
    parts: { rules: ReadonlyMap<number, Rules>; entries: Entries; lines: ReadyLines; endings: Endings },
  ) {
    this.rules = parts.rules;
    this.entries = parts.entries;
    this.lines = parts.lines;
    this.endings = parts.endings;
    columns.i32(this, 'agedTimer', subscriptions).fill(NONE);
  }

  diesAt(sim: Simulation, node: number, entry: number): number {
    return sim.messages.enteredAt[this.entries.message[entry]] + this.rules.get(node)!.retention;
  }

  watch(sim: Simulation, node: number, subscription: number): void {
    const first = this.lines.first(subscription);
    if (this.agedTimer[subscription] !== NONE || first === NONE) return;
    const due = this.diesAt(sim, node, first);
    if (due < Infinity)
      this.agedTimer[subscription] = sim.at(Math.max(sim.now, due), node, AGED, subscription);
  }

  /** What is next in a subscription and too old goes. */
  drop(sim: Simulation, node: number, subscription: number): void {
    const { lines } = this;
    this.agedTimer[subscription] = NONE;
    for (let first = lines.first(subscription); first !== NONE; first = lines.first(subscription)) {
      if (this.diesAt(sim, node, first) > sim.now) break;
      lines.shift(subscription);
      lines.comeIn(subscription, first);
      sim.metrics.queuedBy(node, -1);
      this.endings.expire(sim, node, first);
    }
    this.watch(sim, node, subscription);
  }
}
