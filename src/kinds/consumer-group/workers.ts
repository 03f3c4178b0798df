import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { LimitError } from '../../lib/limit-error.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';

const NONE = -1;
/** Indexes of workers stay far inside 32 bits, and each has a share of the memory limit anyway. */
const MOST_WORKERS = 16_000_000;
/** What a caller's tag holds of a worker: its number within the group and the end of its epoch. */
const EPOCH_BITS = 10;
const EPOCH_MASK = (1 << EPOCH_BITS) - 1;

/** What a worker is doing. */
export const PHASE = { idle: 0, serving: 1, backingOff: 2, calling: 3, waiting: 4 } as const;

/** Integers of a worker, one row of 16 each: a worker is one line of the cache. */
export const WORKER = {
  member: 0,
  /** What it does: see `PHASE`. */
  phase: 1,
  /** Its message (NO_MESSAGE for none), the edge it came along and the row of its partition. */
  message: 2,
  edge: 3,
  row: 4,
  sequence: 5,
  generation: 6,
  /** Pending event; place of the edge it sends or calls along; what it offers there (the message or a copy). */
  handle: 7,
  place: 8,
  offered: 9,
  /** Rises with every crash, so that an answer to a call of before is recognized. */
  epoch: 10,
  nextIdle: 11,
  /** Number of its message's birth and its key, kept only where a guarantee is stated. */
  serial: 12,
  key: 13,
  /** The row of its partition, where its message is settled already; NONE if it came along a queue. */
  settledRow: 14,
  /** Of what came along a queue that takes it back after a time: which delivery it is. */
  delivery: 15,
} as const;
export const WORKER_SHIFT = 4;
/** In `row` of a worker: its message is settled already, before the work on it. */
export const SETTLED = -2;
/** The same: its queue has taken the message back, and what the worker does with it counts for nothing there. */
export const LATE = -3;
/** The same: the network to its queue is cut, which does not hear of what becomes of the message. */
export const CUT = -4;

/** Doubles of a worker: when its message entered the channel, the length of the try in progress and its beginning. */
export const WORKER_TIME = { enteredAt: 0, service: 1, begunAt: 2 } as const;
export const WORKER_TIME_SHIFT = 2;

/**
 * The workers of all groups, `concurrency` for each member, and which of them are free. Workers of a member are
 * neighbours, members of a group too. A member that may take work and has a free worker has its bit set in `open`.
 */
