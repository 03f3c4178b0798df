import type { DesignEdge, DesignNode } from '../design/types.ts';
import type { Simulation } from '../engine/simulation.ts';
import { TRACE, TRACE_ROW } from '../engine/trace.ts';
import { causeOf, type Cause } from '../kinds/consumer-group/membership.ts';
import { OFFSET_FLAWS } from '../kinds/consumer-group/offset-starts.ts';
import { unpackPartition } from '../kinds/shared/replication/partition-states.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import { MACHINE } from '../kinds/shared/machine-rows.ts';
import { DEATH_REASONS } from '../kinds/shared/deaths.ts';
import type { ActiveFaults } from './faults/active-faults.ts';
import type { MessageRow, TraceRow } from './run.ts';
import { toMs } from './time.ts';

/** A machine whose states the trace names: of a node as a whole, of its members, or of an edge. */
export interface TracedMachine {
  name: string;
  states: readonly string[];
  /** What a state means, as a sentence: "Reads its partitions." */
  meaning: readonly string[];
}

/** What the numbers of a row refer to. */
export interface TraceSource {
  sim: Simulation;
  nodes: readonly DesignNode[];
  edges: readonly DesignEdge[];
  faults: Pick<ActiveFaults, 'notes'>;
  /** What adds partitions; null where none can be added. */
  growth: RunKinds['growth'];
  /** Machine of a node's members, of the node itself, and of the circuit breakers on its edges. */
  memberMachine: TracedMachine;
  nodeMachine: TracedMachine;
  breakerMachine: TracedMachine;
  /** Of the partitions of topics that are kept in a cluster. */
  partitionMachine: TracedMachine;
  /** Of the connections of publishers. */
  connectionMachine: TracedMachine;
}

/** A sender must have been free for this long before its waiting counts as over: being held back comes in bursts. */
const FREE_MICROS = 1_000_000;
/** Sentences kept for a reader that does not come; then the oldest go. */
const MOST_PENDING = 20_000;

const MESSAGE_CODES: readonly [code: number, name: MessageRow['code']][] = [
  [TRACE.produced, 'produced'],
  [TRACE.entered, 'entered'],
  [TRACE.started, 'started'],
  [TRACE.succeeded, 'succeeded'],
  [TRACE.failed, 'failed'],
  [TRACE.retried, 'retried'],
  [TRACE.deadLettered, 'dead-lettered'],
  [TRACE.dropped, 'dropped'],
  [TRACE.expired, 'expired'],
  [TRACE.acknowledged, 'acknowledged'],
  [TRACE.forwarded, 'forwarded'],
  [TRACE.redriven, 'redriven'],
];
const FLAW_WORDS: Readonly<Record<(typeof OFFSET_FLAWS)[number], string>> = {
  'never-committed': 'was never committed',
  deleted: 'is no longer in the log',
  'cut-off': 'lies behind the end of the new leader’s log',
};
const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  joined: 'joined',
  silent: 'was silent for too long',
  overdue: 'did not poll in time',
  revoked: 'let go of partitions',
  left: 'left',
  partitions: 'its topic has more partitions',
};
const messageCode = new Map(MESSAGE_CODES);

/**
 * Turns the engine's rows of numbers into sentences. Its position and its memory of who waits are part of the state
 * of the run, so the sentences are the same however a run is cut into calls, and come again after going back.
 */
export class TraceReader {
  /** Sentences not handed out yet; the list is replaced, never changed, once it is in a snapshot. */
  private pending: TraceRow[] = [];
  private messages: MessageRow[] = [];
  private readonly source: TraceSource;
  private cursor = 0;
  /** Whether the trace said last that a node waits; 1 for yes. */
  private readonly waits = new Uint8Array();
  /** Since when a node that is said to wait no longer does; Infinity while it does. */
  private readonly freeSince = new Float64Array();
  private earliestFree = Infinity;

  constructor(source: TraceSource) {
    this.source = source;
    const { columns } = source.sim;
    columns.u8(this, 'waits', source.nodes.length);
    columns.f64(this, 'freeSince', source.nodes.length).fill(Infinity);
    columns.scalars(this, ['cursor', 'earliestFree']);
  }

