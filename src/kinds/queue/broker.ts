import type { Simulation } from '../../engine/simulation.ts';
import { MachineStates } from '../shared/machine-states.ts';
import { microsOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { ALARM } from './alarm-states.ts';

const MICROS_PER_SECOND = 1e6;
/** How often the broker compares its memory with the watermark (vm_memory_monitor). */
const LOOK_EVERY = MICROS_PER_SECOND;
/** Event type of a queue: the broker looks at its memory. */
export const LOOK = 1;

/**
 * The broker that all queues of a design live in, as its publishers know it: how long a queue takes to handle and to
 * secure a message, and its alarms: one while its memory, which is that of all messages waiting in queues, is over the
 * watermark, and one while its disk is full.
 */
export class Broker {
  /** Bytes from which on publishers are blocked; Infinity if no queue sets any. */
  readonly watermark: number;
  private readonly isFull: (queue: number, bytes: number) => boolean;
  private readonly confirmAfter: Float64Array;
  /** Microseconds that a queue takes to handle a message. */
  private readonly handling: Float64Array;
  /** When each queue will have handled what was sent to it. */
  private busyUntil = new Float64Array();
  private bytes = 0;
  /** The machine of its alarms, of which there is one. */
  private readonly alarms: MachineStates<keyof typeof ALARM.state, keyof typeof ALARM.event>;
  /** Queues at which somebody has filled the disk, which is that of the whole broker: 1 for each. */
  private diskFull = new Uint8Array();
  /** 1 while a look is due. */
  private willLook = 0;
  private call: (sim: Simulation, isRaised: boolean) => void = () => {};

  /** `isFull` says whether a queue would refuse a message of so many bytes. */
  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    isFull: (queue: number, bytes: number) => boolean,
  ) {
    const { columns, plan } = sim;
    this.isFull = isFull;
    this.confirmAfter = new Float64Array(plan.nodeCount);
    this.handling = new Float64Array(plan.nodeCount);
    columns.f64(this, 'busyUntil', plan.nodeCount);
    columns.scalars(this, ['bytes', 'willLook']);
    this.alarms = new MachineStates(columns, ALARM, 1);
    columns.u8(this, 'diskFull', plan.nodeCount);
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

  refuses(queue: number, bytes: number): boolean {
    return this.isFull(queue, bytes);
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

  /** Bytes of all messages waiting. */
  get memory(): number {
    return this.bytes;
  }

  /** Whether there is anything of which it may raise an alarm, or has. */
  get canAlarm(): boolean {
    return this.watermark < Infinity || this.alarm.since > 0 || this.alarm.state !== ALARM.state.clear;
  }

  /** State of the machine of its alarms, and since when in microseconds. */
  get alarm(): { state: number; since: number } {
    return { state: this.alarms.state[0], since: this.alarms.since[0] };
  }

  /** So many bytes more (or fewer, below 0) wait in a queue. */
  changeBy(sim: Simulation, queue: number, bytes: number): void {
    this.bytes += bytes;
    if (this.willLook === 1 || this.bytes > this.watermark === this.hasMemoryAlarm()) return;
    this.willLook = 1;
    sim.at((Math.floor(sim.now / LOOK_EVERY) + 1) * LOOK_EVERY, queue, LOOK, 0);
  }

  /** The broker compares its memory with the watermark. */
  look(sim: Simulation): void {
    this.willLook = 0;
    this.send(sim, this.bytes > this.watermark ? ALARM.event.MEMORY_OVER : ALARM.event.MEMORY_BELOW);
  }

  /** Somebody fills the disk at a queue, or makes room on it again. */
  fillDisk(sim: Simulation, queue: number, isFull: boolean): void {
    this.diskFull[queue] = isFull ? 1 : 0;
    this.send(sim, this.diskFull.includes(1) ? ALARM.event.DISK_LOW : ALARM.event.DISK_ENOUGH);
  }

  private hasMemoryAlarm(): boolean {
    const state = this.alarms.state[0];
    return state === ALARM.state.memory || state === ALARM.state.both;
  }

  private send(sim: Simulation, event: number): void {
    const wasClear = this.alarms.state[0] === ALARM.state.clear;
    const isClear = this.alarms.send(sim.now, 0, event) === ALARM.state.clear;
    if (isClear !== wasClear) this.call(sim, wasClear);
  }
}
