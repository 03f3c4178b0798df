import { consumerTimeoutOf, hasTimeout } from '../../kinds/consumer-group/consumer-timeouts.ts';
import { LATE, PHASE, WORKER } from '../../kinds/consumer-group/workers.ts';
import type { NodeConfig } from '../../kinds/shared/node-config.ts';
import { GIVEN_BACK } from '../../kinds/shared/given-back.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const KINDS = ['queue', 'consumer-group'] as const;

/** An edge along which messages are taken back: its timeout, and when each that is not settled is over, by message. */
interface Timed {
  timeout: number;
  /** Oldest first; a message that goes round in a circle may be there twice. */
  dueAt: Map<number, number[]>;
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
      this.edges.set(edge, { timeout: consumerTimeoutOf(this.configOf(queue)), dueAt: new Map() });
    }
  }

  taken(edge: number, _lane: number, message: number): void {
    const timed = this.edges.get(edge);
    if (!timed || message < 0) return;
    const others = timed.dueAt.get(message) ?? [];
    timed.dueAt.set(message, [...others, this.scene.sim.now + timed.timeout]);
  }

  copied(original: number, copy: number): void {
    this.originalOf.set(copy, original);
  }

  freed(message: number): void {
    this.originalOf.delete(message);
  }

  settled(edge: number, message: number): void {
    const timed = this.edges.get(edge);
    if (!timed) return;
    const { now } = this.scene.sim;
    const dueAt = this.ends(timed, message);
    hold(dueAt >= now, 'I15: settled after the consumer timeout', edge, dueAt, now);
  }

  beforeGiveBack(edge: number, lane: number, message: number): void {
    const timed = this.edges.get(edge);
    if (!timed) return;
    const { now } = this.scene.sim;
    const original = this.originalOf.get(message);
    const isCopy = !timed.dueAt.has(message) && original !== undefined;
    const dueAt = this.ends(timed, isCopy ? original : message);
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
    for (const [edge, { dueAt }] of this.edges) {
      for (const [first] of dueAt.values())
        hold(first >= now, 'I15: kept for longer than the consumer timeout', edge, first, now);
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
  private ends({ dueAt }: Timed, message: number): number {
    const mine = dueAt.get(message);
    hold(mine !== undefined, 'I14: settled what is not its own any more', message);
    const first = mine!.shift()!;
    if (mine!.length === 0) dueAt.delete(message);
    return first;
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
