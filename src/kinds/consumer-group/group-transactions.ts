import type { Simulation } from '../../engine/simulation.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { isTransactional } from '../shared/marks.ts';
import { microsOf, type NodeConfig } from '../shared/node-config.ts';
import {
  FIRST_GROUP_TRANSACTION,
  MARKER_RETRY_MICROS,
  type TransactionLog,
} from '../shared/transaction-log.ts';
import type { Guarantees } from './guarantees.ts';
import { MEMBER, type Membership } from './membership.ts';
import type { PartitionRows } from './partition-rows.ts';
import { TransactionNotes } from './transaction-notes.ts';
import { GROUP_TRANSACTION_EVENT, GroupTransactionStates } from './transaction-states.ts';

/** Event types of transactions of groups, which the work and the members leave free. */
export const TRANSACTION_TIMER = { end: 6, timeout: 7, markers: 20, release: 21, wake: 22 } as const;

const NONE = -1;
const FIRST_SLOTS = 16;
const FATE = { committed: 0, aborted: 1, leftOpen: 2 } as const;
const FATES = 4;
/** States of a member whose commit the broker does not get, or does not take. */
const UNHEARD: readonly number[] = [
  MEMBER['cut-off'],
  MEMBER.stranded,
  MEMBER['struck-off'],
  MEMBER.expelled,
];
const OF_SLOT = ['owner', 'node', 'fate', 'timeoutEvent', 'wakeEvent'] as const;

/** What transactions of groups need of the topics that they write to and of the network on the way there. */
export interface TransactionWorld {
  log: TransactionLog;
  /** Partitions of a topic with records of a transaction that has no end there; none of a topic that nobody reads. */
  lanesOpenTo(topic: number, id: number): readonly number[];
  /** Whether records of a transaction are on their way along an edge. */
  isCarrying(sim: Simulation, edge: number, id: number): boolean;
}

interface Parts {
  work: {
    /** A member may take work: its free workers look for some. */
    open(sim: Simulation, node: number, member: number): void;
    readonly guarantees: Guarantees;
  };
  workers: { readonly totalMembers: number };
  rows: PartitionRows;
  membership: Membership;
  /** Rows of all partitions that a group reads. */
  rowsOf(node: number): readonly number[];
}

/** How such a group ends its transactions, times in microseconds. */
interface Settings {
  node: number;
  longest: number;
  trip: number;
  timeout: number;
}

/** Those of the groups of a design; null if none reads, processes and writes in transactions. */
export function groupTransactions(
  sim: Simulation,
  configs: readonly NodeConfig[],
  role: Uint8Array,
  parts: Parts,
): GroupTransactions | null {
  const settings = configs.flatMap((config, node) => settingsOf(node, config) ?? []);
  return settings.length > 0 ? new GroupTransactions(sim, configs, role, settings, parts) : null;
}

/** Null for any other node. */
function settingsOf(node: number, config: NodeConfig): Settings | null {
  if (config.kind !== 'consumer-group') return null;
  const longest = microsOf(config, 'transactionTime');
  const trip = microsOf(config, 'transactionEnd');
  const timeout = microsOf(config, 'transactionTimeout');
  return isTransactional(config) ? { node, longest, trip, timeout } : null;
}

/**
 * Groups that read, process and write: each member has one transaction open at a time (transactional.id), which begins
 * with a poll. What it writes to topics belongs to it, and so do the offsets of what it read: both count at once, when
 * it is committed between two polls, or before the member gives up partitions. Of a member that dies it stays open
 * until the member's next process takes its transactional.id, or until transaction.timeout.ms; then it is aborted, and
 * the group reads on from the last commit. Made only where a design has such a group.
 */
export class GroupTransactions {
  /** Set by who knows the topics. */
  world: TransactionWorld | null = null;
  /** The transaction of a member that lives was aborted: all that the member has done since its last commit is undone. */
  onFenced: (sim: Simulation, node: number, member: number) => void = () => {};
  /** A member that gives up partitions has nothing in hand. */
  onReleasable: (sim: Simulation, node: number, member: number) => void = () => {};
  /** Of each member: whether it has a transaction open, and asks for its commit. */
  readonly states: GroupTransactionStates;
  private readonly parts: Parts;
  private readonly notes: TransactionNotes;
  private readonly outs: EdgeRows;
  private readonly isToTopic: readonly boolean[];
  /** Of each node: 1 for such a group; its times in microseconds; how many ended in each way. */
  private readonly isOn: Uint8Array;
  private longest = new Float64Array();
  private trip = new Float64Array();
  private timeout = new Float64Array();
  private ended = new Float64Array();
  /** Of each member: the slot of its transaction, if it has one, and the event by which it commits or gives up partitions. */
  private current = new Int32Array();
  private ending = new Int32Array();
  /** Of each slot: its member and group, what becomes of it, and the events of its timeout and of the poll that ends it. */
  private owner = new Int32Array();
  private node = new Int32Array();
  private fate = new Int32Array();
  private timeoutEvent = new Int32Array();
  private wakeEvent = new Int32Array();
  private startedAt = new Float64Array();
  private readonly slots: SlotPool;

