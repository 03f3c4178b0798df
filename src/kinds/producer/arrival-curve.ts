import type { Columns } from '../../lib/columns.ts';

/** How the rate of a producer runs over time; the place of each in the options of its field `arrivals`. */
export const ARRIVALS = ['poisson', 'constant', 'burst', 'ramp', 'schedule'] as const;
export const POISSON = 0;
export const CONSTANT = 1;
const BURST = 2;
const RAMP = 3;
const SCHEDULE = 4;

/**
 * The rate of each producer as a function of time, its integral, and the exact inverse of the integral. A message
 * is due when the integral since the last one reaches an amount: 1 for evenly spaced arrivals, an exponential draw
 * for a Poisson process of changing rate. Times in microseconds since the start, rates in messages a microsecond.
 */
export class ArrivalCurves {
  pattern = new Uint8Array();
  /** Rate of the field `rate`: the only rate, the rate while on, or the rate at the start of the ramp. */
  rate = new Float64Array();
  /** Multiplies every rate: 1, or that of a burst fault. */
  factor = new Float64Array();
  onFor = new Float64Array();
  offFor = new Float64Array();
  rampTo = new Float64Array();
  rampOver = new Float64Array();
  private stepStart = new Int32Array();
  private stepAt = new Float64Array();
  private stepRate = new Float64Array();
  private readonly columns: Columns;
  private steps = 0;

  constructor(columns: Columns, nodes: number) {
    this.columns = columns;
    columns.u8(this, 'pattern', nodes);
    columns.f64(this, 'rate', nodes);
    columns.f64(this, 'factor', nodes).fill(1);
    columns.f64(this, 'onFor', nodes);
    columns.f64(this, 'offFor', nodes);
    columns.f64(this, 'rampTo', nodes);
    columns.f64(this, 'rampOver', nodes);
    columns.i32(this, 'stepStart', nodes + 1);
    columns.f64(this, 'stepAt', 0);
    columns.f64(this, 'stepRate', 0);
  }

  /** The steps of a node's schedule, in order of time; nodes in ascending order, each once. */
  addSteps(node: number, at: readonly number[], rate: readonly number[]): void {
    this.columns.grow(this, 'stepAt', this.steps + at.length);
    this.columns.grow(this, 'stepRate', this.steps + at.length);
    this.stepAt.set(at, this.steps);
    this.stepRate.set(rate, this.steps);
    this.stepStart.fill(this.steps, node, node + 1);
    this.steps += at.length;
    this.stepStart.fill(this.steps, node + 1);
  }

  /** Messages due from one time to a later one. */
  between(node: number, from: number, to: number): number {
    const factor = this.factor[node];
    switch (this.pattern[node]) {
      case BURST:
        return factor * this.rate[node] * (this.onTime(node, to) - this.onTime(node, from));
      case RAMP:
        return factor * (this.rampArea(node, to) - this.rampArea(node, from));
      case SCHEDULE:
        return factor * this.scheduleArea(node, from, to);
      default:
        return factor * this.rate[node] * (to - from);
    }
  }

  /** The time at which `amount` messages are due since `from`; Infinity for never. */
  due(node: number, from: number, amount: number): number {
    const share = amount / this.factor[node];
    switch (this.pattern[node]) {
      case BURST:
        return this.burstDue(node, from, share / this.rate[node]);
      case RAMP:
        return this.rampDue(node, from, share);
      case SCHEDULE:
        return this.scheduleDue(node, from, share);
      default:
        return from + share / this.rate[node];
    }
  }

  /** Time spent in bursts since the start; the first burst begins there. */
  private onTime(node: number, time: number): number {
    const on = this.onFor[node];
    const cycle = on + this.offFor[node];
    const cycles = Math.floor(time / cycle);
    return cycles * on + Math.min(on, time - cycles * cycle);
  }

  private burstDue(node: number, from: number, needed: number): number {
    const on = this.onFor[node];
    const cycle = on + this.offFor[node];
    const begin = Math.floor(from / cycle) * cycle;
    const left = Math.max(0, on - (from - begin));
    if (needed < left) return from + needed;
    const cycles = Math.floor((needed - left) / on);
    return begin + (cycles + 1) * cycle + (needed - left - cycles * on);
  }

  private rampArea(node: number, time: number): number {
    const over = this.rampOver[node];
    const rate = this.rate[node];
    const to = this.rampTo[node];
    const within = Math.min(time, over);
    return within * (rate + ((to - rate) * within) / over / 2) + (time - within) * to;
  }

  private rampDue(node: number, from: number, needed: number): number {
    const over = this.rampOver[node];
    const to = this.rampTo[node];
    if (from >= over) return from + needed / to;
    const slope = (to - this.rate[node]) / over;
    const here = this.rate[node] + slope * from;
    const left = ((here + to) / 2) * (over - from);
    if (needed >= left) return over + (needed - left) / to;
    // The stable form of the root of here·x + slope·x²/2 = needed.
    const root = Math.sqrt(Math.max(0, here * here + 2 * slope * needed));
    return needed === 0 ? from : from + (2 * needed) / (here + root);
  }

  private scheduleArea(node: number, from: number, to: number): number {
    let area = 0;
    for (let step = this.stepStart[node]; step < this.stepStart[node + 1]; step++) {
      const begin = Math.max(from, this.stepAt[step]);
      const end = Math.min(to, this.stepEnd(node, step));
      if (end > begin) area += (end - begin) * this.stepRate[step];
    }
    return area;
  }

  private scheduleDue(node: number, from: number, needed: number): number {
    let left = needed;
    for (let step = this.stepStart[node]; step < this.stepStart[node + 1]; step++) {
      const begin = Math.max(from, this.stepAt[step]);
      const end = this.stepEnd(node, step);
      if (end <= begin || this.stepRate[step] === 0) continue;
      const area = (end - begin) * this.stepRate[step];
      if (left < area) return begin + left / this.stepRate[step];
      left -= area;
    }
    return Infinity;
  }

  private stepEnd(node: number, step: number): number {
    return step + 1 < this.stepStart[node + 1] ? this.stepAt[step + 1] : Infinity;
  }
}
