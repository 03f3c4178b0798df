import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import { METRIC } from '../../engine/metrics.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { AGED, Ages } from './ages.ts';
import type { CallQuota } from './call-quota.ts';
import { CLOUD_COUNT, CloudCounts, type CloudResults } from './cloud-counts.ts';
import { DedupWindow } from '../shared/dedup-window.ts';
import { CLOUD_LOSS, Endings } from './endings.ts';
import { Entries, STATE } from './entries.ts';
import { RECEIPT, rulesOf, type Rules } from './profiles.ts';
import { ReadyLines } from './ready-lines.ts';
import { Subscriptions } from './subscriptions.ts';

const NONE = -1;
/** The event type at which the time of an entry is over. */
export const DUE = 0;

/**
 * Managed brokers: a delivered message stays with the broker, which delivers it again unless it hears of it in time.
 * The consumer works on a copy. By the books that copy is the message for as long as the broker waits, and what the
 * broker keeps counts for nothing; when it delivers once more there is one message more.
 */
export class CloudBrokers implements NodeBehavior {
  readonly counts: CloudCounts;
  /** What is left of the calls that some answer in a second; null if none counts them. */
  readonly quota: CallQuota | null = null;
  protected readonly rules = new Map<number, Rules>();
  protected readonly subscriptions: Subscriptions;
  protected readonly entries: Entries;
  protected readonly lines: ReadyLines;
  protected readonly endings: Endings;
  private readonly ages: Ages;
  private readonly dedup = new Map<number, DedupWindow>();
  /** Entries of each subscription that a consumer has, or that wait as if one had. */
  protected inFlight = new Int32Array();

  constructor(sim: Simulation, configs: readonly NodeConfig[], nodes: readonly number[], role: Uint8Array) {
    const { columns, plan } = sim;
    for (const node of nodes) this.rules.set(node, rulesOf(configs[node]));
    const perGroup = new Map([...this.rules].map(([node, rules]) => [node, rules.perGroup]));
    this.subscriptions = new Subscriptions(sim, role, perGroup, (node) => this.rules.get(node)!.keepsRest);
    this.entries = new Entries(columns);
    const mostKeys = Math.max(1, ...configs.map(({ fields }) => Number(fields.keyCount ?? 0)));
    const keys = this.subscriptions.nodeOf.map((node) => (this.rules.get(node)!.byKey ? mostKeys : 0));
    this.lines = new ReadyLines(columns, keys, this.entries.room);
    this.entries.onGrow = (size) => this.lines.grow(size);
    this.counts = new CloudCounts(columns, plan.nodeCount);
    this.endings = new Endings(sim, role, this.entries, this.counts);
    const { rules, entries, lines, endings } = this;
    columns.i32(this, 'inFlight', this.subscriptions.count);
    this.ages = new Ages(sim, this.subscriptions.count, { rules, entries, lines, endings });
    for (const [node, { dedupWindow }] of this.rules) {
      if (dedupWindow > 0) this.dedup.set(node, new DedupWindow(columns, dedupWindow));
    }
  }

  offer(sim: Simulation, node: number, message: number): boolean {
    const { messages, metrics } = sim;
    metrics.count(node, METRIC.in);
    messages.flags[message] &= ~MESSAGE_FLAG.dying;
    if (this.repeats(sim, node, message)) {
      this.counts.add(node, CLOUD_COUNT.deduplicated);
      this.endings.drop(sim, node, message, CLOUD_LOSS.deduplicated);
      return true;
    }
    messages.enteredAt[message] = sim.now;
    if (sim.trace.messages) {
      const waiting = metrics.of(node, METRIC.queued) + 1;
      sim.trace.add(sim.now, TRACE.entered, node, messages.serial[message], waiting, 0);
    }
    const last = this.subscriptions.first[node + 1] - 1;
    for (let subscription = this.subscriptions.first[node]; subscription < last; subscription++) {
      metrics.copied++;
      this.counts.add(node, CLOUD_COUNT.fanned);
      this.store(sim, node, subscription, messages.copy(message));
    }
    this.store(sim, node, last, message);
    return true;
  }

  take(sim: Simulation, node: number, edge: number): number {
    const entry = this.nextLive(sim, node, this.subscriptions.of[edge]);
    if (entry !== NONE) return this.hand(sim, node, entry);
    this.subscriptions.cameForNothing(edge);
    return NO_MESSAGE;
  }

