import { consumerTimeoutOf, hasTimeout } from '../../kinds/consumer-group/consumer-timeouts.ts';
import { LATE, PHASE, WORKER } from '../../kinds/consumer-group/workers.ts';
import type { NodeConfig } from '../../kinds/shared/node-config.ts';
import { GIVEN_BACK } from '../../kinds/shared/given-back.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const KINDS = ['queue', 'consumer-group'] as const;

/** Something that a consumer has: when its queue takes it back, and when its message ended, NaN while it lives. */
interface Delivery {
  dueAt: number;
  endedAt: number;
}

/** An edge along which messages are taken back: its timeout, and what is not settled, by message. */
interface Timed {
  timeout: number;
  /**
   * Oldest first, so those that ended come first, too. A message that goes round in a circle may be there twice (or, while
   * nobody hears of the first, tens of thousands of times), and one that ended before its queue could hear of it beside
   * the next one of the same number.
   */
  deliveries: Map<number, Delivery[]>;
  /**
   * Of a message that goes round in a circle while nobody hears of its delivery before: how many of those are over, and
   * it shows only later which.
   */
  undecided: Map<number, number>;
}

/**
 * The consumer timeout of quorum queues: what a consumer has not settled in time comes back at that very time and never
 * before, as a second life of the message, and its consumer gets nothing until it has settled it. With clocks of its own.
 */
export class ConsumerTimeoutLaw implements Law {
  private readonly scene: Scene;
  private readonly edges = new Map<number, Timed>();
  /** Of each copy: what it was made of. */
  private readonly originalOf = new Map<number, number>();
  /** Of each consumer that is late: how much it had then. */
  private readonly hadWhenLate = new Map<string, number>();

  constructor(scene: Scene) {
    this.scene = scene;
    const { plan } = scene.sim;
    for (const [edge, queue] of plan.edgeFrom.entries()) {
      const group = plan.edgeTo[edge];
      if (!hasTimeout(this.configOf(queue), this.configOf(group))) continue;
      const timeout = consumerTimeoutOf(this.configOf(queue));
      this.edges.set(edge, { timeout, deliveries: new Map(), undecided: new Map() });
    }
  }

  taken(edge: number, _lane: number, message: number): void {
    const timed = this.edges.get(edge);
    if (!timed || message < 0) return;
    const delivery = { dueAt: this.scene.sim.now + timed.timeout, endedAt: NaN };
    const others = timed.deliveries.get(message);
    if (others) others.push(delivery);
    else timed.deliveries.set(message, [delivery]);
  }

  copied(original: number, copy: number): void {
    this.originalOf.set(copy, original);
  }

  freed(message: number): void {
    this.originalOf.delete(message);
    for (const { deliveries } of this.edges.values()) {
      for (const one of deliveries.get(message) ?? [])
        if (Number.isNaN(one.endedAt)) one.endedAt = this.scene.sim.now;
    }
  }

  settled(edge: number, message: number): void {
    const timed = this.edges.get(edge);
    if (!timed) return;
    const { now } = this.scene.sim;
    const dueAt = this.ends(timed, message, false);
    hold(dueAt >= now, 'I15: settled after the consumer timeout', edge, dueAt, now);
  }

  beforeGiveBack(edge: number, lane: number, message: number): void {
    const timed = this.edges.get(edge);
    if (!timed) return;
    const { now } = this.scene.sim;
    const original = this.originalOf.get(message);
    const isCopy = !timed.deliveries.has(message) && original !== undefined;
    const dueAt = this.ends(timed, isCopy ? original : message, isCopy);
    // Copies come back for the timeout, or as a broker closes the connection of a consumer.
    const isInTime = isCopy && lane === GIVEN_BACK.released ? dueAt === now : dueAt >= now;
    hold(isInTime, 'I15: taken back before or after the consumer timeout', edge, dueAt, now);
  }

  /** Who is late may have been in time meanwhile, and have got more. */
  unseen(): void {
    this.hadWhenLate.clear();
  }

  afterEvent(): void {
    const { now } = this.scene.sim;
    for (const [edge, timed] of this.edges) {
      for (const [message, mine] of timed.deliveries) {
        while (mine.length > 0 && mine[0].dueAt < now) {
          const isOver = (timed.undecided.get(message) ?? 0) > 0;
          hold(isOver, 'I15: kept for longer than the consumer timeout', edge, mine[0].dueAt, now);
          timed.undecided.set(message, timed.undecided.get(message)! - 1);
          mine.shift();
        }
        forgetIfOver(timed, message);
      }
      this.checkLate(edge);
    }
  }

  /** Who is late with something gets nothing more. */
  private checkLate(edge: number): void {
    const { timeouts, workers } = this.scene.kinds.consumers;
    const group = this.scene.sim.plan.edgeTo[edge];
    for (let local = 0; local < workers.memberCount[group]; local++) {
      const key = `${edge} ${local}`;
      const has = this.has(edge, group, local);
      if (timeouts!.lateOf(edge, local) === 0) {
        this.hadWhenLate.delete(key);
        continue;
      }
      const had = this.hadWhenLate.get(key) ?? has;
      hold(has <= had, 'I14: more for a consumer that is over its time', edge, local, had, has);
      this.hadWhenLate.set(key, has);
    }
  }

  /** A delivery is over; returns when it would have been taken back. */
  private ends(timed: Timed, message: number, isTakenBack: boolean): number {
    const { now } = this.scene.sim;
    const mine = timed.deliveries.get(message) ?? [];
    const undecided = timed.undecided.get(message) ?? 0;
    hold(mine.length > undecided, 'I14: settled what is not its own any more', message);
    const due = isTakenBack && mine[0].dueAt === now ? 0 : null;
    const over = due ?? endedOf(mine, now) ?? (mine.length === 1 ? 0 : null);
    const { dueAt } = over === null ? mine.at(-1)! : mine[over];
    if (over === null) timed.undecided.set(message, undecided + 1);
    else mine.splice(over, 1);
    forgetIfOver(timed, message);
    return dueAt;
  }

  /** What a member has along an edge and has neither settled nor had too long. */
  private has(edge: number, group: number, local: number): number {
    const { prefetch, workers } = this.scene.kinds.consumers;
    if (prefetch?.has(group)) return prefetch.unacknowledgedOf(edge, local);
    const size = workers.concurrency[group];
    const first = workers.firstWorker[group] + local * size;
    let count = 0;
    for (let worker = first; worker < first + size; worker++) {
      const isBusy =
        workers.of(worker, WORKER.phase) !== PHASE.idle && workers.of(worker, WORKER.edge) === edge;
      if (isBusy && workers.of(worker, WORKER.row) !== LATE) count++;
    }
    return count;
  }

  private configOf(node: number): NodeConfig {
    const kind = KINDS.find((each) => kindIndex(each) === this.scene.kindOf[node]);
    return { kind, fields: this.scene.fields[node] } as NodeConfig;
  }
}

/**
 * Which of the deliveries of one message is settled now by what is known of their ends, null for none. Who is done
 * settles at the instant at which the message ends, or when its queue can hear of that.
 */
function endedOf(mine: readonly Delivery[], now: number): number | null {
  if (Number.isNaN(mine[0].endedAt)) return null;
  const last = mine.findLastIndex(({ endedAt }) => endedAt <= now);
  return mine[last].endedAt === now ? last : 0;
}

/** All deliveries of a message are over. */
function forgetIfOver({ deliveries, undecided }: Timed, message: number): void {
  if (deliveries.get(message)!.length > (undecided.get(message) ?? 0)) return;
  deliveries.delete(message);
  undecided.delete(message);
}