  /** Reads what the engine wrote since the last time. Often enough, or the engine's ring runs over. */
  collect(): void {
    const { sim } = this.source;
    if (sim.trace.rows.next > this.cursor) this.readOn();
    this.endWaits(sim.now);
    if (this.pending.length > MOST_PENDING) this.pending = this.pending.slice(-MOST_PENDING / 2);
  }

  private readOn(): void {
    const { values, next } = this.source.sim.trace.rows.read(this.cursor);
    this.cursor = next;
    for (let at = 0; at < values.length; at += TRACE_ROW.size) {
      const time = values[at + TRACE_ROW.time];
      const code = values[at + TRACE_ROW.code];
      if (code >= TRACE.message) this.messages.push(this.messageRow(values, at));
      else {
        this.endWaits(time);
        const row = this.controlRow(time, code, values, at);
        if (row) this.pending.push(row);
      }
    }
  }

  /** Sentences not handed out yet. */
  get waiting(): number {
    return this.pending.length;
  }

  drain(): TraceRow[] {
    const rows = this.pending;
    this.pending = [];
    return rows;
  }

  drainMessages(): MessageRow[] {
    const rows = this.messages;
    this.messages = [];
    return rows;
  }

  /** Adds a sentence of the run itself. */
  say(row: TraceRow): void {
    this.pending.push(row);
  }

  /** Sentences not handed out yet, for a snapshot. */
  save(): readonly TraceRow[] {
    return this.pending.slice();
  }

  restore(pending: readonly TraceRow[]): void {
    this.pending = pending.slice();
    this.messages = [];
  }

  private controlRow(time: number, code: number, values: Float64Array, at: number): TraceRow | null {
    const index = values[at + TRACE_ROW.node];
    const a = values[at + TRACE_ROW.a];
    const b = values[at + TRACE_ROW.b];
    const node = this.source.nodes[index];
    const row = { atMs: toMs(time), node: node?.id ?? '' };
    switch (code) {
      case TRACE.fault:
      case TRACE.heal: {
        const { id, sentence } = this.source.faults.notes[a];
        return { ...row, code: code === TRACE.fault ? 'fault' : 'heal', text: sentence, fault: id };
      }
      case TRACE.machine:
        return { ...row, ...this.machineRow(node, a, b, values[at + TRACE_ROW.c]) };
      case TRACE.cutOff: {
        const count = values[at + TRACE_ROW.c];
        const what = count === 1 ? '1 record is' : `${count} records are`;
        const text = `${node.name} p${a}: ${what} lost, as the new leader’s log ends at ${b}.`;
        return { ...row, code: 'lost', text, partition: a };
      }
      case TRACE.grown:
        return { ...row, code: 'grown', text: this.growthSentence(index, a, b) };
      case TRACE.noOffset:
        return {
          ...row,
          code: 'no-offset',
          text: this.offsetSentence(node.name, a, b, values[at + TRACE_ROW.c]),
        };
      case TRACE.takenOver: {
        const text = `${this.source.nodes[a].name} m${b} is the active consumer of ${node.name} now.`;
        return { ...row, code: 'taken-over', text };
      }
      case TRACE.overdue: {
        const text = `${node.name} takes a message back that ${this.source.nodes[a].name} m${b} had too long, and sends m${b} nothing until that is settled.`;
        return { ...row, code: 'overdue', text };
      }
      case TRACE.connectionLost: {
        const text = `The connection of ${this.source.nodes[a].name} m${b} to ${node.name} is closed: what it has not acknowledged comes back.`;
        return { ...row, code: 'connection-lost', text };
      }
      case TRACE.blocked:
        return this.beginWait(index) ? { ...row, code: 'blocked', text: this.waitSentence(index, a) } : null;
      case TRACE.unblocked:
        this.freeSince[index] = time;
        this.earliestFree = Math.min(this.earliestFree, time);
        return null;
      default:
        return null;
    }
  }

  /** False if it is still the same waiting, interrupted for a moment. */
  private beginWait(node: number): boolean {
    const isNew = this.waits[node] === 0;
    this.waits[node] = 1;
    this.freeSince[node] = Infinity;
    return isNew;
  }

