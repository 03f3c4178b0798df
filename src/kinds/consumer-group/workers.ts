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
  /** Of each worker: its member, what it does, its message (NO_MESSAGE for none) and where that came from. */
  member = new Int32Array();
  phase = new Uint8Array();
  message = new Int32Array();
  edge = new Int32Array();
  row = new Int32Array();
  sequence = new Int32Array();
  generation = new Int32Array();
  enteredAt = new Float64Array();
  serviceTime = new Float64Array();
  /** Pending event; place of the edge it sends or calls along; what it offers there (the message or a copy). */
  handle = new Int32Array();
  place = new Int32Array();
  offered = new Int32Array();
  /** Rises with every crash, so that an answer to a call of before is recognized. */
  epoch = new Int32Array();
  /** Free workers of each member, chained, and how many are busy. */
  private firstIdle = new Int32Array();
  private nextIdle = new Int32Array();
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
    const perWorker = ['member', 'message', 'edge', 'row', 'sequence', 'generation', 'handle', 'place'];
    for (const field of [...perWorker, 'offered', 'epoch', 'nextIdle']) columns.i32(this, field, workers);
    columns.u8(this, 'phase', workers);
    columns.f64(this, 'enteredAt', workers);
    columns.f64(this, 'serviceTime', workers);
    columns.i32(this, 'firstIdle', members).fill(NONE);
    columns.i32(this, 'busyOf', members);
    columns.i32(this, 'open', words);
    this.message.fill(NO_MESSAGE);
    this.offered.fill(NO_MESSAGE);
    for (const node of nodes) this.fill(node);
  }

  /** The tag of a call or a send of this worker: which one it is, and since which crash. */
  tag(node: number, worker: number): number {
    return ((worker - this.firstWorker[node]) << EPOCH_BITS) | (this.epoch[worker] & EPOCH_MASK);
  }

  /** The worker of a tag. */
  workerOf(node: number, tag: number): number {
    return this.firstWorker[node] + (tag >>> EPOCH_BITS);
  }

  /** Whether the worker has not crashed since it made the tag. */
  isCurrent(worker: number, tag: number): boolean {
    return (tag & EPOCH_MASK) === (this.epoch[worker] & EPOCH_MASK);
  }

  /** A free worker of a member, now busy; NONE if there is none. */
  occupy(node: number, member: number): number {
    const worker = this.firstIdle[member];
    if (worker === NONE) return NONE;
    const after = this.nextIdle[worker];
    this.firstIdle[member] = after;
    this.busyOf[member]++;
    if (after === NONE) this.close(node, member);
    return worker;
  }

  /** The worker is free again; `mayTake` if its member may take work. */
  release(node: number, worker: number, mayTake: boolean): void {
    const member = this.member[worker];
    this.phase[worker] = PHASE.idle;
    this.message[worker] = NO_MESSAGE;
    this.nextIdle[worker] = this.firstIdle[member];
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
    const found = this.openFrom(node, this.turn[node], count);
    const local = found === NONE ? this.openFrom(node, 0, count) : found;
    if (local === NONE) return NONE;
    this.turn[node] = local + 1 === count ? 0 : local + 1;
    return this.firstMember[node] + local;
  }

  private openFrom(node: number, from: number, count: number): number {
    const words = (count + 31) >>> 5;
    let mask = -1 << from;
    for (let word = from >>> 5; word < words; word++) {
      const bits = this.open[this.firstWord[node] + word] & mask;
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
        this.member[worker] = member;
        this.nextIdle[worker] = worker + 1 < first + size ? worker + 1 : NONE;
      }
    }
  }
}
