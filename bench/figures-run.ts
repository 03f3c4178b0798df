import { Messages, NO_MESSAGE } from '../src/engine/messages.ts';
import { Columns } from '../src/lib/columns.ts';
import { EventQueue } from '../src/lib/event-queue.ts';
import { Histograms } from '../src/lib/histogram.ts';
import { RandomStreams } from '../src/lib/random.ts';
import { RollingHash } from '../src/lib/rolling-hash.ts';
import type { Timing } from './measure-run.ts';

const NORMAL = 2;
const SERVICE_MICROS = 800_000;
const ARRIVAL_MICROS = 1_000_000;
/** Nodes, which are also the codes of their events. */
const SOURCE = 0;
const QUEUE = 1;
const GROUP = 2;
const DESIGN = 3;
/** A row of integers and one of doubles for each node. */
const ROW = 4;
const INT = { head: 0, tail: 1, length: 2, arrivals: 3, unacknowledged: 4, busy: 5, message: 6, handle: 7 };
const REAL = {
  in: 0,
  out: 1,
  passed: 2,
  now: 3,
  most: 4,
  area: 5,
  since: 6,
  tries: 7,
  served: 8,
  serviceSum: 9,
  enteredAt: 10,
  service: 11,
  begunAt: 12,
  dueAt: 13,
  acknowledged: 14,
};

/**
 * M/M/1 by hand with all the figures that a run keeps of it: the same counters, areas under curves, histograms and hash,
 * on the structures that every run stands on, but as straight as it can be written: no kinds, nothing that another
 * design might need, two flat arrays for all that a node is. What a design takes beyond this is what kinds cost, and
 * what this takes beyond the kernel is what figures cost.
 */
export function runFlat(messages: number): Timing {
  const flat = new Flat();
  const from = performance.now();
  flat.run(messages);
  const seconds = (performance.now() - from) / 1000;
  return { events: flat.events, seconds, mean: flat.meanMicros / 1e6 };
}

class Flat {
  events = 0;
  private readonly ints = new Int32Array(3 << ROW);
  private readonly reals = new Float64Array(3 << ROW);
  private readonly clock = new Float64Array(1);
  private atThisInstant = 0;
  private made = 0;
  private readonly queue: EventQueue;
  private readonly messages: Messages;
  private readonly random: RandomStreams;
  private readonly hash: RollingHash;
  private readonly histograms: Histograms;

  constructor() {
    const columns = new Columns();
    this.queue = new EventQueue(columns);
    this.messages = new Messages(columns, 1024, 1 << 20);
    this.random = new RandomStreams(columns, 3);
    this.hash = new RollingHash(columns);
    this.histograms = new Histograms(columns, 2 * DESIGN + 1);
    this.ints[(QUEUE << ROW) | INT.head] = NO_MESSAGE;
    this.ints[(QUEUE << ROW) | INT.tail] = NO_MESSAGE;
  }

  get meanMicros(): number {
    return this.histograms.mean(2 * DESIGN);
  }

  run(messages: number): void {
    const { queue } = this;
    this.expectNext(0);
    while (queue.pop()) this.process(queue.time, queue.code, queue.arg, messages);
  }

  private process(time: number, code: number, arg: number, messages: number): void {
    if (time !== this.clock[0]) this.atThisInstant = 0;
    else if (++this.atThisInstant > 1_000_000) throw new RangeError('Time stands still.');
    this.clock[0] = time;
    this.events++;
    this.hash.mix(time, code, arg);
    if (code === SOURCE) this.produce(messages);
    else this.complete();
  }

  private expectNext(since: number): void {
    const due = since + this.random.exponential(SOURCE) * ARRIVAL_MICROS;
    this.reals[(SOURCE << ROW) | REAL.dueAt] = due;
    this.ints[(SOURCE << ROW) | INT.handle] = this.queue.schedule(Math.floor(due), NORMAL, SOURCE, 0);
  }

