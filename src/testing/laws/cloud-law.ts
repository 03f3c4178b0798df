import { TRACE } from '../../engine/trace.ts';
import { STATE, type Entries } from '../../kinds/cloud-broker/entries.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { GIVEN_BACK } from '../../kinds/shared/given-back.ts';
import { LETTER_REASON } from '../../kinds/shared/letter-reasons.ts';
import { isBeside, keyOf, subscriptionOf, type Deletions, type Kept } from './kept-messages.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';
import { wantedBy, type Wanted } from './wanted-subjects.ts';

const CLOUD = kindIndex('cloud-broker');
const OUT_PORT = kindDefinition('cloud-broker')!.ports.findIndex(({ id }) => id === 'out');
/** With more messages than this, one in so many is looked at where all would have to be compared with all. */
const MANY = 300;
const LOOK_EVERY = 61;
const FIFO_WINDOW = 300_000_000;
/** Calls of one action that SQS answers for a FIFO queue in a second. */
const MOST_CALLS = 300;

/**
 * Managed brokers: nothing is delivered again before its time, more often than it may be, after its age, or beside
 * another of its key; no more is in flight than may be; what is given up was delivered as often as it may be; an id
 * counts once within its window and always again after it. A subscription with one consumer at a time delivers in the
 * order of arrival what is not out with that one, and again only when something in it is due.
 */
export class CloudLaw implements Law {
  private readonly scene: Scene;
  /** By the slot of the message that the broker keeps, and by that of the copy that a consumer has. */
  private readonly kept = new Map<number, Kept>();
  /** The same by broker, subscription and key, in order of arrival, and those of them that were delivered. */
  private readonly ofKey = new Map<string, { line: Set<Kept>; out: Set<Kept> }>();
  private readonly copies = new Map<number, { of: Kept; taken: boolean; before: Kept }>();
  private readonly seen = new Map<string, number>();
  private arrivals = 0;
  /** The message that is being offered, and the subscriptions for which it will be copied. */
  private current = { message: -1, fansLeft: 0 };
  private repeats = false;
  /** The id that this message put down as seen, and what was known of it before. */
  private noted: { name: string; before: number | undefined } | null = null;
  /** Messages that were sent to a queue, and received from it, in each second. */
  private readonly counted = new Map<string, number>();
  private readonly deleted = new Map<number, Deletions>();
  private droppedBefore = 0;
  /** Who wants the message that is being offered, where the broker has subjects. */
  private wanted: Wanted | null = null;
  private unwantedBefore = 0;
  /** Of each subscription: when something that is gone by now was due last. */
  private readonly lastDue = new Map<string, number>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  /** A dead letter is the broker's no more. */
  beforeSend(edge: number, message: number): void {
    if (this.isCloud(this.scene.sim.plan.edgeFrom[edge])) this.forget(message);
  }

  reaching(edge: number, message: number): void {
    const { sim, kinds } = this.scene;
    const node = sim.plan.edgeTo[edge];
    if (!this.isCloud(node)) return;
    const fields = this.scene.fields[node];
    const isFanned = fields.profile === 'jetstream' || fields.profile === 'pulsar';
    this.wanted = wantedBy(this.scene, node, sim.messages.address[message]);
    const readers = this.wanted === null ? this.readersOf(node) : this.wanted.takers.length;
    const fansLeft = isFanned ? Math.max(1, readers) - 1 : 0;
    this.current = { message, fansLeft };
    this.unwantedBefore = kinds.clouds.counts.of(node, 'unwanted');
    this.droppedBefore = kinds.clouds.counts.of(node, 'deduplicated');
    this.repeats = this.wanted?.isStored !== false && this.isRepeated(node, message);
    if (!this.repeats && this.wanted?.isKept !== false) this.keep(node, message, fansLeft);
  }

  reached(edge: number, message: number, accepted: boolean): void {
    const node = this.scene.sim.plan.edgeTo[edge];
    if (!this.isCloud(node)) return;
    this.checkCalls('sent', node, accepted);
    if (!accepted) {
      this.notSent(node, message);
      return;
    }
    const dropped = this.scene.kinds.clouds.counts.of(node, 'deduplicated') - this.droppedBefore;
    hold(dropped === (this.repeats ? 1 : 0), 'I19: a repetition', node, this.repeats, dropped);
    const unwanted = this.scene.kinds.clouds.counts.of(node, 'unwanted') - this.unwantedBefore;
    const isUnwanted = !this.repeats && this.wanted?.isKept === false;
    hold(unwanted === (isUnwanted ? 1 : 0), 'I4: what a stream stores', node, unwanted, isUnwanted);
    const { fansLeft } = this.current;
    hold(this.repeats || fansLeft === 0, 'I4: copies that a broker made', node, fansLeft);
    this.current = { message: -1, fansLeft: 0 };
  }