  constructor(
    sim: Simulation,
    configs: readonly NodeConfig[],
    role: Uint8Array,
    settings: readonly Settings[],
    parts: Parts,
  ) {
    const { columns, plan } = sim;
    this.parts = parts;
    this.notes = new TransactionNotes(columns, parts.workers.totalMembers, plan.limits.messages);
    this.states = new GroupTransactionStates(columns, parts.workers.totalMembers);
    this.outs = edgesByRole(plan, role, 'out', [EDGE_ROLE.push, EDGE_ROLE.dead]);
    this.isToTopic = Array.from(plan.edgeTo, (to) => configs[to].kind === 'topic');
    this.isOn = new Uint8Array(plan.nodeCount);
    for (const field of ['longest', 'trip', 'timeout']) columns.f64(this, field, plan.nodeCount);
    columns.f64(this, 'ended', plan.nodeCount * FATES);
    columns.i32(this, 'current', parts.workers.totalMembers);
    columns.i32(this, 'ending', parts.workers.totalMembers).fill(NONE);
    for (const field of OF_SLOT) columns.i32(this, field, FIRST_SLOTS);
    columns.f64(this, 'startedAt', FIRST_SLOTS);
    const limit = Math.max(FIRST_SLOTS, plan.limits.messages);
    this.slots = new SlotPool(columns, FIRST_SLOTS, limit, 'open transactions');
    this.slots.onGrow = (size) => {
      for (const field of [...OF_SLOT, 'startedAt']) columns.grow(this, field, size);
    };
    for (const { node, longest, trip, timeout } of settings) {
      this.isOn[node] = 1;
      this.longest[node] = longest;
      this.trip[node] = trip;
      this.timeout[node] = timeout;
    }
  }

  has(node: number): boolean {
    return this.isOn[node] === 1;
  }

  /** A poll has returned records: what comes of them belongs to a transaction. */
  begin(sim: Simulation, node: number, member: number): void {
    if (!this.has(node) || this.states.has(member)) return;
    this.states.send(sim.now, member, GROUP_TRANSACTION_EVENT.BEGUN);
    const slot = this.slots.take();
    this.current[member] = slot;
    this.owner[slot] = member;
    this.node[slot] = node;
    this.fate[slot] = FATE.committed;
    this.startedAt[slot] = sim.now;
    this.timeoutEvent[slot] = sim.after(this.timeout[node], node, TRANSACTION_TIMER.timeout, slot);
    const longest = this.longest[node];
    this.wakeEvent[slot] = longest > 0 ? sim.after(longest, node, TRANSACTION_TIMER.wake, slot) : NONE;
  }

  /** A member is about to send a message along an edge; to a topic it goes in the member's transaction. */
  writes(sim: Simulation, node: number, member: number, edge: number, message: number): void {
    const slot = this.has(node) && this.isToTopic[edge] ? this.slotOf(member) : NONE;
    sim.messages.transaction[message] = slot === NONE ? 0 : FIRST_GROUP_TRANSACTION + slot;
  }

  /** A member has done a message: whether it counts is known at the end of its transaction. */
  note(member: number, serial: number, key: number, enteredAt: number): void {
    this.notes.add(member, serial, key, enteredAt);
  }

