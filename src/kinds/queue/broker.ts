import type { Simulation } from '../../engine/simulation.ts';
import { microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';

const MICROS_PER_SECOND = 1e6;
/** How often the broker compares its memory with the watermark (vm_memory_monitor). */
const LOOK_EVERY = MICROS_PER_SECOND;
/** Event type of a queue: the broker looks at its memory. */
export const LOOK = 1;

/**
 * The broker that all queues of a design live in, as its publishers know it: how long a queue takes to handle and to
 * secure a message, and whether its memory, which is that of all messages waiting in queues, is over the watermark.
 */
export class Broker {
  /** Bytes from which on publishers are blocked; Infinity if no queue sets any. */
  readonly watermark: number;
  private readonly isFull: (queue: number) => boolean;
  private readonly confirmAfter: Float64Array;
  /** Microseconds that a queue takes to handle a message. */
  private readonly handling: Float64Array;
  /** When each queue will have handled what was sent to it. */
  private busyUntil = new Float64Array();
  private bytes = 0;
  private isAlarmed = 0;
  /** 1 while a look is due. */
  private willLook = 0;
  private call: (sim: Simulation, isRaised: boolean) => void = () => {};

  /** `isFull` says whether a queue would refuse a message. */
  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    isFull: (queue: number) => boolean,
  ) {
    const { columns, plan } = sim;
    this.isFull = isFull;
    this.confirmAfter = new Float64Array(plan.nodeCount);
    this.handling = new Float64Array(plan.nodeCount);
    columns.f64(this, 'busyUntil', plan.nodeCount);
    columns.scalars(this, ['bytes', 'isAlarmed', 'willLook']);
    let least = Infinity;
    for (const node of nodes) {
      const isQuorum = configs[node].fields.queueType === 'quorum';
      const rate = numberOf(configs[node], 'handlesPerSecond');
      const watermark = numberOf(configs[node], 'memoryWatermark');
      const [classic, quorum] = [
        microsOf(configs[node], 'confirmClassic'),
        microsOf(configs[node], 'confirmQuorum'),
      ];
      this.confirmAfter[node] = isQuorum ? quorum : classic;
      this.handling[node] = rate > 0 ? MICROS_PER_SECOND / rate : 0;
      if (watermark > 0) least = Math.min(least, watermark);
    }
    this.watermark = least;
  }

  refuses(queue: number): boolean {
    return this.isFull(queue);
  }

  confirmTime(queue: number): number {
    return this.confirmAfter[queue];
  }

  handled(now: number, queue: number): number {
    if (this.handling[queue] === 0) return now;
    this.busyUntil[queue] = Math.max(this.busyUntil[queue], now) + this.handling[queue];
    return this.busyUntil[queue];
  }

  onAlarm(call: (sim: Simulation, isRaised: boolean) => void): void {
    this.call = call;
  }

  /** Bytes of all messages waiting, and whether the alarm is raised. */
  get memory(): { bytes: number; isAlarmed: boolean } {
    return { bytes: this.bytes, isAlarmed: this.isAlarmed === 1 };
  }

  /** So many bytes more (or fewer, below 0) wait in a queue. */
  changeBy(sim: Simulation, queue: number, bytes: number): void {
    this.bytes += bytes;
    if (this.willLook === 1 || this.bytes > this.watermark === (this.isAlarmed === 1)) return;
    this.willLook = 1;
    sim.at((Math.floor(sim.now / LOOK_EVERY) + 1) * LOOK_EVERY, queue, LOOK, 0);
  }

  /** The broker compares its memory with the watermark. */
  look(sim: Simulation): void {
    this.willLook = 0;
    const isOver = this.bytes > this.watermark;
    if (isOver === (this.isAlarmed === 1)) return;
    this.isAlarmed = isOver ? 1 : 0;
    this.call(sim, isOver);
  }
}
