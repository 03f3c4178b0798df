import type { Simulation } from '../../engine/simulation.ts';
import type { LetterTargets } from './letter-targets.ts';

const NONE = -1;
const WORD_SHIFT = 5;

/** Queues that get a letter, as places in its route, and whether no other will be left without it. */
export interface Part {
  part: readonly number[];
  isLast: boolean;
}

/**
 * Letters that go to several queues, of which some have theirs and others do not yet: each queue gets it as soon as it
 * has room, and only what it lacks is sent again.
 */
export class LetterParts {
  /** While a part goes out: its edge, the copy that carries it and the letter that stays, for who watches it. */
  private outgoing: { edge: number; copy: number; letter: number } | null = null;
  private readonly targets: LetterTargets;
  private readonly words: number;
  /** Of each letter under way: the queues that have it, as bits at their places in its route. */
  private had = new Int32Array();

  constructor(sim: Simulation, targets: LetterTargets, places: number) {
    this.targets = targets;
    this.words = (sim.plan.nodeCount >>> WORD_SHIFT) + 1;
    sim.columns.i32(this, 'had', places * this.words);
  }

  /** Whether some queue has a letter already. */
  isBegun(place: number): boolean {
    return this.had.subarray(place * this.words, (place + 1) * this.words).some((word) => word !== 0);
  }

  /** The letter that stays while a message carries it to some of its queues by this edge; NONE for any other. */
  letterOf(edge: number, message: number): number {
    // The same copy may die in the queue that gets it and go on from there, and is a letter of that queue then.
    const { outgoing } = this;
    return outgoing?.edge === edge && outgoing.copy === message ? outgoing.letter : NONE;
  }

  forget(place: number): void {
    this.had.fill(0, place * this.words, (place + 1) * this.words);
  }

  /**
   * Which queues get a letter now, as places in its route: all that lack it if none would refuse it, else those that
   * take it at once.
   */
  next(sim: Simulation, edge: number, letter: number, place: number): Part {
    const { targets } = this;
    const ways = targets.waysOf(sim, sim.plan.edgeTo[edge], letter);
    const rest = Array.from(ways.keys()).filter((at) => !this.hasHad(place, at));
    const left = rest.map((at) => ways[at]);
    const isLast = !targets.isRefusing(sim, left, letter) && targets.hasOpen(sim, left, letter);
    const part = isLast ? rest : rest.filter((at) => targets.takes(sim, ways[at].edge, letter));
    return { part, isLast };
  }

  /** Hands a part of a letter over by `offer`, as a copy unless it is the last one; false if the exchange takes none now. */
  hand(
    sim: Simulation,
    letter: number,
    { edge, place }: { edge: number; place: number },
    { part, isLast }: Part,
    offer: (message: number) => boolean,
  ): boolean {
    const { routes } = this.targets;
    const before = this.outgoing;
    const message = isLast ? letter : sim.messages.copy(letter);
    if (!isLast) {
      sim.metrics.copied++;
      this.outgoing = { edge, copy: message, letter };
    }
    routes.nextPart = part;
    const isTaken = offer(message);
    routes.nextPart = null;
    // This may have come about while another letter was handed over.
    this.outgoing = before;
    if (isTaken && !isLast) for (const at of part) this.had[this.wordOf(place, at)] |= 1 << at;
    if (!isTaken && !isLast) {
      sim.metrics.copied--;
      sim.messages.free(message);
    }
    return isTaken;
  }

  private hasHad(place: number, at: number): boolean {
    return (this.had[this.wordOf(place, at)] & (1 << at)) !== 0;
  }

  private wordOf(place: number, at: number): number {
    return place * this.words + (at >>> WORD_SHIFT);
  }
}
