import type { Simulation } from '../../engine/simulation.ts';

const NONE = -1;

/**
 * When messages in queues expire: as long after their arrival as the queue or the message says, whichever is less.
 * One timer a queue, for the message at its head, as the broker looks at no other.
 */
export class Expiry {
  /** Of each queue in microseconds, Infinity for never. */
  private ttl = new Float64Array();
  private timer = new Int32Array();
  /** When the timer rings, Infinity if there is none. */
  private ringsAt = new Float64Array();

  constructor(sim: Simulation) {
    const { columns, plan } = sim;
    columns.f64(this, 'ttl', plan.nodeCount).fill(Infinity);
    columns.i32(this, 'timer', plan.nodeCount).fill(NONE);
    columns.f64(this, 'ringsAt', plan.nodeCount).fill(Infinity);
  }

  /** A queue's time to live in microseconds; 0 is none. */
  configure(node: number, ttl: number): void {
    this.ttl[node] = ttl > 0 ? ttl : Infinity;
  }

  /** The time from which on a message in a queue is not to be delivered any more. */
  dueAt(sim: Simulation, node: number, message: number): number {
    const { enteredAt, ttl } = sim.messages;
    const own = ttl.length > 0 ? ttl[message] : Infinity;
    return enteredAt[message] + Math.min(own, this.ttl[node]);
  }

  /** The queue is to look at its head at this time, or earlier. */
  wakeAt(sim: Simulation, node: number, time: number): void {
    if (this.ringsAt[node] <= time) return;
    if (this.ringsAt[node] < Infinity) sim.cancel(this.timer[node]);
    this.timer[node] = sim.at(time, node, 0, 0);
    this.ringsAt[node] = time;
  }

  /** The timer has rung. */
  rang(node: number): void {
    this.ringsAt[node] = Infinity;
  }
}