export class Workers {
  /** Members of each group, workers of each member, and the index of the first of both. */
  memberCount = new Int32Array();
  concurrency = new Int32Array();
  firstMember = new Int32Array();
  firstWorker = new Int32Array();
  /** Rows of `WORKER` and of `WORKER_TIME`. */
  cells = new Int32Array();
  times = new Float64Array();
  /** Free workers of each member, chained, and how many are busy. */
  private firstIdle = new Int32Array();
  busyOf = new Int32Array();
  private firstWord = new Int32Array();
  private open = new Int32Array();
  private turn = new Int32Array();
  readonly totalMembers: number;

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[]) {
    const { columns, plan } = sim;
    for (const field of ['memberCount', 'concurrency', 'firstMember', 'firstWorker', 'firstWord', 'turn']) {
      columns.i32(this, field, plan.nodeCount);
    }
    let members = 0;
    let workers = 0;
    let words = 0;
    for (const node of nodes) {
      this.memberCount[node] = numberOf(configs[node], 'members');
      this.concurrency[node] = numberOf(configs[node], 'concurrency');
      this.firstMember[node] = members;
      this.firstWorker[node] = workers;
      this.firstWord[node] = words;
      members += this.memberCount[node];
      workers += this.memberCount[node] * this.concurrency[node];
      words += (this.memberCount[node] + 31) >>> 5;
    }
    if (workers > MOST_WORKERS) throw new LimitError('workers', workers, MOST_WORKERS);
    this.totalMembers = members;
    columns.i32(this, 'cells', workers << WORKER_SHIFT);
    columns.f64(this, 'times', workers << WORKER_TIME_SHIFT);
    columns.i32(this, 'firstIdle', members).fill(NONE);
    columns.i32(this, 'busyOf', members);
    columns.i32(this, 'open', words);
    for (const node of nodes) this.fill(node);
  }

  /** A value of a worker, for who does not care about speed. */
  of(worker: number, what: (typeof WORKER)[keyof typeof WORKER]): number {
    return this.cells[(worker << WORKER_SHIFT) | what];
  }

  /** Length in microseconds of the try that a worker is at. */
  serviceTime(worker: number): number {
    return this.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.service];
  }

  /** Workers of a group that are in a phase, by walking them: for who shows it. */
  countIn(node: number, phase: number): number {
    const first = this.firstWorker[node];
    const end = first + this.memberCount[node] * this.concurrency[node];
    let count = 0;
    for (let worker = first; worker < end; worker++) {
      if (this.cells[(worker << WORKER_SHIFT) | WORKER.phase] === phase) count++;
    }
    return count;
  }

  /** When a member last had a worker to spare, and so asked for records: now, unless all are busy. */
  lastPoll(node: number, member: number, now: number): number {
    const size = this.concurrency[node];
    if (this.busyOf[member] < size) return now;
    const first = this.firstWorker[node] + (member - this.firstMember[node]) * size;
    let latest = 0;
    for (let worker = first; worker < first + size; worker++) {
      latest = Math.max(latest, this.times[(worker << WORKER_TIME_SHIFT) | WORKER_TIME.begunAt]);
    }
    return latest;
  }

  /** Workers of all groups. */
  get count(): number {
    return this.cells.length >> WORKER_SHIFT;
  }

  /** The tag of a call or a send of this worker: which one it is, and since which crash. */
  tag(node: number, worker: number): number {
    return ((worker - this.firstWorker[node]) << EPOCH_BITS) | (this.of(worker, WORKER.epoch) & EPOCH_MASK);
  }

  /** The worker of a tag. */
  workerOf(node: number, tag: number): number {
    return this.firstWorker[node] + (tag >>> EPOCH_BITS);
  }

  /** Whether the worker has not crashed since it made the tag. */
  isCurrent(worker: number, tag: number): boolean {
    return (tag & EPOCH_MASK) === (this.of(worker, WORKER.epoch) & EPOCH_MASK);
  }

  /** A free worker of a member, now busy; NONE if there is none. */
  occupy(node: number, member: number): number {
    const worker = this.firstIdle[member];
    if (worker === NONE) return NONE;
    const after = this.cells[(worker << WORKER_SHIFT) | WORKER.nextIdle];
    this.firstIdle[member] = after;
    this.busyOf[member]++;
    if (after === NONE) this.close(node, member);
    return worker;
  }

  /** Whether a try is in progress: a wait for the next one is none. */
  isTrying(worker: number): boolean {
    return this.of(worker, WORKER.phase) !== PHASE.backingOff;
  }

  /**
   * The same workers in the order in which their messages came into the queues that they are from; as they are if a
   * message is of a log, or settled already and comes back to nobody. What came into several queues at one instant
   * is in the order of those: arrival numbers compare within a queue only.
   */
  byArrival({ messages }: Simulation, workers: readonly number[]): readonly number[] {
    const { cells } = this;
    const rowOf = (worker: number) => cells[(worker << WORKER_SHIFT) | WORKER.row];
    if (workers.some((worker) => rowOf(worker) >= 0 || rowOf(worker) === SETTLED)) return workers;
    return [...workers].sort((a, b) => {
      const [one, other] = [this.of(a, WORKER.message), this.of(b, WORKER.message)];
      const [edge, otherEdge] = [this.of(a, WORKER.edge), this.of(b, WORKER.edge)];
      const since = messages.enteredAt[one] - messages.enteredAt[other] || edge - otherEdge;
      // What waited for a retry is of no queue any more.
      if (since !== 0 || edge === NONE) return since || a - b;
      return messages.cameBefore(one, other) ? -1 : 1;
    });
  }

  /** The worker is free again; `mayTake` if its member may take work. */
  release(node: number, worker: number, mayTake: boolean): void {
    const { cells } = this;
    const row = worker << WORKER_SHIFT;
    const member = cells[row | WORKER.member];
    cells[row | WORKER.phase] = PHASE.idle;
    cells[row | WORKER.message] = NO_MESSAGE;
    cells[row | WORKER.nextIdle] = this.firstIdle[member];
    this.firstIdle[member] = worker;
    this.busyOf[member]--;
    if (mayTake) this.openFor(node, member);
  }

  /** The member may take work from now on, if it has a free worker. */
  openFor(node: number, member: number): void {
    if (this.firstIdle[member] === NONE) return;
    const local = member - this.firstMember[node];
    this.open[this.firstWord[node] + (local >>> 5)] |= 1 << local;
  }

  /** The member takes no work from now on. */
  close(node: number, member: number): void {
    const local = member - this.firstMember[node];
    this.open[this.firstWord[node] + (local >>> 5)] &= ~(1 << local);
  }

  isOpen(node: number, member: number): boolean {
    const local = member - this.firstMember[node];
    return (this.open[this.firstWord[node] + (local >>> 5)] & (1 << local)) !== 0;
  }

  /** The next member in turn that may take work, NONE for none. */
  nextOpen(node: number): number {
    const count = this.memberCount[node];
    const turn = this.turn[node];
    const found = this.openFrom(node, turn, count);
    const local = found === NONE && turn > 0 ? this.openFrom(node, 0, count) : found;
    if (local === NONE) return NONE;
    this.turn[node] = local + 1 === count ? 0 : local + 1;
    return this.firstMember[node] + local;
  }

  private openFrom(node: number, from: number, count: number): number {
    const first = this.firstWord[node];
    let mask = -1 << from;
    for (let word = from >>> 5; word << 5 < count; word++) {
      const bits = this.open[first + word] & mask;
      if (bits !== 0) return (word << 5) + 31 - Math.clz32(bits & -bits);
      mask = -1;
    }
    return NONE;
  }

  private fill(node: number): void {
    const size = this.concurrency[node];
    for (let local = 0; local < this.memberCount[node]; local++) {
      const member = this.firstMember[node] + local;
      const first = this.firstWorker[node] + local * size;
      this.firstIdle[member] = first;
      for (let worker = first; worker < first + size; worker++) {
        const row = worker << WORKER_SHIFT;
        this.cells[row | WORKER.member] = member;
        this.cells[row | WORKER.message] = NO_MESSAGE;
        this.cells[row | WORKER.offered] = NO_MESSAGE;
        this.cells[row | WORKER.nextIdle] = worker + 1 < first + size ? worker + 1 : NONE;
      }
    }
  }
}