  private produce(limit: number): void {
    const { messages, reals } = this;
    const message = messages.create(this.clock[0]);
    messages.key[message] = -1;
    messages.sizeBytes[message] = 100;
    messages.type[message] = 0;
    reals[(SOURCE << ROW) | REAL.in]++;
    this.offer(message);
    reals[(SOURCE << ROW) | REAL.passed]++;
    reals[(SOURCE << ROW) | REAL.out]++;
    if (++this.made < limit) this.expectNext(reals[(SOURCE << ROW) | REAL.dueAt]);
  }

  private offer(message: number): void {
    const { ints, messages, reals } = this;
    const row = QUEUE << ROW;
    messages.enteredAt[message] = this.clock[0];
    messages.readers[message] = ints[row | INT.arrivals]++;
    reals[row | REAL.in]++;
    if (ints[(GROUP << ROW) | INT.busy] === 0) {
      ints[(GROUP << ROW) | INT.busy] = 1;
      this.counts(GROUP, 1);
      this.delivered();
      this.begin(message);
      return;
    }
    messages.next[message] = NO_MESSAGE;
    const tail = ints[row | INT.tail];
    if (tail === NO_MESSAGE) ints[row | INT.head] = message;
    else messages.next[tail] = message;
    ints[row | INT.tail] = message;
    ints[row | INT.length]++;
    this.counts(QUEUE, 1);
  }

  private delivered(): void {
    const { ints, reals } = this;
    reals[(QUEUE << ROW) | REAL.out]++;
    reals[(QUEUE << ROW) | REAL.passed]++;
    ints[(QUEUE << ROW) | INT.unacknowledged]++;
    reals[(GROUP << ROW) | REAL.in]++;
  }

  private begin(message: number): void {
    const { ints, messages, reals } = this;
    const row = GROUP << ROW;
    const now = this.clock[0];
    const enteredAt = messages.enteredAt[message];
    this.histograms.record(2 * GROUP, now - enteredAt);
    const service = Math.round(this.random.exponential(GROUP) * SERVICE_MICROS);
    messages.attempts[message]++;
    reals[row | REAL.tries]++;
    reals[row | REAL.enteredAt] = enteredAt;
    reals[row | REAL.service] = service;
    reals[row | REAL.begunAt] = now;
    ints[row | INT.message] = message;
    ints[row | INT.handle] = this.queue.schedule(now + service, NORMAL, GROUP, 0);
  }

  private complete(): void {
    const { histograms, ints, messages, reals } = this;
    const row = GROUP << ROW;
    const now = this.clock[0];
    const message = ints[row | INT.message];
    reals[row | REAL.serviceSum] += reals[row | REAL.service];
    reals[row | REAL.served]++;
    reals[row | REAL.out]++;
    histograms.record(2 * GROUP + 1, now - reals[row | REAL.enteredAt]);
    reals[row | REAL.acknowledged]++;
    histograms.record(2 * DESIGN, now - messages.bornAt[message]);
    messages.free(message);
    ints[(QUEUE << ROW) | INT.unacknowledged]--;
    this.takeNext();
  }

  private takeNext(): void {
    const { ints } = this;
    const row = QUEUE << ROW;
    const message = ints[row | INT.head];
    if (message === NO_MESSAGE) {
      ints[(GROUP << ROW) | INT.busy] = 0;
      this.counts(GROUP, -1);
      return;
    }
    const after = this.messages.next[message];
    ints[row | INT.head] = after;
    if (after === NO_MESSAGE) ints[row | INT.tail] = NO_MESSAGE;
    ints[row | INT.length]--;
    this.counts(QUEUE, -1);
    this.delivered();
    this.begin(message);
  }

  /** One more or fewer waits or is busy at a node: its number now, its largest, and the area under it. */
  private counts(node: number, change: number): void {
    const { reals } = this;
    const row = node << ROW;
    const now = this.clock[0];
    const before = reals[row | REAL.now];
    reals[row | REAL.area] += before * (now - reals[row | REAL.since]);
    reals[row | REAL.since] = now;
    reals[row | REAL.now] = before + change;
    if (before + change > reals[row | REAL.most]) reals[row | REAL.most] = before + change;
  }
}
