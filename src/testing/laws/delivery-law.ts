import { SKIPPED } from '../../kinds/consumer-group/watched-work.ts';
import { WORKER } from '../../kinds/consumer-group/workers.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { hold, isCalled, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const GROUP = kindIndex('consumer-group');
const OUT_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ id }) => id === 'out');

/** A message that a worker has in hand, or has done. */
interface Work {
  serial: number;
  key: number;
  enteredAt: number;
}

/** What has become of the messages of one group, recounted. */
interface Tally {
  processed: number;
  /** The instant of the last message done, and how many had been processed before it. */
  instant: number;
  before: number;
  /** Number of each processed message among all, by its birth. */
  numberOf: Map<number, number>;
  /** When the newest processed message of each key had entered the channel. */
  newest: Map<number, number>;
  duplicate: number;
  skipped: number;
  lost: number;
  reordered: number;
}

/**
 * Delivery guarantees: who commits first gets nothing a second time, and what is counted as done again, skipped, lost
 * or out of order is what happened, by lists without an end. Kept for groups that are the end of their messages,
 * whose every step the trace tells.
 */
export class DeliveryLaw implements Law {
  private readonly scene: Scene;
  private readonly tallies = new Map<number, Tally>();
  private readonly isWorkedOn = new Map<number, Work>();
  /** Of each member its transaction, and what it has done in it: that counts once the transaction is committed. */
  private readonly transactionOf = new Map<number, number>();
  private readonly doneIn = new Map<number, Work[]>();
  /** Of each group how many of its transactions were committed, and how many were not. */
  private readonly ended = new Map<number, readonly [number, number]>();
  /** Messages on which work has begun, until they are gone or go on. */
  private readonly begun = new Set<number>();
  private readonly nextOffset = new Map<string, number>();
  /** Events since somebody looked. */
  private events = 0;

  constructor(scene: Scene) {
    this.scene = scene;
    for (let node = 0; node < scene.kindOf.length; node++) {
      if (scene.kindOf[node] !== GROUP || !this.isEnd(node)) continue;
      if ((scene.fields[node].guarantee ?? 'unstated') === 'unstated') continue;
      const counts = {
        processed: 0,
        instant: -1,
        before: 0,
        duplicate: 0,
        skipped: 0,
        lost: 0,
        reordered: 0,
      };
      this.tallies.set(node, { ...counts, numberOf: new Map(), newest: new Map() });
    }
  }

  taken(edge: number, lane: number, message: number): void {
    const { plan } = this.scene.sim;
    if (
      message < 0 ||
      this.scene.kindOf[plan.edgeFrom[edge]] !== TOPIC ||
      !this.commitsFirst(plan.edgeTo[edge])
    )
      return;
    const place = `${edge}/${lane}`;
    const least = this.nextOffset.get(place) ?? 0;
    const position = this.scene.kinds.topics.position(edge, lane) - 1;
    hold(position >= least, 'I12: a record is read again', edge, lane, position, least);
    this.nextOffset.set(place, position + 1);
  }

  /** An offset that was cut off is given to another record. */
  private cutOff(topic: number, lane: number, from: number): void {
    const { outEdges, outStart } = this.scene.sim.plan;
    for (const edge of outEdges.subarray(outStart[topic], outStart[topic + 1])) {
      const place = `${edge}/${lane}`;
      this.nextOffset.set(place, Math.min(from, this.nextOffset.get(place) ?? 0));
    }
  }

  beforeGiveBack(edge: number, _lane: number, message: number): void {
    const group = this.scene.sim.plan.edgeTo[edge];
    if (message < 0 || !this.commitsFirst(group)) return;
    // What waits at a consumer is acknowledged when the work on it begins.
    const isFromLog = this.scene.kindOf[this.scene.sim.plan.edgeFrom[edge]] === TOPIC;
    hold(!isFromLog && !this.begun.has(message), 'I12: what is acknowledged is given back', edge);
  }

  beforeSend(_edge: number, message: number): void {
    this.begun.delete(message);
  }

  freed(message: number): void {
    this.begun.delete(message);
  }

