import { METRIC } from '../../engine/metrics.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { EdgeRows } from '../shared/edge-roles.ts';
import { microsOf, type NodeConfig } from '../shared/node-config.ts';
import { INT, ROW_SHIFT } from './queue-row.ts';
import { LetterParts, type Part } from './letter-parts.ts';
import type { LetterTargets } from './letter-targets.ts';
import { OVERFLOW } from './queue-states.ts';

/** Event type of a queue: what no target has confirmed is sent to it again. */
export const SEND_AGAIN = 2;

const NONE = -1;
/** Letters that are under way at once (dead_letter_worker_consumer_prefetch). */
const PREFETCH = 32;
/** Overflow policies that go with it: the broker's reject-publish, which a sender that waits stands for as well. */
const REFUSES_NEW: readonly number[] = [OVERFLOW.block, OVERFLOW.dropNewest];

/** Those of the queues that dead-letter at least once; null if none does. */
export function safeLetters(
  sim: Simulation,
  configs: readonly NodeConfig[],
  parts: { edges: EdgeRows; ints: Int32Array; targets: LetterTargets },
): SafeLetters | null {
  const nodes = configs.flatMap(({ kind, fields }, node) =>
    kind === 'queue' && fields.queueType === 'quorum' && fields.deadLetterStrategy === 'at-least-once'
      ? [node]
      : [],
  );
  return nodes.length > 0 ? new SafeLetters(sim, configs, nodes, parts) : null;
}

/**
 * Dead letters of quorum queues that dead-letter at least once: each stays in its queue until its target has confirmed
 * it. What a target refuses, or what no binding takes, is sent again when the timeout for confirms is over. Made only
 * where a design has such a queue.
 */
