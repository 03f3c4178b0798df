import { assert } from '../lib/assert.ts';
import { Columns, type Snapshot } from '../lib/columns.ts';
import { EventQueue } from '../lib/event-queue.ts';
import { LimitError } from '../lib/limit-error.ts';
import { RandomStreams } from '../lib/random.ts';
import { RollingHash } from '../lib/rolling-hash.ts';
import { Samplers } from '../lib/samplers.ts';
import type { Behaviors } from './behaviors.ts';
import { Messages } from './messages.ts';
import { Metrics } from './metrics.ts';
import { PURPOSE_COUNT, PURPOSE_SHIFT, purposeName, type EnginePlan } from './plan.ts';
import { Trace } from './trace.ts';
import { Transfers } from './transfers.ts';

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
 * A discrete-event simulator over flat arrays. It knows clock, events, messages, edges and figures; what a node
 * does with them is in `behaviors`. All state is in `columns`, so a snapshot is a copy.
 */
export class Simulation {
  /** Events processed so far. */
  events = 0;
  /** Holds the time, where other parts of the engine read it without a call. */
  private readonly clock: Float64Array;
  readonly plan: EnginePlan;
  readonly columns: Columns;
  readonly queue: EventQueue;
  readonly messages: Messages;
  readonly random: RandomStreams;
  readonly samplers: Samplers;
  readonly metrics: Metrics;
  readonly transfers: Transfers;
  readonly trace: Trace;
  readonly hash: RollingHash;
  /** Runs scheduled control actions (faults of the scenario); set by who builds the run. */
  onControl: (action: number) => void = () => {};
  private behaviors!: Behaviors;
  private eventsAtThisInstant = 0;

  constructor(plan: EnginePlan) {
    this.plan = plan;
    this.columns = new Columns(plan.limits.bytes);
    this.clock = this.columns.f64(this, 'clock', 1);
    this.queue = new EventQueue(this.columns);
    this.messages = new Messages(this.columns, 1024, plan.limits.messages);
    this.random = new RandomStreams(this.columns, plan.nodeCount * PURPOSE_COUNT);
    this.samplers = new Samplers(this.columns);
    this.metrics = new Metrics(this.columns, plan.nodeCount, this.clock);
    this.transfers = new Transfers(this.columns, plan);
    this.trace = new Trace(this.columns, 4096);
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

  /** Gives every node its first events. Called once, when the kinds have made their state. */
  begin(behaviors: Behaviors, warmUp: number): void {
    this.behaviors = behaviors;
    if (warmUp > 0) this.scheduleControl(warmUp, START_MEASURING, 0);
    for (let node = 0; node < this.plan.nodeCount; node++) behaviors.start(this, node);
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
    if (done < maxEvents && this.now < until) this.clock[0] = until;
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

  /**
   * Sends a message along an edge. False: the target is full or others stand in line, and this sender now stands
   * there too; `room` will be called with the same edge and tag.
   */
  send(edge: number, message: number, tag: number): boolean {
    const { transfers } = this;
    const to = transfers.target[edge];
    const mayTry = transfers.waiters.count[to] === 0 || transfers.asksAll[to] === 1;
    if (mayTry && this.behaviors.offer(this, to, edge, message, tag)) {
      transfers.passed[edge]++;
      return true;
    }
    transfers.standInLine(this, edge, tag);
    return false;
  }

  /** Offers again after `room`. False: still no room, the sender is back in the line, at its head unless all are asked. */
  resend(edge: number, message: number, tag: number): boolean {
    const { transfers } = this;
    const to = transfers.target[edge];
    if (this.behaviors.offer(this, to, edge, message, tag)) {
      transfers.passed[edge]++;
      transfers.served(this, edge);
      return true;
    }
    if (transfers.asksAll[to] === 1) transfers.waiters.push(to, edge, tag);
    else transfers.waiters.pushFront(to, edge, tag);
    return false;
  }

  /** Hands a message to a target that takes it for sure, past the line of those who wait for something else there. */
  deposit(edge: number, message: number, tag: number): void {
    const isTaken = this.behaviors.offer(this, this.transfers.to[edge], edge, message, tag);
    assert(isTaken, 'a deposit is always taken');
    this.transfers.passed[edge]++;
  }

  /** A waiting sender no longer wants to send. */
  cancelWait(edge: number, tag: number): void {
    if (this.transfers.waiters.remove(this.transfers.target[edge], edge, tag))
      this.transfers.served(this, edge);
  }

  /** A node has room for one more: the first in its line is called, at this instant but not within this call. */
  roomFreed(node: number): void {
    if (this.transfers.waiters.count[node] > 0) {
      this.queue.schedule(this.now, PRIORITY.wake, (node << TYPE_BITS) | WAKE, 0);
    }
  }

  /** Answers a call that came along `edge` with `tag`. */
  reply(edge: number, tag: number, succeeded: boolean): void {
    this.behaviors.reply(this, this.transfers.source[edge], edge, tag, succeeded);
  }

  /** Hands a message of the queue at the start of `edge` to the consumer at its end; false if no worker is free. */
  deliver(edge: number, message: number): boolean {
    const { transfers } = this;
    if (!this.behaviors.deliver(this, transfers.target[edge], edge, message)) return false;
    transfers.passed[edge]++;
    return true;
  }

  /** Tells the consumer at the end of `edge` that a lane of the channel has a message. */
  announce(edge: number, lane: number): void {
    this.behaviors.available(this, this.transfers.target[edge], edge, lane);
  }

  /** Takes the next message of a lane of the channel at the start of `edge`; -1 if there is none. */
  take(edge: number, lane: number): number {
    const message = this.behaviors.take(this, this.transfers.source[edge], edge, lane);
    if (message >= 0) this.transfers.passed[edge]++;
    return message;
  }

  /** Commits or acknowledges `count` messages of a lane, in order. */
  settle(edge: number, lane: number, count: number): void {
    this.behaviors.settle(this, this.transfers.source[edge], edge, lane, count);
  }

  /** Gives back what was taken and not settled. */
  giveBack(edge: number, lane: number, message: number): void {
    this.behaviors.giveBack(this, this.transfers.source[edge], edge, lane, message);
  }

  snapshot(): Snapshot {
    return this.columns.save();
  }

  restore(snapshot: Snapshot): void {
    this.columns.restore(snapshot);
  }

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
    else this.behaviors.fire(this, node, type, arg);
  }

  private countInstant(): void {
    const limit = this.plan.limits.eventsAtOneInstant;
    if (++this.eventsAtThisInstant > limit) {
      throw new LimitError('events at one instant', this.eventsAtThisInstant, limit);
    }
  }

  private wake(node: number): void {
    const { waiters } = this.transfers;
    if (!waiters.shift(node)) return;
    const { foundEdge, foundTag } = waiters;
    this.behaviors.room(this, this.transfers.source[foundEdge], foundEdge, foundTag);
  }

  private control(type: number, arg: number): void {
    if (type === START_MEASURING) this.metrics.startMeasuring(this.now);
    else this.onControl(arg);
  }

  private scheduleControl(time: number, type: number, arg: number): void {
    this.queue.schedule(time, PRIORITY.control, (CONTROL_NODE << TYPE_BITS) | type, arg);
  }
}
