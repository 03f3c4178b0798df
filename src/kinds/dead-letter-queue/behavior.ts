import type { Json } from '../../design/types.ts';
import { MessageLists } from '../../engine/message-lists.ts';
import { MESSAGE_FLAG, NO_MESSAGE } from '../../engine/messages.ts';
import { METRIC } from '../../engine/metrics.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { NodeBehavior, NodeGauge } from '../node-behavior.ts';
import { deathsOf, type Death } from '../shared/deaths.ts';
import { EDGE_ROLE, edgesByRole } from '../shared/edge-roles.ts';
import { numberOf, type NodeConfig } from '../shared/node-config.ts';
import { WaysBack } from './ways-back.ts';

const NONE = -1;
const MICROS_PER_SECOND = 1e6;
/** The only event type: the next letter goes back. */
const REDRIVE = 0;

/** One row of doubles a queue. */
const ROW_SHIFT = 4;
const ROW = {
  alertAt: 0,
  keeps: 1,
  /** Letters that were sent back, and those that went for lack of room. */
  redriven: 2,
  forgotten: 3,
  /** Of the redrive in force: letters still to send, wait between two, 1 for the target, 1 for mended. */
  left: 4,
  interval: 5,
  toTarget: 6,
  mended: 7,
  /** Its pending event, and a letter that stands in line before a full channel; NONE for neither. */
  handle: 8,
  standing: 9,
} as const;

/** A letter as the page shows it; nodes are indexes. */
export interface LetterRow {
  /** Simulated microseconds of its arrival. */
  at: number;
  serial: number;
  key: number;
  /** Tries at the node that gave it up, 0 if it was never tried. */
  tries: number;
  /** One of `LETTER_REASON`. */
  reason: number;
  /** Who gave it up, and the channel that it came from there. */
  from: number;
  source: number;
  wasRedriven: boolean;
  isPoison: boolean;
  /** Where it died on its way (x-death). */
  deaths: readonly Death[];
}

/**
 * Dead-letter queues: never full. An arrival ends the message for the books; what is kept of it is a letter, up to a
 * number, beyond which the oldest go. A redrive makes a message of a letter again, as a copy made anew.
 */
export class DeadLetterQueues implements NodeBehavior {
  /** Called when all letters of a redrive are on their way. */
  onRedriven: (node: number) => void = () => {};
  private readonly letters: MessageLists;
  private readonly waysBack: WaysBack;
  private rows = new Float64Array();
  /** 1 for an edge from who reads channels; any other sender is the channel itself. */
  private readonly isFromReader: Uint8Array;

