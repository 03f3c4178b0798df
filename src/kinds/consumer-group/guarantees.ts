import type { Simulation } from '../../engine/simulation.ts';
import type { Columns } from '../../lib/columns.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import { DeliveryMemory } from './delivery-memory.ts';

/** What a group promises about each message, in the order of the numbers that `Guarantees.of` holds. */
export const GUARANTEES = ['unstated', 'at-most-once', 'at-least-once', 'effectively-once'] as const;
export type Guarantee = (typeof GUARANTEES)[number];
const AT_MOST_ONCE = GUARANTEES.indexOf('at-most-once');
const AT_LEAST_ONCE = GUARANTEES.indexOf('at-least-once');
const EFFECTIVELY_ONCE = GUARANTEES.indexOf('effectively-once');
const KEY_ORDER = ['any', 'kept'] as const;
const ON_VIOLATION = ['count', 'stop'] as const;

/** What can go wrong with a message, in the words of the results. */
export const MISHAPS = ['duplicate', 'lost', 'reordered'] as const;
export type Mishap = (typeof MISHAPS)[number];
const [DUPLICATE, LOST, REORDERED] = [0, 1, 2];

/** Counts of a group, one row of doubles each, by the names of the mishaps; then the first violation. */
const ROW = {
  duplicate: 0,
  lost: 1,
  reordered: 2,
  /** Duplicates that the idempotent consumer has recognised. */
  skipped: 3,
  /** Mishap of the first violation plus 1, number of the message, its key and the time in microseconds. */
  violation: 4,
  serial: 5,
  key: 6,
  at: 7,
  size: 8,
} as const;

/** Whether a node is a group that acknowledges after the work, so that what it has may come back from it. */
export function acknowledgesLate({ kind, fields }: NodeConfig): boolean {
  return kind === 'consumer-group' && fields.guarantee !== 'at-most-once';
}

/** A message that broke what its group promises. */
export interface Violation {
  mishap: Mishap;
  /** Number of the message's birth, from 0, and index of its key, -1 for none. */
  message: number;
  key: number;
  atMicros: number;
}

/**
 * What groups promise about their messages, and what they do: duplicates, losses and messages of a key that are
 * processed out of order. Groups that state no guarantee are not watched and have nothing here but a zero.
 */
export class Guarantees {
  /** Of each node: place of its guarantee in `GUARANTEES`, 0 for a group that states none. */
  of = new Uint8Array();
  /** Called at the first violation in a group that is to stop the run. */
  onStop: (sim: Simulation) => void = () => {};
  private keepsOrder = new Uint8Array();
  private stops = new Uint8Array();
  private dedupWindow = new Int32Array();
  private counts = new Float64Array();
  private readonly memories = new Map<number, DeliveryMemory>();
  private readonly columns: Columns;

  constructor(columns: Columns, nodes: number) {
    this.columns = columns;
    for (const field of ['of', 'keepsOrder', 'stops']) columns.u8(this, field, nodes);
    columns.i32(this, 'dedupWindow', nodes);
    columns.f64(this, 'counts', nodes * ROW.size);
  }

  configure(node: number, config: NodeConfig): void {
    this.of[node] = choiceOf(config, 'guarantee', GUARANTEES);
    this.keepsOrder[node] = choiceOf(config, 'keyOrder', KEY_ORDER);
    this.stops[node] = choiceOf(config, 'onViolation', ON_VIOLATION);
    this.dedupWindow[node] = numberOf(config, 'dedupWindow');
    if (this.of[node] !== 0) this.memories.set(node, new DeliveryMemory(this.columns));
  }

  /** Whether a group commits before it works: what a crash takes from it is lost. */
  commitsFirst(node: number): boolean {
    return this.of[node] === AT_MOST_ONCE;
  }

  /** Whether an idempotent consumer would recognise this message as done. */
  recognises(node: number, serial: number): boolean {
    return (
      this.of[node] === EFFECTIVELY_ONCE && this.memories.get(node)!.age(serial) <= this.dedupWindow[node]
    );
  }

  /** A message was recognised before any work, and left alone. */
  skipped(node: number): void {
    this.counts[node * ROW.size + ROW.skipped]++;
  }

  /** A message has been processed; `enteredAt` is when it came into the channel. */
  processed(sim: Simulation, node: number, serial: number, key: number, enteredAt: number): void {
    const memory = this.memories.get(node)!;
    if (this.recognises(node, serial)) {
      // Two had it in hand at once: the second finds the first one's mark when it writes its own.
      this.skipped(node);
    } else if (memory.age(serial) < Infinity) {
      this.mishap(sim, node, DUPLICATE, serial, key);
    } else {
      memory.remember(serial);
      if (key >= 0 && memory.isLate(key, enteredAt)) this.mishap(sim, node, REORDERED, serial, key);
    }
  }

  /** A message that the group had is gone and was not processed. */
  lost(sim: Simulation, node: number, serial: number, key: number): void {
    this.mishap(sim, node, LOST, serial, key);
  }

  /** How often a mishap has happened in a group. */
  count(node: number, mishap: Mishap | 'skipped'): number {
    return this.counts[node * ROW.size + ROW[mishap]];
  }

  /** Whether the group promises that a mishap does not happen. */
  forbids(node: number, mishap: Mishap): boolean {
    if (this.of[node] === 0) return false;
    if (mishap === 'reordered') return this.keepsOrder[node] === 1;
    return this.of[node] !== (mishap === 'duplicate' ? AT_LEAST_ONCE : AT_MOST_ONCE);
  }

  /** Whether the first violation in a group ends the run. */
  stopsRun(node: number): boolean {
    return this.stops[node] === 1;
  }

  /** The first message that broke the promise of a group, or null. */
  firstViolation(node: number): Violation | null {
    const at = node * ROW.size;
    const mishap = MISHAPS[this.counts[at + ROW.violation] - 1];
    if (mishap === undefined) return null;
    const [message, key, atMicros] = [ROW.serial, ROW.key, ROW.at].map((column) => this.counts[at + column]);
    return { mishap, message, key, atMicros };
  }

  private mishap(sim: Simulation, node: number, mishap: number, serial: number, key: number): void {
    const { counts } = this;
    const at = node * ROW.size;
    counts[at + mishap]++;
    if (counts[at + ROW.violation] !== 0 || !this.forbids(node, MISHAPS[mishap])) return;
    counts[at + ROW.violation] = mishap + 1;
    counts[at + ROW.serial] = serial >>> 0;
    counts[at + ROW.key] = key;
    counts[at + ROW.at] = sim.now;
    if (this.stops[node] === 1) this.onStop(sim);
  }
}