export class SafeLetters {
  private readonly edges: EdgeRows;
  private readonly ints: Int32Array;
  private readonly targets: LetterTargets;
  /** Of those that go to several queues: which have them. */
  readonly parts: LetterParts;
  /** Letters that nobody has tried to send yet. */
  private readonly lists: MessageLists;
  /** Of each queue: its first place for letters under way, NONE for a queue of another strategy; and its timeout. */
  private readonly first: Int32Array;
  private readonly timeout: Float64Array;
  private timer = new Int32Array();
  /** Letters under way of each queue. */
  private sent = new Int32Array();
  /** Of each place: its letter, when that was sent last, and 1 while it stands in line before a target. */
  private letter = new Int32Array();
  private sentAt = new Float64Array();
  private isInLine = new Uint8Array();
  /** How often a target of each queue did not take a letter. */
  private refused = new Float64Array();

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    parts: { edges: EdgeRows; ints: Int32Array; targets: LetterTargets },
  ) {
    const { columns, plan } = sim;
    this.edges = parts.edges;
    this.ints = parts.ints;
    this.targets = parts.targets;
    this.parts = new LetterParts(sim, parts.targets, nodes.length * PREFETCH);
    this.lists = new MessageLists(columns, sim.messages, plan.nodeCount);
    this.first = new Int32Array(plan.nodeCount).fill(NONE);
    this.timeout = new Float64Array(plan.nodeCount);
    columns.i32(this, 'timer', plan.nodeCount).fill(NONE);
    columns.i32(this, 'sent', plan.nodeCount);
    columns.i32(this, 'letter', nodes.length * PREFETCH).fill(NONE);
    columns.f64(this, 'sentAt', nodes.length * PREFETCH);
    columns.u8(this, 'isInLine', nodes.length * PREFETCH);
    columns.f64(this, 'refused', plan.nodeCount);
    nodes.forEach((node, place) => {
      this.first[node] = place * PREFETCH;
      this.timeout[node] = microsOf(configs[node], 'deadLetterTimeout');
    });
  }

  /** Whether a queue dead-letters at least once: it asks for that, and takes nothing new when it is full. */
  has(node: number): boolean {
    if (this.first[node] === NONE) return false;
    return REFUSES_NEW.includes(this.ints[(node << ROW_SHIFT) | INT.overflow]);
  }

  /** Letters of a queue that no target has confirmed. */
  waiting(node: number): number {
    return this.sent[node] + this.lists.length(node);
  }

  /** How often a target did not take a letter of a queue. */
  timesRefused(node: number): number {
    return this.refused[node];
  }

  walk(node: number): number {
    let count = this.lists.walk(node);
    for (const place of this.places(node)) if (this.letter[place] !== NONE) count++;
    return count;
  }

  add(sim: Simulation, node: number, letter: number): void {
    this.lists.push(node, letter);
    this.sendMore(sim, node);
  }

  /** There is room for a letter that stands in line; false if there was none after all. */
  room(sim: Simulation, node: number, edge: number, place: number): boolean {
    const letter = this.letter[place];
    if (!this.isWhole(sim, edge, place)) {
      const next = this.nextPart(sim, edge, place);
      if (next === null) this.leaveLine(sim, node, edge, place);
      else if (
        this.parts.hand(sim, letter, { edge, place }, next, (message) =>
          sim.resend(edge, message, tagOf(place)),
        )
      ) {
        this.isInLine[place] = 0;
        const hasLeft = this.partSent(sim, node, place, next.isLast);
        if (hasLeft) this.sendMore(sim, node);
        return hasLeft;
      }
      return false;
    }
    if (!sim.resend(edge, letter, tagOf(place))) return false;
    this.confirmed(sim, node, place);
    this.sendMore(sim, node);
    return true;
  }

  /** The timeout for confirms is over; true if a letter left. */
  sendAgain(sim: Simulation, node: number): boolean {
    const before = this.waiting(node);
    this.timer[node] = NONE;
    for (const place of this.places(node)) {
      const isDue = this.sentAt[place] + this.timeout[node] <= sim.now;
      if (this.letter[place] !== NONE && this.isInLine[place] === 0 && isDue) this.send(sim, node, place);
    }
    this.sendMore(sim, node);
    const rest = this.places(node).some((place) => this.letter[place] !== NONE && this.isInLine[place] === 0);
    if (rest) this.setTimer(sim, node);
    return this.waiting(node) < before;
  }

  private sendMore(sim: Simulation, node: number): void {
    while (this.sent[node] < PREFETCH && this.lists.length(node) > 0) {
      const place = this.places(node).find((each) => this.letter[each] === NONE)!;
      this.letter[place] = this.lists.shift(node);
      this.sent[node]++;
      this.send(sim, node, place);
    }
  }

  private send(sim: Simulation, node: number, place: number): void {
    const edge = this.edges.edges[this.edges.start[node]];
    this.sentAt[place] = sim.now;
    if (!this.isWhole(sim, edge, place)) {
      this.sendPart(sim, node, edge, place);
      return;
    }
    this.isInLine[place] = 1;
    if (sim.send(edge, this.letter[place], tagOf(place))) this.confirmed(sim, node, place);
  }

  /** Whether no target of a letter has it, and none would refuse it now. */
  private isWhole(sim: Simulation, edge: number, place: number): boolean {
    return !this.parts.isBegun(place) && !this.targets.refuses(sim, edge, this.letter[place]);
  }

  /** The queues behind an exchange that may get a letter now; null if there are none. */
  private nextPart(sim: Simulation, edge: number, place: number): Part | null {
    if (this.targets.exchangeAt(sim, edge) === NONE) return null;
    const next = this.parts.next(sim, edge, this.letter[place], place);
    return next.part.length > 0 ? next : null;
  }

  /** Those targets of a letter that have room get it; it stays for the others. */
  private sendPart(sim: Simulation, node: number, edge: number, place: number): void {
    const next = this.nextPart(sim, edge, place);
    const letter = this.letter[place];
    if (next === null) this.notTaken(sim, node, place);
    else if (this.targets.isFree(sim, edge)) {
      this.parts.hand(sim, letter, { edge, place }, next, (message) => sim.send(edge, message, tagOf(place)));
      this.partSent(sim, node, place, next.isLast);
    } else {
      this.isInLine[place] = 1;
      sim.send(edge, letter, tagOf(place));
    }
  }

  /** Some targets of a letter have got it; true if these were the last. */
  private partSent(sim: Simulation, node: number, place: number, isLast: boolean): boolean {
    if (isLast) this.confirmed(sim, node, place);
    else this.notTaken(sim, node, place);
    return isLast;
  }

  /** Not all targets of a letter take it now: it is sent again later. */
  private notTaken(sim: Simulation, node: number, place: number): void {
    this.sentAt[place] = sim.now;
    this.refused[node]++;
    this.setTimer(sim, node);
  }

  private confirmed(sim: Simulation, node: number, place: number): void {
    this.letter[place] = NONE;
    this.parts.forget(place);
    this.isInLine[place] = 0;
    sim.metrics.count(node, METRIC.out);
    if (--this.sent[node] > 0 || this.timer[node] === NONE) return;
    sim.cancel(this.timer[node]);
    this.timer[node] = NONE;
  }

  /** What it stood in line for refuses it now: whoever stands there next may come. */
  private leaveLine(sim: Simulation, node: number, edge: number, place: number): void {
    const target = sim.transfers.target[edge];
    sim.transfers.waiters.pushFront(target, edge, tagOf(place));
    sim.cancelWait(edge, tagOf(place));
    this.targets.leftLine(sim, edge);
    this.isInLine[place] = 0;
    this.notTaken(sim, node, place);
    // While the network is in trouble, it calls them itself.
    if (target === sim.plan.edgeTo[edge]) sim.roomFreed(target);
  }

  private setTimer(sim: Simulation, node: number): void {
    if (this.timer[node] === NONE) this.timer[node] = sim.after(this.timeout[node], node, SEND_AGAIN, 0);
  }

  private places(node: number): number[] {
    const first = this.first[node];
    return first === NONE ? [] : Array.from({ length: PREFETCH }, (_, at) => first + at);
  }
}

/** The tag of a letter under way; 0 is that of the other letters of queues. */
function tagOf(place: number): number {
  return place + 1;
}

/** The place of a letter by its tag, NONE for a letter that is not sent from one. */
export function placeOf(tag: number): number {
  return tag - 1;
}