  copied(original: number, copy: number): void {
    const of = this.kept.get(original);
    if (!of) return;
    if (original === this.current.message && this.current.fansLeft > 0) {
      this.keep(of.node, copy, of.subscription - this.current.fansLeft--);
      return;
    }
    this.copies.set(copy, { of, taken: false, before: { ...of } });
    this.checkDelivery(of);
    const visibility = this.visibility(of);
    if (this.hasOneConsumer(of.node)) this.noteDue(of);
    of.deliveries++;
    of.deliveredAt = this.scene.sim.now;
    this.ofKey.get(keyOf(of))!.out.add(of);
    of.newest = copy;
    const isTwice = Number(this.scene.fields[of.node].duplicateShare) > 0;
    of.notBefore = isTwice ? 0 : this.scene.sim.now + visibility;
  }

  taken(edge: number, _lane: number, message: number): void {
    const delivery = this.copies.get(message);
    if (message < 0 || !delivery || !this.isCloud(this.scene.sim.plan.edgeFrom[edge])) return;
    delivery.taken = true;
    const { address } = this.scene.sim.messages;
    const wanted = wantedBy(this.scene, this.scene.sim.plan.edgeFrom[edge], address[message]);
    hold(wanted === null || wanted.takers.includes(edge), 'I4: got what its filter does not take', edge);
    this.checkCalls('received', this.scene.sim.plan.edgeFrom[edge], true);
  }

  freed(message: number): void {
    this.forget(message);
    const delivery = this.copies.get(message);
    // Nobody took it after all: it was not delivered.
    if (delivery && !delivery.taken) {
      Object.assign(delivery.of, delivery.before);
      if (delivery.of.deliveries === 0) this.ofKey.get(keyOf(delivery.of))!.out.delete(delivery.of);
    }
    this.copies.delete(message);
  }

  beforeGiveBack(edge: number, lane: number, message: number): void {
    const delivery = this.copies.get(message);
    const node = this.scene.sim.plan.edgeFrom[edge];
    if (message < 0 || !delivery || !this.isCloud(node)) return;
    const isRefused = (this.scene.sim.messages.flags[message] & MESSAGE_FLAG.rejected) !== 0;
    const { profile, negativeAckDelay } = this.scene.fields[node];
    const { of } = delivery;
    // Who had too much time gives nothing back.
    if (of.newest !== message || this.scene.sim.now >= of.notBefore) return;
    const wait = profile === 'pulsar' ? Number(negativeAckDelay) * 1000 : 0;
    const saysNo = lane === GIVEN_BACK.released || (isRefused && profile === 'pulsar');
    if (saysNo) of.notBefore = this.scene.sim.now + wait;
    else if (profile === 'pulsar') of.notBefore = this.scene.sim.now;
  }

  traced({ code, node, b: reason, c: deliveries }: TracedStep): void {
    if (!this.isCloud(node) || code !== TRACE.deadLettered) return;
    const most = this.mostDeliveries(node);
    hold(reason === LETTER_REASON.delivery_limit, 'I6: dead-lettered without a reason', node, reason);
    hold(deliveries === most, 'I16: dead-lettered before its last delivery', node, deliveries, most);
  }