  /** Edges from `drawnEdges` on are no part of the design: they lead from each queue to where its letters came from. */
  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    nodes: readonly number[],
    role: Uint8Array,
    drawnEdges: number,
  ) {
    const { columns, plan } = sim;
    this.letters = new MessageLists(columns, sim.messages, plan.nodeCount);
    this.waysBack = new WaysBack(plan, role, drawnEdges);
    columns.f64(this, 'rows', plan.nodeCount << ROW_SHIFT);
    const reads = edgesByRole(plan, role, 'in', [EDGE_ROLE.records, EDGE_ROLE.deliveries]).start;
    this.isFromReader = Uint8Array.from(plan.edgeFrom, (from) => (reads[from + 1] > reads[from] ? 1 : 0));
    for (const node of nodes) {
      const row = node << ROW_SHIFT;
      this.rows[row | ROW.alertAt] = numberOf(configs[node], 'alertAt');
      this.rows[row | ROW.keeps] = numberOf(configs[node], 'keeps');
      this.rows[row | ROW.handle] = NONE;
      this.rows[row | ROW.standing] = NONE;
    }
  }

  offer(sim: Simulation, node: number, edge: number, message: number): boolean {
    const { messages, metrics, trace } = sim;
    metrics.count(node, METRIC.in);
    metrics.count(node, METRIC.deadLettered);
    if (trace.messages) trace.add(sim.now, TRACE.deadLettered, node, messages.serial[message], edge, 0);
    if (this.isFromReader[edge] === 0) messages.readAlong[message] = edge;
    messages.enteredAt[message] = sim.now;
    this.letters.push(node, message);
    this.forget(sim, node);
    return true;
  }

  /** The next letter goes back, unless the one before still stands in line. */
  fire(sim: Simulation, node: number): void {
    const { messages, metrics, trace } = sim;
    const row = node << ROW_SHIFT;
    this.rows[row | ROW.handle] = NONE;
    if (this.rows[row | ROW.standing] !== NONE) return;
    const oldest = this.letters.head(node);
    const edge = oldest === NO_MESSAGE ? NONE : this.wayBack(sim, node, oldest);
    if (edge === NONE) return this.end(node);
    const letter = this.letters.shift(node);
    this.rows[row | ROW.left]--;
    this.rows[row | ROW.redriven]++;
    metrics.copied++;
    messages.attempts[letter] = 0;
    const { redriven, redelivered, dying } = MESSAGE_FLAG;
    messages.flags[letter] = (messages.flags[letter] | redriven) & ~(redelivered | dying);
    if (this.rows[row | ROW.mended] === 1)
      messages.flags[letter] &= ~(MESSAGE_FLAG.poison | MESSAGE_FLAG.unreadable);
    if (trace.messages) trace.add(sim.now, TRACE.redriven, node, messages.serial[letter], edge, 0);
    if (sim.send(edge, letter, 0)) this.sent(sim, node);
    else this.rows[row | ROW.standing] = letter;
  }

  /** The channel that a letter stands before has room. */
  room(sim: Simulation, node: number, edge: number, tag: number): void {
    const standing = (node << ROW_SHIFT) | ROW.standing;
    if (!sim.resend(edge, this.rows[standing], tag)) return;
    this.rows[standing] = NONE;
    this.sent(sim, node);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    const row = node << ROW_SHIFT;
    if (field === 'alertAt') this.rows[row | ROW.alertAt] = value as number;
    else this.rows[row | ROW.keeps] = value as number;
    this.forget(sim, node);
  }

  /** Redrives what lies here now; what comes meanwhile is left for the next time. */
  inject(sim: Simulation, node: number, _fault: string, args: Readonly<Record<string, Json>>): void {
    const { rows } = this;
    const row = node << ROW_SHIFT;
    const count = args.count as number;
    const rate = args.rate as number;
    const stored = this.letters.length(node);
    this.cancel(sim, node);
    rows[row | ROW.left] = count > 0 ? Math.min(count, stored) : stored;
    rows[row | ROW.interval] = rate > 0 ? Math.max(1, Math.round(MICROS_PER_SECOND / rate)) : 0;
    rows[row | ROW.toTarget] = args.to === 'target' ? 1 : 0;
    rows[row | ROW.mended] = args.messages === 'mended' ? 1 : 0;
    if (rows[row | ROW.standing] === NONE) rows[row | ROW.handle] = sim.after(0, node, REDRIVE, 0);
  }

  heal(sim: Simulation, node: number): void {
    this.cancel(sim, node);
    this.rows[(node << ROW_SHIFT) | ROW.left] = 0;
  }

  gauge(_sim: Simulation, node: number, into: NodeGauge): void {
    const alertAt = this.rows[(node << ROW_SHIFT) | ROW.alertAt];
    const stored = this.letters.length(node);
    into.level = Math.min(1, stored / alertAt);
    into.amount = stored;
    into.limit = alertAt;
  }

  /** A letter that is on its way back; those that lie here have ended. */
  held(_sim: Simulation, node: number): number {
    return this.rows[(node << ROW_SHIFT) | ROW.standing] === NONE ? 0 : 1;
  }

  /** Letters here now, by walking through them. */
  stored(sim: Simulation, node: number): number {
    let count = 0;
    const { next } = sim.messages;
    for (let letter = this.letters.head(node); letter !== NO_MESSAGE; letter = next[letter]) count++;
    return count;
  }

  redriven(node: number): number {
    return this.rows[(node << ROW_SHIFT) | ROW.redriven];
  }

  forgotten(node: number): number {
    return this.rows[(node << ROW_SHIFT) | ROW.forgotten];
  }

  /** The newest letters, newest first. */
  newest(sim: Simulation, node: number, most: number): LetterRow[] {
    const { messages, plan } = sim;
    const rows: LetterRow[] = [];
    let older = this.letters.length(node) - most;
    for (let letter = this.letters.head(node); letter !== NO_MESSAGE; letter = messages.next[letter]) {
      if (older-- > 0) continue;
      const readAlong = messages.readAlong[letter];
      const source = plan.edgeFrom[readAlong];
      rows.push({
        at: messages.enteredAt[letter],
        serial: messages.serial[letter],
        key: messages.key[letter],
        tries: messages.tries[letter],
        reason: messages.reason[letter],
        from: plan.edgeTo[readAlong] === node ? source : plan.edgeTo[readAlong],
        source,
        wasRedriven: (messages.flags[letter] & MESSAGE_FLAG.redriven) !== 0,
        isPoison: (messages.flags[letter] & MESSAGE_FLAG.poison) !== 0,
        deaths: deathsOf(messages, letter),
      });
    }
    return rows.reverse();
  }

  private wayBack(sim: Simulation, node: number, letter: number): number {
    const source = sim.plan.edgeFrom[sim.messages.readAlong[letter]];
    return this.waysBack.edge(node, source, this.rows[(node << ROW_SHIFT) | ROW.toTarget] === 1);
  }

  private sent(sim: Simulation, node: number): void {
    const row = node << ROW_SHIFT;
    sim.metrics.count(node, METRIC.out);
    if (this.rows[row | ROW.left] === 0) return this.end(node);
    this.rows[row | ROW.handle] = sim.after(this.rows[row | ROW.interval], node, REDRIVE, 0);
  }

  private end(node: number): void {
    this.rows[(node << ROW_SHIFT) | ROW.left] = 0;
    this.onRedriven(node);
  }

  private cancel(sim: Simulation, node: number): void {
    const at = (node << ROW_SHIFT) | ROW.handle;
    if (this.rows[at] !== NONE) sim.cancel(this.rows[at]);
    this.rows[at] = NONE;
  }

  /** The oldest go where there are more letters than are kept. */
  private forget(sim: Simulation, node: number): void {
    const row = node << ROW_SHIFT;
    while (this.letters.length(node) > this.rows[row | ROW.keeps]) {
      sim.messages.free(this.letters.shift(node));
      this.rows[row | ROW.forgotten]++;
    }
  }
}
