import { NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { SlotPool } from '../../lib/slot-pool.ts';
import { MARKER_RETRY_MICROS, type TransactionLog } from '../shared/transaction-log.ts';
import type { Batches } from './batches.ts';
import type { ClientRows } from './client-rows.ts';
import type { ClientSettings, TransactionSettings } from './client-settings.ts';
import { CLIENT_TIMER } from './client-timer.ts';
import { TRANSACTION_EVENT, TransactionStates } from './transaction-states.ts';

const NONE = -1;
const FIRST_SLOTS = 16;
const FATE = { commit: 0, abort: 1, leave: 2 } as const;
/** What the machine of a producer hears when all is answered, by what becomes of the transaction. */
const END_OF = [TRANSACTION_EVENT.COMMIT, TRANSACTION_EVENT.ABORT, TRANSACTION_EVENT.LEAVE] as const;
const OF_SLOT = ['head', 'fate', 'owner'] as const;

/** What transactions need of the client that they belong to. */
interface TransactionalClient {
  /** Whether no batch waits for an answer. */
  isFlushed(node: number): boolean;
  /** Sends every batch, however short. */
  flush(sim: Simulation, node: number): void;
  send(sim: Simulation, node: number, edge: number, message: number): boolean;
  onUnblocked(sim: Simulation, node: number, edge: number): void;
  /** What has left and is not answered: its batches, each for a row. */
  readonly batches: Pick<Batches, 'row' | 'head' | 'count' | 'written' | 'givenUp'>;
  eachInFlight(edge: number, visit: (batch: number) => void): void;
  loseMessages(sim: Simulation, node: number, batch: number): void;
}

/**
 * Transactions of Kafka clients, one open at a time for each producer: all its messages of some time, or some number,
 * belong to one. Its end waits for their answers; then a marker in each partition commits or aborts them, and send()
 * blocks until that is done. One that is left open, as by a process that died, is aborted after its timeout.
 */
export class Transactions {
  /** Set by who knows the topics. */
  log: TransactionLog | null = null;
  readonly states: TransactionStates;
  private readonly settings: readonly (ClientSettings | null)[];
  private readonly rows: ClientRows;
  private readonly client: TransactionalClient;
  /** Of each producer: the slot of its transaction (NONE: none), its messages, its beginning, and the event that ends it. */
  private current = new Int32Array();
  private count = new Int32Array();
  private startedAt = new Float64Array();
  private timer = new Int32Array();
  /** Of each producer: the message that waits for the end, and its edge. */
  private heldMessage = new Int32Array();
  private heldEdge = new Int32Array();
  /** Of each producer: how many were committed, aborted and left open, and how many of the last kind still are. */
  private ended = new Float64Array();
  /** Of each row: the transaction that wrote to it last. */
  private lastOf = new Int32Array();
  /** Of each slot: the rows that it wrote to, what becomes of it, and its producer. */
  private head = new Int32Array();
  private fate = new Int32Array();
  private owner = new Int32Array();
  private row = new Int32Array();
  private next = new Int32Array();
  private readonly slots: SlotPool;
  private readonly touched: SlotPool;

  constructor(
    sim: Simulation,
    settings: readonly (ClientSettings | null)[],
    rows: ClientRows,
    client: TransactionalClient,
  ) {
    const { columns, plan } = sim;
    this.settings = settings;
    this.rows = rows;
    this.client = client;
    for (const field of ['current', 'timer', 'heldMessage', 'heldEdge']) {
      columns.i32(this, field, plan.nodeCount).fill(NONE);
    }
    columns.i32(this, 'count', plan.nodeCount);
    columns.f64(this, 'startedAt', plan.nodeCount);
    this.states = new TransactionStates(columns, plan.nodeCount);
    columns.f64(this, 'ended', plan.nodeCount << 2);
    columns.i32(this, 'lastOf', rows.count);
    for (const field of OF_SLOT) columns.i32(this, field, FIRST_SLOTS);
    for (const field of ['row', 'next'] as const) columns.i32(this, field, FIRST_SLOTS);
    const limit = Math.max(FIRST_SLOTS, plan.limits.messages);
    this.slots = new SlotPool(columns, FIRST_SLOTS, limit, 'open transactions');
    this.slots.onGrow = (size) => {
      for (const field of OF_SLOT) columns.grow(this, field, size);
    };
    this.touched = new SlotPool(columns, FIRST_SLOTS, limit, 'partitions of open transactions');
    this.touched.onGrow = (size) => {
      for (const field of ['row', 'next'] as const) columns.grow(this, field, size);
    };
  }

  /** Whether send() blocks until a transaction has ended; then it is called again for this message. */
  holds(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (this.states.takesMessages(node)) return false;
    this.heldMessage[node] = message;
    this.heldEdge[node] = edge;
    sim.transfers.holdBack(sim, edge);
    return true;
  }

  /** A message is about to go into a batch of a row: it belongs to the transaction of its producer. */
  adds(sim: Simulation, node: number, row: number, message: number): void {
    const settings = this.settingsOf(node);
    if (!settings) return;
    if (this.current[node] === NONE) this.begin(sim, node, settings);
    const slot = this.current[node];
    sim.messages.transaction[message] = slot + 1;
    if (this.lastOf[row] !== slot + 1) {
      this.lastOf[row] = slot + 1;
      const entry = this.touched.take();
      this.row[entry] = row;
      this.next[entry] = this.head[slot];
      this.head[slot] = entry;
    }
    this.count[node]++;
  }

  /** A message is in its batch: it may have been the last one of its transaction. */
  added(sim: Simulation, node: number): void {
    const settings = this.settingsOf(node);
    if (settings && this.states.takesMessages(node) && this.count[node] >= settings.size) this.end(sim, node);
  }

  /** A message of a producer could not be written: its transaction cannot be committed. */
  failed(node: number): void {
    const slot = this.current[node];
    if (slot !== NONE && this.fate[slot] === FATE.commit) this.fate[slot] = FATE.abort;
  }

  /** Whether a producer waits for all answers, so that no batch waits for more messages. */
  isFlushing(node: number): boolean {
    return this.states.isFlushing(node);
  }

  /** A batch was answered, or given up. */
  answered(sim: Simulation, node: number): void {
    if (this.states.isFlushing(node) && this.client.isFlushed(node)) this.sendEnd(sim, node);
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    switch (type) {
      case CLIENT_TIMER.endTransaction:
        this.timer[node] = NONE;
        return this.end(sim, node);
      case CLIENT_TIMER.writeMarkers:
        return this.writeMarkers(sim, arg);
      case CLIENT_TIMER.transactionEnded:
        return this.goOn(sim, node);
    }
  }

  /** How many transactions of a producer were committed, aborted and left open; null without transactions. */
  figures(node: number): { committed: number; aborted: number; leftOpen: number } | null {
    if (!this.settingsOf(node)) return null;
    const [committed, aborted, leftOpen] = [0, 1, 2].map((fate) => this.ended[(node << 2) | fate]);
    return { committed, aborted, leftOpen };
  }

  private settingsOf(node: number): TransactionSettings | null {
    return this.settings[node]?.transactions ?? null;
  }

  private begin(
    sim: Simulation,
    node: number,
    { longest, abortShare, leaveShare }: TransactionSettings,
  ): void {
    const slot = this.slots.take();
    this.states.send(sim.now, node, TRANSACTION_EVENT.BEGUN);
    this.head[slot] = NONE;
    this.owner[slot] = node;
    this.current[node] = slot;
    this.count[node] = 0;
    this.startedAt[node] = sim.now;
    const drawn = abortShare + leaveShare > 0 ? sim.random.uniform(sim.stream(node, PURPOSE.failure)) : 1;
    const leaves = drawn < abortShare + leaveShare ? FATE.leave : FATE.commit;
    this.fate[slot] = drawn < abortShare ? FATE.abort : leaves;
    this.timer[node] = sim.after(longest, node, CLIENT_TIMER.endTransaction, 0);
  }

  /** All messages of the transaction are with the client: it waits for their answers. */
  private end(sim: Simulation, node: number): void {
    if (this.timer[node] !== NONE) sim.cancel(this.timer[node]);
    this.timer[node] = NONE;
    this.states.send(sim.now, node, TRANSACTION_EVENT.ALL_SENT);
    this.client.flush(sim, node);
    this.answered(sim, node);
  }

  /** The coordinator hears of the end, or never does. */
  private sendEnd(sim: Simulation, node: number): void {
    const slot = this.current[node];
    const { latency, transactions } = this.settings[node]!;
    this.states.send(sim.now, node, END_OF[this.fate[slot]]);
    if (this.fate[slot] === FATE.leave) {
      this.ended[(node << 2) | FATE.leave]++;
      const over = this.startedAt[node] + transactions!.timeout;
      sim.at(Math.max(sim.now, over), node, CLIENT_TIMER.writeMarkers, slot);
      sim.after(0, node, CLIENT_TIMER.transactionEnded, 0);
      return;
    }
    const trip = Math.round(sim.samplers.sample(latency, sim.random, sim.stream(node, PURPOSE.service)));
    sim.after(Math.floor(trip / 2), node, CLIENT_TIMER.writeMarkers, slot);
    sim.after(trip, node, CLIENT_TIMER.transactionEnded, 0);
  }

  private writeMarkers(sim: Simulation, slot: number): void {
    const isAborted = this.fate[slot] !== FATE.commit;
    const node = this.owner[slot];
    if (!this.mayWrite(sim, slot)) {
      sim.after(MARKER_RETRY_MICROS, node, CLIENT_TIMER.writeMarkers, slot);
      return;
    }
    if (this.fate[slot] !== FATE.leave) this.ended[(node << 2) | this.fate[slot]]++;
    const marked = new Set<string>();
    for (let entry = this.head[slot]; entry !== NONE;) {
      const row = this.row[entry];
      const edge = this.rows.edgeOf[row];
      const [topic, lane] = [sim.transfers.to[edge], row - this.rows.first[edge]];
      const place = `${topic}/${lane}`;
      this.fenceOff(sim, node, row, slot + 1);
      // A partition that the producer reaches by two edges is one partition of the transaction.
      if (!marked.has(place)) this.log!.endTransaction(sim, topic, lane, slot + 1, isAborted);
      marked.add(place);
      if (this.lastOf[row] === slot + 1) this.lastOf[row] = 0;
      const after = this.next[entry];
      this.touched.give(entry);
      entry = after;
    }
    this.slots.give(slot);
  }

  /** What was given up and still travels comes after the marker, which has a newer epoch: INVALID_PRODUCER_EPOCH. */
  private fenceOff(sim: Simulation, node: number, row: number, id: number): void {
    const { row: rowOf, head, count, written, givenUp } = this.client.batches;
    this.client.eachInFlight(this.rows.edgeOf[row], (batch) => {
      const isLate = rowOf[batch] === row && givenUp[batch] === 1 && written[batch] === 0;
      if (!isLate || head[batch] === NO_MESSAGE || sim.messages.transaction[head[batch]] !== id) return;
      this.client.loseMessages(sim, node, batch);
      count[batch] = 0;
    });
  }

  /** Whether every partition of a transaction has a leader: the coordinator tries again until it has. */
  private mayWrite(sim: Simulation, slot: number): boolean {
    for (let entry = this.head[slot]; entry !== NONE; entry = this.next[entry]) {
      const edge = this.rows.edgeOf[this.row[entry]];
      const lane = this.row[entry] - this.rows.first[edge];
      if (!this.log!.isServed(sim.transfers.to[edge], lane)) return false;
    }
    return true;
  }

  private goOn(sim: Simulation, node: number): void {
    this.states.send(sim.now, node, TRANSACTION_EVENT.ENDED);
    this.current[node] = NONE;
    const message = this.heldMessage[node];
    if (message === NONE) return;
    const edge = this.heldEdge[node];
    this.heldMessage[node] = NONE;
    sim.transfers.served(sim, edge);
    if (this.client.send(sim, node, edge, message)) this.client.onUnblocked(sim, node, edge);
  }
}