  /** A consumer acknowledges, whether or not that still counts; `isWork` unless it knew of it and did nothing. */
  settle(sim: Simulation, node: number, edge: number, receipt: number, isWork: boolean): void {
    const { entries } = this;
    const entry = entries.giveUp(receipt);
    if (isWork && entries.done[entry] === 1) sim.metrics.count(sim.plan.edgeTo[edge], METRIC.duplicates);
    entries.done[entry] = 1;
    if (this.isValid(node, entry, receipt)) this.acknowledge(sim, node, entry);
    else this.counts.add(node, CLOUD_COUNT.tooLate);
    entries.release(entry);
  }

  /** Acknowledgements that wait for their calls to be answered. */
  deletesWaiting(_node: number): number {
    return 0;
  }

  /** A consumer will not do the work: it died, said no, or let the time go by. */
  giveBack(sim: Simulation, node: number, way: number, message: number): void {
    const { entries } = this;
    const { messages } = sim;
    const isRefused = (messages.flags[message] & MESSAGE_FLAG.rejected) !== 0;
    const receipt = messages.receipt[message];
    const entry = entries.giveUp(receipt);
    messages.free(message);
    if (entries.state[entry] !== STATE.out || entries.newest[entry] !== receipt) {
      // The broker had the message before: this life of it ends unseen.
      sim.metrics.copied--;
      entries.release(entry);
      return;
    }
    const { nackDelay, refusedDelay, crashDelay } = this.rules.get(node)!;
    this.counts.add(node, CLOUD_COUNT.returned);
    entries.state[entry] = STATE.forsaken;
    const saysNo = way === GIVEN_BACK.released || isRefused;
    const wait = way === GIVEN_BACK.released ? nackDelay : isRefused ? refusedDelay : crashDelay;
    if (wait === Infinity) return;
    this.stopTimer(sim, entry);
    if (wait > 0) {
      entries.timer[entry] = sim.after(wait, node, DUE, entry);
    } else if (saysNo) {
      this.redeliver(sim, node, entry);
    } else {
      const subscription = entries.subscription[entry];
      this.comeBack(sim, node, entry);
      this.deliverWaiting(sim, node, subscription);
    }
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === AGED) {
      this.ages.drop(sim, node, arg);
      return;
    }
    const { entries } = this;
    entries.timer[arg] = NONE;
    if (entries.state[arg] !== STATE.delayed) {
      this.redeliver(sim, node, arg);
      return;
    }
    this.makeReady(sim, node, arg, false);
    this.deliverWaiting(sim, node, entries.subscription[arg]);
  }

  /** There is room for the first of the dead letters that wait. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    this.endings.dead.room(sim, node, edge, tag);
  }

  setField(): void {}

  inject(): void {}

  heal(): void {}

  gauge(sim: Simulation, node: number, into: NodeGauge): void {
    const { maxInFlight } = this.rules.get(node)!;
    into.amount = sim.metrics.of(node, METRIC.queued);
    into.level = maxInFlight < Infinity ? Math.min(1, this.inFlightOf(node) / maxInFlight) : NaN;
  }

  held(_sim: Simulation, node: number): number {
    return this.walk(node, [STATE.ready, STATE.delayed, STATE.forsaken]) + this.endings.dead.walk(node);
  }

  /** Messages that take a slot here, also those of which a consumer has the copy that counts. */
  stored(sim: Simulation, node: number): number {
    return this.held(sim, node) + this.walk(node, [STATE.out]);
  }

  /** Entries in flight, most of any subscription of a node. */
  inFlightOf(node: number): number {
    const { first } = this.subscriptions;
    return Math.max(0, ...this.inFlight.subarray(first[node], first[node + 1]));
  }

  /** What became of the deliveries of a node. */
  results(node: number): CloudResults {
    const waitingForNobody = this.waitingForNobody(node);
    return { ...this.counts.all(node), inFlight: this.inFlightOf(node), waitingForNobody };
  }

  /** Messages that wait to be delivered along an edge. */
  waitingFor(edge: number): number {
    return this.lines.count[this.subscriptions.of[edge]];
  }

  /** Whether a consumer at the end of an edge would get something, if it asked. */
  mayDeliver(_sim: Simulation, edge: number): boolean {
    const subscription = this.subscriptions.of[edge];
    if (subscription === NONE) return false;
    const { maxInFlight } = this.rules.get(this.subscriptions.nodeOf[subscription])!;
    return this.lines.first(subscription) !== NONE && this.inFlight[subscription] < maxInFlight;
  }

  /** What waits in all subscriptions of a node, by walking. */
  walkReady(node: number): number {
    let ready = 0;
    for (let at = this.subscriptions.first[node]; at < this.subscriptions.first[node + 1]; at++) {
      ready += this.lines.walk(at);
    }
    return ready;
  }

  /** Messages in a stream that no consumer takes. */
  waitingForNobody(node: number): number {
    const unread = this.subscriptions.unread.get(node);
    return unread === undefined ? 0 : this.lines.count[unread];
  }

  /** When the message came that is next along an edge; NaN for none. */
  headSince(sim: Simulation, edge: number): number {
    const entry = this.lines.first(this.subscriptions.of[edge]);
    return entry === NONE ? NaN : sim.messages.enteredAt[this.entries.message[entry]];
  }

  protected repeats(sim: Simulation, node: number, message: number): boolean {
    const window = this.dedup.get(node);
    if (!window) return false;
    const { key, serial } = sim.messages;
    if (!this.rules.get(node)!.dedupByKey) return window.repeats(serial[message], sim.now);
    return key[message] >= 0 && window.repeats(key[message], sim.now);
  }

  protected store(sim: Simulation, node: number, subscription: number, message: number): void {
    const { delay } = this.rules.get(node)!;
    const entry = this.entries.open(message, subscription);
    if (delay > 0) {
      this.entries.state[entry] = STATE.delayed;
      this.entries.timer[entry] = sim.after(delay, node, DUE, entry);
      return;
    }
    this.makeReady(sim, node, entry, false);
    this.deliverWaiting(sim, node, subscription);
  }

  protected makeReady(sim: Simulation, node: number, entry: number, isReturn: boolean): void {
    const { entries } = this;
    const { returnsFirst } = this.rules.get(node)!;
    entries.state[entry] = STATE.ready;
    const key = sim.messages.key[entries.message[entry]];
    this.lines.push(entries.subscription[entry], entry, key, isReturn && returnsFirst);
    sim.metrics.queuedBy(node, 1);
    this.ages.watch(sim, node, entries.subscription[entry]);
  }

  /** The next entry that may be delivered, out of its line; NONE for none. */
  protected nextLive(sim: Simulation, node: number, subscription: number): number {
    const { lines, entries } = this;
    const { maxInFlight, maxDeliveries, limitOnDelivery } = this.rules.get(node)!;
    while (this.inFlight[subscription] < maxInFlight) {
      const entry = lines.shift(subscription);
      if (entry === NONE) return NONE;
      sim.metrics.queuedBy(node, -1);
      const isOver = limitOnDelivery && entries.deliveries[entry] >= maxDeliveries;
      if (!isOver && this.ages.diesAt(sim, node, entry) > sim.now) return entry;
      lines.comeIn(subscription, entry);
      if (isOver) this.endings.giveUp(sim, node, entry);
      else this.endings.expire(sim, node, entry);
    }
    return NONE;
  }

  /** A copy of a message for a consumer; the broker waits for its word. */
  private hand(sim: Simulation, node: number, entry: number): number {
    const { entries } = this;
    const { messages } = sim;
    const { visibility, duplicateShare } = this.rules.get(node)!;
    const copy = messages.copy(entries.message[entry]);
    const time = visibility[Math.min(entries.deliveries[entry], visibility.length - 1)];
    if (entries.deliveries[entry] > 0) messages.flags[copy] |= MESSAGE_FLAG.redelivered;
    messages.receipt[copy] = entries.issue(entry);
    entries.state[entry] = STATE.out;
    this.inFlight[entries.subscription[entry]]++;
    sim.metrics.count(node, METRIC.out);
    const isTwice =
      duplicateShare > 0 && sim.random.uniform(sim.stream(node, PURPOSE.failure)) < duplicateShare;
    if (isTwice || time < Infinity) entries.timer[entry] = sim.after(isTwice ? 0 : time, node, DUE, entry);
    return copy;
  }

  /** Offers what waits to consumers that came away empty-handed, for as long as one takes it. */
  protected deliverWaiting(sim: Simulation, node: number, subscription: number): void {
    while (this.subscriptions.hasHungry(subscription)) {
      const entry = this.nextLive(sim, node, subscription);
      if (entry === NONE) return;
      const newest = this.entries.newest[entry];
      const copy = this.hand(sim, node, entry);
      if (!this.subscriptions.deliver(sim, subscription, copy)) {
        this.takeBack(sim, node, copy, newest);
        return;
      }
    }
  }

  /** Nobody took the copy: as if it had not been. */
  protected takeBack(sim: Simulation, node: number, copy: number, newest: number): void {
    const { entries, lines } = this;
    const entry = entries.giveUp(sim.messages.receipt[copy]);
    const subscription = entries.subscription[entry];
    sim.messages.free(copy);
    this.stopTimer(sim, entry);
    entries.deliveries[entry]--;
    entries.newest[entry] = newest;
    entries.state[entry] = STATE.ready;
    this.inFlight[subscription]--;
    sim.metrics.add(node, METRIC.out, -1);
    sim.metrics.queuedBy(node, 1);
    lines.push(subscription, entry, sim.messages.key[entries.message[entry]], true);
    lines.comeIn(subscription, entry);
  }

  /** The broker has waited long enough for an entry, or its consumer asks for it again. */
  protected redeliver(sim: Simulation, node: number, entry: number): void {
    // As a dead letter it may leave its place to another, before this returns.
    const subscription = this.entries.subscription[entry];
    this.comeBack(sim, node, entry);
    this.deliverWaiting(sim, node, subscription);
  }

  /** An entry is to be delivered once more; `why` is counted if a consumer still has a copy. */
  protected comeBack(sim: Simulation, node: number, entry: number, why: number = CLOUD_COUNT.timedOut): void {
    const { entries } = this;
    const { maxDeliveries, limitOnDelivery } = this.rules.get(node)!;
    const subscription = entries.subscription[entry];
    this.inFlight[subscription]--;
    if (entries.state[entry] === STATE.out) {
      sim.metrics.copied++;
      this.counts.add(node, why);
      this.counts.add(node, CLOUD_COUNT.returned);
    }
    if (!limitOnDelivery && entries.deliveries[entry] >= maxDeliveries) {
      this.lines.comeIn(subscription, entry);
      this.endings.giveUp(sim, node, entry);
      return;
    }
    this.makeReady(sim, node, entry, true);
    this.lines.comeIn(subscription, entry);
  }

  protected isValid(node: number, entry: number, receipt: number): boolean {
    const { entries } = this;
    if (entries.state[entry] === STATE.ended) return false;
    const rule = this.rules.get(node)!.receipt;
    if (rule === RECEIPT.any) return true;
    if (entries.newest[entry] !== receipt) return false;
    return rule === RECEIPT.newest || entries.state[entry] === STATE.out;
  }

  protected acknowledge(sim: Simulation, node: number, entry: number): void {
    const { entries, lines } = this;
    const subscription = entries.subscription[entry];
    const state = entries.state[entry];
    const wasFull = this.inFlight[subscription] >= this.rules.get(node)!.maxInFlight;
    this.counts.add(node, CLOUD_COUNT.acknowledged);
    if (state !== STATE.out) {
      // What was to be delivered once more is withdrawn, and that life of it ends unseen.
      sim.metrics.copied--;
      this.counts.add(node, CLOUD_COUNT.withdrawn);
    }
    this.stopTimer(sim, entry);
    if (state === STATE.ready) {
      lines.remove(subscription, entry);
      sim.metrics.queuedBy(node, -1);
    } else {
      this.inFlight[subscription]--;
      lines.comeIn(subscription, entry);
    }
    sim.messages.free(entries.message[entry]);
    entries.end(entry);
    if (wasFull || this.rules.get(node)!.byKey) this.deliverWaiting(sim, node, subscription);
  }

  protected stopTimer(sim: Simulation, entry: number): void {
    if (this.entries.timer[entry] === NONE) return;
    sim.cancel(this.entries.timer[entry]);
    this.entries.timer[entry] = NONE;
  }

  private walk(node: number, states: readonly number[]): number {
    const { state, subscription } = this.entries;
    let found = 0;
    for (let entry = 0; entry < state.length; entry++) {
      if (states.includes(state[entry]) && this.subscriptions.nodeOf[subscription[entry]] === node) found++;
    }
    return found;
  }
}