  /** Whether a member that has nothing in hand does not poll now, as it ends its transaction or gives up partitions. */
  endsFirst(sim: Simulation, node: number, member: number): boolean {
    if (!this.has(node)) return false;
    if (this.ending[member] !== NONE) return true;
    if (this.parts.membership.stateOf[member] === MEMBER.revoking) {
      this.ending[member] = sim.after(0, node, TRANSACTION_TIMER.release, member);
      return true;
    }
    if (!this.states.has(member)) return false;
    if (sim.now < this.startedAt[this.current[member]] + this.longest[node]) return false;
    this.states.send(sim.now, member, GROUP_TRANSACTION_EVENT.ASK);
    this.ending[member] = sim.after(this.trip[node], node, TRANSACTION_TIMER.end, member);
    return true;
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type === TRANSACTION_TIMER.timeout) this.timedOut(sim, node, arg);
    else if (type === TRANSACTION_TIMER.wake) this.grownOld(sim, node, arg);
    else if (type === TRANSACTION_TIMER.markers) this.writeMarkers(sim, node, arg);
    else {
      this.ending[arg] = NONE;
      if (UNHEARD.includes(this.parts.membership.stateOf[arg])) {
        this.states.send(sim.now, arg, GROUP_TRANSACTION_EVENT.NOT_HEARD);
        return;
      }
      if (type === TRANSACTION_TIMER.end) this.commit(sim, node, arg);
      else this.onReleasable(sim, node, arg);
      this.parts.work.open(sim, node, arg);
    }
  }

  /** Commits what a member has done, if it has a transaction; it has nothing in hand. */
  commit(sim: Simulation, node: number, member: number): void {
    this.cancelEnd(sim, member);
    if (!this.states.has(member)) return;
    if (this.fate[this.current[member]] === FATE.aborted) {
      this.abort(sim, node, member);
      return;
    }
    const { rows, rowsOf, work } = this.parts;
    for (const row of rowsOf(node)) if (rows.owner[row] === member) rows.settle(sim, row);
    this.notes.clear(member, (...done) => work.guarantees.processed(sim, node, ...done));
    this.close(sim, node, member, FATE.committed);
  }

  /** The transaction of a member can only be aborted: another has its partitions, or its next process takes its place. */
  abort(sim: Simulation, node: number, member: number): void {
    this.end(sim, node, member, FATE.aborted);
  }

  /** A partition of a member goes to another while it has a transaction open: that cannot be committed. */
  fence(member: number): void {
    if (this.states.has(member)) this.fate[this.current[member]] = FATE.aborted;
  }

  /** The process of a member is gone. */
  died(sim: Simulation, member: number): void {
    this.cancelEnd(sim, member);
    this.states.send(sim.now, member, GROUP_TRANSACTION_EVENT.DIED);
  }

  /** How many transactions of a group were committed, aborted and left open; null for any other node. */
  figures(node: number): { committed: number; aborted: number; leftOpen: number } | null {
    if (!this.has(node)) return null;
    const [committed, aborted, leftOpen] = [0, 1, 2].map((fate) => this.ended[node * FATES + fate]);
    return { committed, aborted, leftOpen };
  }

  /** What tells the open transactions of all members apart: that of a member, -1 if it has none. */
  slotOf(member: number): number {
    return this.states.has(member) ? this.current[member] : NONE;
  }

  /** Whether a member ends its transaction at this time, or gives up partitions. */
  isEnding(member: number): boolean {
    return this.ending[member] !== NONE;
  }

  /** A transaction is as old as one may be before its member commits it: idle members poll for that. */
  private grownOld(sim: Simulation, node: number, slot: number): void {
    this.wakeEvent[slot] = NONE;
    this.parts.work.open(sim, node, this.owner[slot]);
  }

  private timedOut(sim: Simulation, node: number, slot: number): void {
    const member = this.owner[slot];
    this.timeoutEvent[slot] = NONE;
    this.end(sim, node, member, FATE.leftOpen);
    this.onFenced(sim, node, member);
  }

  private end(sim: Simulation, node: number, member: number, fate: number): void {
    this.cancelEnd(sim, member);
    this.notes.clear(member, () => {});
    if (this.states.has(member)) this.close(sim, node, member, fate);
  }

  /** The markers follow in an event of their own: whoever reads them may be of this very group. */
  private close(sim: Simulation, node: number, member: number, fate: number): void {
    const slot = this.current[member];
    const { COMMITTED, ABORTED } = GROUP_TRANSACTION_EVENT;
    this.states.send(sim.now, member, fate === FATE.committed ? COMMITTED : ABORTED);
    this.fate[slot] = fate;
    this.ended[node * FATES + fate]++;
    for (const event of [this.timeoutEvent, this.wakeEvent]) {
      if (event[slot] !== NONE) sim.cancel(event[slot]);
      event[slot] = NONE;
    }
    sim.after(0, node, TRANSACTION_TIMER.markers, slot);
  }

  /** Once all records of a transaction have arrived and their partitions have leaders, each gets its marker. */
  private writeMarkers(sim: Simulation, node: number, slot: number): void {
    const { log, lanesOpenTo, isCarrying } = this.world!;
    const id = FIRST_GROUP_TRANSACTION + slot;
    const edges = this.outs.edges
      .subarray(this.outs.start[node], this.outs.start[node + 1])
      .filter((edge) => this.isToTopic[edge]);
    const topics = [...new Set(Array.from(edges, (edge) => sim.plan.edgeTo[edge]))];
    const open = topics.flatMap((topic) => lanesOpenTo(topic, id).map((lane) => ({ topic, lane })));
    const isCarried = edges.some((edge) => isCarrying(sim, edge, id));
    if (isCarried || open.some(({ topic, lane }) => !log.isServed(topic, lane))) {
      sim.after(MARKER_RETRY_MICROS, node, TRANSACTION_TIMER.markers, slot);
      return;
    }
    const isTakenBack = this.fate[slot] !== FATE.committed;
    for (const { topic, lane } of open) log.endTransaction(sim, topic, lane, id, isTakenBack);
    this.slots.give(slot);
  }

  private cancelEnd(sim: Simulation, member: number): void {
    if (this.ending[member] !== NONE) sim.cancel(this.ending[member]);
    this.ending[member] = NONE;
  }
}
