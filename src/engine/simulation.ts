import { assert } from '../lib/assert.ts';
import type { Behaviors } from './behaviors.ts';
import { Kernel } from './kernel.ts';
import { Messages } from './messages.ts';
import { Metrics } from './metrics.ts';
import type { EnginePlan } from './plan.ts';
import { Trace } from './trace.ts';
import { Transfers } from './transfers.ts';

/**
 * A discrete-event simulator over flat arrays: the kernel, and messages that move along edges. It knows messages,
 * edges and figures; what a node does with them is in `behaviors`.
 */
export class Simulation extends Kernel {
  readonly messages: Messages;
  readonly metrics: Metrics;
  readonly transfers: Transfers;
  readonly trace: Trace;
  private behaviors!: Behaviors;

  constructor(plan: EnginePlan) {
    super(plan);
    this.messages = new Messages(this.columns, 1024, plan.limits.messages);
    this.metrics = new Metrics(this.columns, plan.nodeCount, this.clock);
    this.transfers = new Transfers(this.columns, plan);
    this.trace = new Trace(this.columns, 4096);
  }

  /** Gives every node its first events. Called once, when the kinds have made their state. */
  begin(behaviors: Behaviors, warmUp: number): void {
    this.behaviors = behaviors;
    if (warmUp > 0) this.scheduleWarmUp(warmUp);
    for (let node = 0; node < this.plan.nodeCount; node++) behaviors.start(this, node);
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
    if (this.transfers.waiters.count[node] > 0) this.scheduleWake(node);
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

  protected override fire(node: number, type: number, arg: number): void {
    this.behaviors.fire(this, node, type, arg);
  }

  protected override wake(node: number): void {
    const { waiters } = this.transfers;
    if (!waiters.shift(node)) return;
    const { foundEdge, foundTag } = waiters;
    this.behaviors.room(this, this.transfers.source[foundEdge], foundEdge, foundTag);
  }

  protected override warmedUp(): void {
    this.metrics.startMeasuring(this.now);
  }
}
