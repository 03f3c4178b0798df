import { Columns, type Snapshot } from '../lib/columns.ts';
import { EventQueue } from '../lib/event-queue.ts';
import { LimitError } from '../lib/limit-error.ts';
import { RandomStreams } from '../lib/random.ts';
import { RollingHash } from '../lib/rolling-hash.ts';
import { Samplers } from '../lib/samplers.ts';
import { PURPOSE_COUNT, PURPOSE_SHIFT, purposeName, type EnginePlan } from './plan.ts';

/** Ties at one instant are settled by priority first (0 before 7), then by order of scheduling. */
export const PRIORITY = { control: 0, wake: 1, normal: 2 } as const;

/** An event's code is its node and its type in one integer; type 31 is the engine's own. */
const TYPE_BITS = 5;
const TYPE_MASK = 31;
const WAKE = 31;
/** The node number of events that belong to the run as a whole. */
const CONTROL_NODE = 0x3ffffff;
const START_MEASURING = 0;
const CONTROL_ACTION = 1;

/**
 * What a simulator is without messages: a clock, pending events, random streams, and a fingerprint of all that
 * happened. All state is in `columns`, so a snapshot is a copy.
 */
export abstract class Kernel {
  /** Events processed so far. */
  events = 0;
  readonly plan: EnginePlan;
  readonly columns: Columns;
  readonly queue: EventQueue;
  readonly random: RandomStreams;
  readonly samplers: Samplers;
  readonly hash: RollingHash;
  /** Runs scheduled control actions (faults of the scenario); set by who builds the run. */
  onControl: (action: number) => void = () => {};
  /** Holds the time, where other parts of the engine read it without a call. */
  protected readonly clock: Float64Array;
  private eventsAtThisInstant = 0;

  constructor(plan: EnginePlan) {
    this.plan = plan;
    this.columns = new Columns(plan.limits.bytes);
    this.clock = this.columns.f64(this, 'clock', 1);
    this.queue = new EventQueue(this.columns);
    this.random = new RandomStreams(this.columns, plan.nodeCount * PURPOSE_COUNT);
    this.samplers = new Samplers(this.columns);
    this.hash = new RollingHash(this.columns);
    this.columns.scalars(this, ['events', 'eventsAtThisInstant']);
    for (let node = 0; node < plan.nodeCount; node++) {
      for (let purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        const stream = this.stream(node, purpose);
        this.random.seed(stream, plan.seed, plan.nodeIds[node], purposeName(purpose));
      }
    }
  }

  /** Simulated time in integer microseconds. */
  get now(): number {
    return this.clock[0];
  }

  /**
   * Processes events up to and including time `until`, but no more than `maxEvents`; returns how many. If it ends
   * for lack of events, the clock stands at `until`. Any way to cut a run into calls gives the same run.
   */
  runUntil(until: number, maxEvents: number): number {
    const { queue } = this;
    let done = 0;
    while (done < maxEvents && queue.pop(until)) {
      done++;
      this.process(queue.time, queue.code, queue.arg);
    }
    if (done < maxEvents) this.clock[0] = Math.max(this.clock[0], until);
    return done;
  }

  /** Schedules an event of a node after `delay` microseconds (an integer, 0 or more); returns its handle. */
  after(delay: number, node: number, type: number, arg: number): number {
    return this.queue.schedule(this.now + delay, PRIORITY.normal, (node << TYPE_BITS) | type, arg);
  }

  /** The same at an absolute time, not before now. */
  at(time: number, node: number, type: number, arg: number): number {
    return this.queue.schedule(time, PRIORITY.normal, (node << TYPE_BITS) | type, arg);
  }

  /** Takes back an event that is still pending. */
  cancel(handle: number): void {
    this.queue.cancel(handle);
  }

  /** Schedules `onControl(action)`, before anything else at that time. */
  scheduleAction(time: number, action: number): void {
    this.scheduleControl(time, CONTROL_ACTION, action);
  }

  /** Something from outside happened between two events: it becomes part of what the hash proves. */
  noteCommand(code: number, value: number): void {
    this.hash.mix(this.now, code, value);
  }

  /** Node of the event in process or processed last, -1 for the run itself: the one to name when a limit is hit. */
  get currentNode(): number {
    const node = this.queue.code >>> TYPE_BITS;
    if (node === CONTROL_NODE) return -1;
    const { nodeCount, edgeFrom } = this.plan;
    return node < nodeCount ? node : edgeFrom[node - nodeCount];
  }

  /** Random stream of a node for a purpose. */
  stream(node: number, purpose: number): number {
    return (node << PURPOSE_SHIFT) | purpose;
  }

  snapshot(): Snapshot {
    return this.columns.save();
  }

  restore(snapshot: Snapshot): void {
    this.columns.restore(snapshot);
  }

  /** Schedules the end of the warm-up. */
  protected scheduleWarmUp(time: number): void {
    this.scheduleControl(time, START_MEASURING, 0);
  }

  /** Schedules a call of `wake`, at this instant but not within this call. */
  protected scheduleWake(node: number): void {
    this.queue.schedule(this.now, PRIORITY.wake, (node << TYPE_BITS) | WAKE, 0);
  }

  /** An event of a node is due. */
  protected abstract fire(node: number, type: number, arg: number): void;
  /** The first in the line of a node may try again. */
  protected abstract wake(node: number): void;
  /** The warm-up is over. */
  protected abstract warmedUp(): void;

  private process(time: number, code: number, arg: number): void {
    if (time === this.now) this.countInstant();
    else this.eventsAtThisInstant = 0;
    this.clock[0] = time;
    this.events++;
    this.hash.mix(time, code, arg);
    const type = code & TYPE_MASK;
    const node = code >>> TYPE_BITS;
    if (type === WAKE) this.wake(node);
    else if (node === CONTROL_NODE) this.control(type, arg);
    else this.fire(node, type, arg);
  }

  private countInstant(): void {
    const limit = this.plan.limits.eventsAtOneInstant;
    if (++this.eventsAtThisInstant > limit) {
      throw new LimitError('events at one instant', this.eventsAtThisInstant, limit);
    }
  }

  private control(type: number, arg: number): void {
    if (type === START_MEASURING) this.warmedUp();
    else this.onControl(arg);
  }

  private scheduleControl(time: number, type: number, arg: number): void {
    this.queue.schedule(time, PRIORITY.control, (CONTROL_NODE << TYPE_BITS) | type, arg);
  }
}