  afterEvent(): void {
    const { kinds, kindOf, fields } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (!this.isCloud(node)) continue;
      const { profile, inFlightLimit, maxAckPending, maxUnacked } = fields[node];
      const limits: Record<string, unknown> = { jetstream: maxAckPending, pulsar: maxUnacked };
      const most = Number(limits[profile as string] ?? inFlightLimit) || Infinity;
      const inFlight = kinds.clouds.inFlightOf(node);
      hold(inFlight >= 0 && inFlight <= most, 'I10: in flight', node, inFlight, most);
      this.checkDeletes(node);
      const exhausted = kinds.clouds.counts.of(node, 'exhausted');
      hold(exhausted === 0 || this.mostDeliveries(node) < Infinity, 'I16: given up without a limit', node);
    }
  }

  private checkDelivery(of: Kept): void {
    const { now } = this.scene.sim;
    const { node } = of;
    const { profile, retentionPeriod, maxAge, subscription } = this.scene.fields[node];
    const isDue = now >= of.notBefore || (this.hasOneConsumer(node) && this.isRewound(of));
    hold(isDue, 'I15: delivered again before its time', node, now, of.notBefore);
    if (this.hasOneConsumer(node)) this.checkOrder(of);
    hold(of.deliveries < this.mostDeliveries(node), 'I15: delivered too often', node, of.deliveries);
    const ages: Record<string, unknown> = { jetstream: maxAge, pulsar: 0 };
    const age = Number(ages[profile as string] ?? retentionPeriod) * 1000 || Infinity;
    hold(now < of.enteredAt + age, 'I32: delivered though too old', node, now, of.enteredAt);
    if (profile !== 'sqs-fifo' && !(profile === 'pulsar' && subscription === 'key-shared')) return;
    const { line, out } = this.ofKey.get(keyOf(of))!;
    for (const other of out) {
      hold(other === of || now >= other.notBefore, 'I21: two of a key at a time', node, of.key);
    }
    for (const other of line) {
      if (other.arrival >= of.arrival) break;
      if (this.isLetter(other)) continue;
      hold(other.enteredAt + age <= now, 'I21: a later one of its key first', node);
    }
  }

  /** A dead letter may stand before its queue for long, and holds back nobody from there. */
  private isLetter({ message }: Kept): boolean {
    const { entries } = this.scene.kinds.clouds as unknown as { entries: Entries };
    return entries.message.every((other, entry) => other !== message || entries.state[entry] === STATE.ended);
  }

  /** Whether another of its subscription was due since it was last delivered: then all come again. */
  private isRewound(of: Kept): boolean {
    const since = (due: number) => due >= of.deliveredAt && due <= this.scene.sim.now;
    if (since(this.lastDue.get(subscriptionOf(of)) ?? -1)) return true;
    for (const other of this.kept.values()) {
      if (other.deliveries === 0 || !isBeside(of, other)) continue;
      if (!since(this.countsFromWork(of) ? Math.max(other.notBefore, of.deliveredAt) : other.notBefore))
        continue;
      this.setDue(other, other.notBefore);
      return true;
    }
    return false;
  }

  /** Whether `notBefore` is only the earliest that it may be: the client counts from when work begins. */
  private countsFromWork({ node }: Kept): boolean {
    const { profile, ackTimeout } = this.scene.fields[node];
    return profile === 'pulsar' && Number(ackTimeout) > 0;
  }

  /** A delivery is over: it was due by now at the latest, if it was. */
  private noteDue(of: Kept): void {
    this.setDue(of, this.countsFromWork(of) ? this.scene.sim.now : of.notBefore);
  }

  private setDue(of: Kept, due: number): void {
    if (of.deliveries === 0 || of.notBefore > this.scene.sim.now) return;
    const subscription = subscriptionOf(of);
    this.lastDue.set(subscription, Math.max(this.lastDue.get(subscription) ?? -1, due));
  }

  /** Nothing that came before it waits. */
  private checkOrder(of: Kept): void {
    const { entries } = this.scene.kinds.clouds as unknown as { entries: Entries };
    // Of thousands that all come again at once, some are looked at.
    if (this.kept.size > MANY && of.arrival % LOOK_EVERY !== 0) return;
    for (let entry = 0; entry < entries.state.length; entry++) {
      if (entries.state[entry] !== STATE.ready) continue;
      const other = this.kept.get(entries.message[entry]);
      const isBefore = other !== undefined && isBeside(of, other) && other.arrival < of.arrival;
      hold(!isBefore, 'I21: a later one of its subscription first', of.node, of.arrival, other?.arrival);
    }
  }

  private hasOneConsumer(node: number): boolean {
    const { profile, subscription } = this.scene.fields[node];
    return profile === 'pulsar' && (subscription === 'exclusive' || subscription === 'failover');
  }

  private forget(message: number): void {
    const of = this.kept.get(message);
    if (!of) return;
    if (this.hasOneConsumer(of.node)) this.noteDue(of);
    this.kept.delete(message);
    const { line, out } = this.ofKey.get(keyOf(of))!;
    line.delete(of);
    out.delete(of);
  }

  private keep(node: number, message: number, subscription: number): void {
    const { sim, fields } = this.scene;
    const { profile, delaySeconds } = fields[node];
    const delay = profile === 'sqs' || profile === 'sqs-fifo' ? Number(delaySeconds) * 1000 : 0;
    const of: Kept = {
      message,
      node,
      subscription,
      arrival: this.arrivals++,
      key: sim.messages.key[message],
      enteredAt: sim.now,
      deliveries: 0,
      notBefore: sim.now + delay,
      newest: -1,
      deliveredAt: -1,
    };
    this.forget(message);
    this.kept.set(message, of);
    const key = keyOf(of);
    if (!this.ofKey.has(key)) this.ofKey.set(key, { line: new Set(), out: new Set() });
    this.ofKey.get(key)!.line.add(of);
  }

  /** A queue takes, and gives, as many messages in a second as its calls have room for, and refuses none before. */
  private checkCalls(what: 'sent' | 'received', node: number, accepted: boolean): void {
    const { sim, fields } = this.scene;
    const { profile, fifoThroughput, callBatch } = fields[node];
    const isLimited = profile === 'sqs-fifo' && fifoThroughput === 'per-queue';
    const most = isLimited ? MOST_CALLS * Number(callBatch) : Infinity;
    const place = `${what} ${node} ${Math.floor(sim.now / 1_000_000)}`;
    const count = (this.counted.get(place) ?? 0) + 1;
    if (accepted) this.counted.set(place, count);
    hold(!accepted || count <= most, 'I10: messages of a second of calls', node, what, count, most);
    // Who finds others in line stands behind them, whatever there is room for.
    const isAlone = sim.transfers.waiters.count[node] <= 1;
    const isRight = accepted || count > most || !isAlone;
    hold(isRight, 'I46: a managed broker holds a sender back', node, count, most);
  }

  /** As many are deleted in a second as its calls have room for, and none waits for less. */
  private checkDeletes(node: number): void {
    const { sim, kinds, fields } = this.scene;
    const { profile, fifoThroughput, callBatch } = fields[node];
    if (profile !== 'sqs-fifo' || fifoThroughput !== 'per-queue') return;
    const most = MOST_CALLS * Number(callBatch);
    const second = Math.floor(sim.now / 1_000_000);
    const { acknowledged, tooLate } = kinds.clouds.counts.all(node);
    const known = this.deleted.get(node) ?? { second, before: 0, sum: 0, events: 0, isWhole: true };
    const isWhole = known.second === second ? known.isWhole : sim.events <= known.events + 1;
    if (known.second !== second) Object.assign(known, { second, before: known.sum });
    Object.assign(known, { sum: acknowledged + tooLate, events: sim.events, isWhole });
    this.deleted.set(node, known);
    if (!isWhole) return;
    const count = known.sum - known.before;
    hold(count <= most, 'I10: messages deleted in a second of calls', node, count, most);
    const waiting = kinds.clouds.deletesWaiting(node);
    // Where a second begins, it may not have been told yet.
    const isTold = sim.queue.peekTime() > sim.now;
    hold(
      !isTold || waiting === 0 || count === most,
      'I46: a deletion waits for nothing',
      node,
      waiting,
      count,
    );
  }

  /** What was refused is as it was before it was offered. */
  private notSent(node: number, message: number): void {
    if (!this.repeats) this.forget(message);
    if (!this.repeats && this.noted !== null) {
      if (this.noted.before === undefined) this.seen.delete(this.noted.name);
      else this.seen.set(this.noted.name, this.noted.before);
    }
    hold(!this.isCloud(node) || this.current.message === message, 'I46: refuses another', node, message);
    this.current = { message: -1, fansLeft: 0 };
  }

  private isRepeated(node: number, message: number): boolean {
    const { sim, fields } = this.scene;
    const { profile, dedupId, duplicateWindow } = fields[node];
    const windows: Record<string, number> = {
      'sqs-fifo': FIFO_WINDOW,
      jetstream: Number(duplicateWindow) * 1000,
    };
    const window = windows[profile as string] ?? 0;
    this.noted = null;
    const id = dedupId === 'key' ? sim.messages.key[message] : sim.messages.serial[message];
    if (window === 0 || id < 0) return false;
    const name = `${node}/${id}`;
    const before = this.seen.get(name);
    if (sim.now - (before ?? -Infinity) < window) return true;
    this.noted = { name, before };
    this.seen.set(name, sim.now);
    return false;
  }

  private visibility({ node, deliveries }: Kept): number {
    const { profile, visibilityTimeout, ackWait, backOff, ackTimeout } = this.scene.fields[node];
    if (profile === 'pulsar') return Number(ackTimeout) * 1000 || Infinity;
    if (profile !== 'jetstream') return Number(visibilityTimeout) * 1000;
    const seconds = (backOff as string).split(',').filter((part) => part.trim() !== '');
    const chosen = seconds[Math.min(deliveries, seconds.length - 1)];
    return Math.round(chosen === undefined ? Number(ackWait) * 1000 : Number(chosen) * 1e6);
  }

  private mostDeliveries(node: number): number {
    const { profile, maxReceiveCount, maxDeliver, maxRedeliverCount } = this.scene.fields[node];
    if (this.hasOneConsumer(node)) return Infinity;
    if (profile === 'pulsar') return Number(maxRedeliverCount) > 0 ? Number(maxRedeliverCount) + 1 : Infinity;
    return Number(profile === 'jetstream' ? maxDeliver : maxReceiveCount) || Infinity;
  }

  private readersOf(node: number): number {
    const { outEdges, outStart, edgePort } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.filter((edge) => edgePort[edge] === OUT_PORT).length;
  }

  private isCloud(node: number): boolean {
    return this.scene.kindOf[node] === CLOUD;
  }
}