  private endWaits(now: number): void {
    if (this.earliestFree + FREE_MICROS > now) return;
    this.earliestFree = Infinity;
    const over: number[] = [];
    this.freeSince.forEach((since, node) => {
      if (since + FREE_MICROS <= now) over.push(node);
      else this.earliestFree = Math.min(this.earliestFree, since);
    });
    over.sort((a, b) => this.freeSince[a] - this.freeSince[b] || a - b);
    for (const node of over) {
      const { id } = this.source.nodes[node];
      const edge = this.source.sim.transfers.heldBy[node];
      const text = this.waitSentence(node, edge, 'no longer waits for');
      this.pending.push({
        atMs: toMs(this.freeSince[node] + FREE_MICROS),
        node: id,
        code: 'unblocked',
        text,
      });
      this.waits[node] = 0;
      this.freeSince[node] = Infinity;
    }
  }

  private growthSentence(topic: number, before: number, now: number): string {
    const { sim, nodes, growth } = this.source;
    const { keys, movedKeys } = growth!.moved(sim, topic, before, now);
    const text = `${nodes[topic].name} has ${now} partitions instead of ${before}`;
    if (keys === 0) return `${text}. Nothing has a key that could move.`;
    return `${text}: ${movedKeys} of ${keys} keys go to another one from now on, and lose their order here.`;
  }

  private offsetSentence(group: string, member: number, edge: number, packed: number): string {
    const { sim, nodes } = this.source;
    const topic = nodes[sim.transfers.from[edge]].name;
    const why = FLAW_WORDS[OFFSET_FLAWS[packed % OFFSET_FLAWS.length]];
    const partition = `p${Math.floor(packed / OFFSET_FLAWS.length)} of ${topic}`;
    return `${group} m${member} ends: its offset in ${partition} ${why}, and it is told to start anew nowhere.`;
  }

  private waitSentence(node: number, edge: number, verb = 'waits for'): string {
    const target = this.source.sim.transfers.to[edge];
    return `${this.source.nodes[node].name} ${verb} ${this.source.nodes[target].name}.`;
  }

  private machineRow(node: DesignNode, machine: number, state: number, which: number) {
    const { memberMachine, nodeMachine, breakerMachine, partitionMachine, connectionMachine } = this.source;
    const machines = [nodeMachine, memberMachine, breakerMachine, partitionMachine, connectionMachine];
    const { name, states, meaning } = machines[machine];
    const means = `${meaning[state].charAt(0).toLowerCase()}${meaning[state].slice(1)}`;
    const row = { code: 'machine', machine: name, state: states[state] };
    if (machine === MACHINE.member) {
      return { ...row, text: `${node.name}, m${which}: ${means}`, member: which };
    }
    if (machine === MACHINE.partition) return { ...row, ...partitionRow(node.name, means, which) };
    if (machine === MACHINE.connection) return { ...row, text: `${node.name}, connection: ${means}` };
    if (machine === MACHINE.coordinator) return { ...row, ...coordinatorRow(node.name, means, which) };
    const edge = this.source.edges[which];
    const to = this.source.nodes[this.source.sim.transfers.to[which]];
    return { ...row, text: `${node.name} → ${to.name}, circuit breaker: ${means}`, edge: edge.id };
  }

  private messageRow(values: Float64Array, at: number): MessageRow {
    const code = values[at + TRACE_ROW.code];
    const node = this.source.nodes[values[at + TRACE_ROW.node]];
    const row = {
      atMs: toMs(values[at + TRACE_ROW.time]),
      node: node.id,
      code: messageCode.get(code)!,
      message: values[at + TRACE_ROW.a],
    };
    if (code !== TRACE.deadLettered || node.kind !== 'queue') return row;
    return { ...row, reason: DEATH_REASONS[values[at + TRACE_ROW.b]], times: values[at + TRACE_ROW.c] };
  }
}

/** What is so at a partition now, and who leads it. */
function partitionRow(topic: string, means: string, packed: number): { text: string; partition: number } {
  const { lane, leader, inSync, replicas } = unpackPartition(packed);
  const led = leader === 0 ? '' : `, led by broker ${leader}, ${inSync} of ${replicas} in sync`;
  return { text: `${topic} p${lane}${led}: ${means}`, partition: lane };
}

/** What a group does now and, where a member made it do so, why. */
function coordinatorRow(group: string, means: string, why: number): { text: string; cause?: string } {
  const found = causeOf(why);
  if (!found) return { text: `${group}: ${means}` };
  const cause =
    found.cause === 'partitions' ? CAUSE_WORDS.partitions : `m${found.member} ${CAUSE_WORDS[found.cause]}`;
  return { text: `${group}, as ${cause}: ${means}`, cause };
}