  traced({ at, code, node, a, b, c }: TracedStep): void {
    const { sim, kinds } = this.scene;
    if (code === TRACE.cutOff) this.cutOff(node, a, b);
    if (code === TRACE.started) this.begun.add(kinds.consumers.workers.of(b, WORKER.message));
    // Of several events at once nobody can tell what came before the end of a transaction.
    const inTransactions = kinds.consumers.transactions?.has(node) === true;
    if (inTransactions && this.events > 1) this.tallies.delete(node);
    const tally = this.tallies.get(node);
    if (!tally) return;
    if (code === TRACE.started) {
      const message = kinds.consumers.workers.of(b, WORKER.message);
      const { serial, key, enteredAt } = sim.messages;
      this.isWorkedOn.set(b, { serial: serial[message], key: key[message], enteredAt: enteredAt[message] });
    }
    if (code === TRACE.dropped) tally.lost++;
    if (code === TRACE.acknowledged) this.beginInstant(tally, at);
    if (code === TRACE.acknowledged && c === SKIPPED) this.skipped(node, tally, a >>> 0);
    else if (code === TRACE.acknowledged) {
      const work = { ...this.isWorkedOn.get(b)!, serial: a >>> 0 };
      const member = kinds.consumers.workers.of(b, WORKER.member);
      if (!inTransactions) this.done(node, tally, work);
      else this.doneIn.set(member, [...(this.doneIn.get(member) ?? []), work]);
    }
    if (code === TRACE.acknowledged || code === TRACE.dropped) this.isWorkedOn.delete(b);
  }

  popped(): void {
    this.events++;
  }

  afterEvent(): void {
    const { guarantees } = this.scene.kinds.consumers.work;
    for (const [node, tally] of this.tallies) {
      if (this.scene.kinds.consumers.transactions?.has(node) === true) this.endTransactions(node, tally);
      if (!this.tallies.has(node)) continue;
      for (const what of ['duplicate', 'skipped', 'lost', 'reordered'] as const) {
        const count = guarantees.count(node, what);
        hold(count === tally[what], `I19: ${what}`, node, count, tally[what]);
      }
    }
    this.events = 0;
  }

  /** Recognised when a worker took it, at this instant; what was done since then may have pushed it out of the window. */
  private skipped(node: number, tally: Tally, serial: number): void {
    const number = tally.numberOf.get(serial) ?? -Infinity;
    const isKnown = tally.before - number < Number(this.scene.fields[node].dedupWindow);
    hold(isKnown, 'I19: a message was skipped that was not done', node, serial);
    tally.skipped++;
  }

  private beginInstant(tally: Tally, at: number): void {
    if (tally.instant === at) return;
    tally.instant = at;
    tally.before = tally.processed;
  }

  /** What members did in transactions that ended in this event counts, or never was. */
  private endTransactions(node: number, tally: Tally): void {
    const { kinds, sim } = this.scene;
    const { transactions, workers } = kinds.consumers;
    const { committed, aborted, leftOpen } = transactions!.figures(node)!;
    const [good, bad] = this.ended.get(node) ?? [0, 0];
    this.ended.set(node, [committed, aborted + leftOpen]);
    const [isGood, isBad] = [committed > good, aborted + leftOpen > bad];
    const first = workers.firstMember[node];
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      const now = transactions!.slotOf(member);
      const before = this.transactionOf.get(member) ?? now;
      this.transactionOf.set(member, now);
      if (now === before || before < 0) continue;
      const works = this.doneIn.get(member) ?? [];
      this.doneIn.delete(member);
      // Which was which, and what was done after an end, can only be told of one event that had one kind of end.
      if ((isGood && isBad && works.length > 0) || this.events > 1) {
        this.tallies.delete(node);
        return;
      }
      if (!isGood) continue;
      this.beginInstant(tally, sim.now);
      for (const work of works) this.done(node, tally, work);
    }
  }

  private done(node: number, tally: Tally, { serial, key, enteredAt }: Work): void {
    const { fields } = this.scene;
    const number = tally.numberOf.get(serial);
    const window = fields[node].guarantee === 'effectively-once' ? Number(fields[node].dedupWindow) : 0;
    const isKnown = number !== undefined && tally.processed - number < window;
    if (isKnown) tally.skipped++;
    else if (number !== undefined) tally.duplicate++;
    else {
      tally.numberOf.set(serial, ++tally.processed);
      const newest = tally.newest.get(key) ?? -1;
      if (key < 0) return;
      if (enteredAt < newest) tally.reordered++;
      else tally.newest.set(key, enteredAt);
    }
  }

  private commitsFirst(node: number): boolean {
    return this.scene.kindOf[node] === GROUP && this.scene.fields[node].guarantee === 'at-most-once';
  }

  private isEnd(node: number): boolean {
    const { outEdges, outStart, edgePort, edgeTo } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return !edges.some((edge) => edgePort[edge] === OUT_PORT && !isCalled(this.scene.kindOf[edgeTo[edge]]));
  }
}
