import { Messages } from '../src/engine/messages.ts';
import { Columns } from '../src/lib/columns.ts';
import { EventQueue } from '../src/lib/event-queue.ts';
import { RandomStreams } from '../src/lib/random.ts';
import type { Timing } from './measure-run.ts';

/** Models that the kernel alone runs, and how many stations they have: as `limit.cpp` has them by the same names. */
export const KERNEL_MODELS: Readonly<Record<string, number>> = { mm1: 1, tandem: 3 };

const NORMAL = 2;
const SERVICE_MICROS = 800_000;
const ARRIVAL_MICROS = 1_000_000;
const ARRIVAL = -1;
const LINE = 1 << 10;

/**
 * Stations with one worker each in a row, by hand on the structures that every run stands on: event queue, clock,
 * random streams, messages. No design, no kinds, no figures but a mean, no hash, no limits at one instant. What a run
 * of the same model takes beyond this is what those cost.
 */
export function runKernel(model: string, messages: number): Timing {
  const kernel = new Kernel(KERNEL_MODELS[model]);
  const from = performance.now();
  kernel.run(messages);
  const seconds = (performance.now() - from) / 1000;
  return { events: kernel.events, seconds, mean: kernel.totalMicros / messages / 1e6 };
}

class Kernel {
  events = 0;
  private readonly total = new Float64Array(1);
  private made = 0;
  private readonly stations: number;
  private readonly queue: EventQueue;
  private readonly messages: Messages;
  private readonly random: RandomStreams;
  private readonly lines: Int32Array;
  private readonly heads: Int32Array;
  private readonly ends: Int32Array;
  private readonly busy: Int32Array;

  constructor(stations: number) {
    const columns = new Columns();
    this.stations = stations;
    this.queue = new EventQueue(columns);
    this.messages = new Messages(columns, 1024, 1 << 20);
    this.random = new RandomStreams(columns, stations + 1);
    this.lines = new Int32Array(stations * LINE);
    this.heads = new Int32Array(stations);
    this.ends = new Int32Array(stations);
    this.busy = new Int32Array(stations);
  }

  /** Time in system of all messages together. */
  get totalMicros(): number {
    return this.total[0];
  }

  run(messages: number): void {
    const { queue } = this;
    this.expectNext(0);
    while (queue.pop()) {
      this.events++;
      if (queue.code === ARRIVAL) this.arrive(queue.time, messages);
      else this.complete(queue.time, queue.code, queue.arg);
    }
  }

  private expectNext(now: number): void {
    const gap = Math.floor(this.random.exponential(this.stations) * ARRIVAL_MICROS);
    this.queue.schedule(now + gap, NORMAL, ARRIVAL, 0);
  }

  private arrive(now: number, messages: number): void {
    const message = this.messages.create(now);
    if (++this.made < messages) this.expectNext(now);
    this.enter(now, 0, message);
  }

  private complete(now: number, station: number, message: number): void {
    if (this.heads[station] === this.ends[station]) this.busy[station] = 0;
    else this.begin(now, station, this.lines[station * LINE + (this.heads[station]++ & (LINE - 1))]);
    if (station + 1 < this.stations) return this.enter(now, station + 1, message);
    this.total[0] += now - this.messages.bornAt[message];
    this.messages.free(message);
  }

  private enter(now: number, station: number, message: number): void {
    if (this.busy[station] === 1) {
      this.lines[station * LINE + (this.ends[station]++ & (LINE - 1))] = message;
      return;
    }
    this.busy[station] = 1;
    this.begin(now, station, message);
  }

  private begin(now: number, station: number, message: number): void {
    const service = Math.floor(this.random.exponential(station) * SERVICE_MICROS);
    this.queue.schedule(now + service, NORMAL, station, message);
  }
}
