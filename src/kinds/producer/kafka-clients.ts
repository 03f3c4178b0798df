import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import type { KeyHashes } from '../shared/key-hashes.ts';
import type { Replication } from '../shared/replication/replication.ts';
import { Batches } from './batches.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { ClientRows } from './client-rows.ts';
import { clientSettings, type ClientSettings } from './client-settings.ts';
import { clientBackoff } from './client-backoff.ts';
import { ClientStates } from './client-states.ts';
import { CLIENT_TIMER } from './client-timer.ts';
import { ClusterSender, type ClusterBatchEnds } from './cluster-sender.ts';
import { Partitioner } from './partitioner.ts';
import { MOST_REQUEST_BYTES, Sender, type Network } from './sender.ts';
import { Transactions } from './transactions.ts';

const NONE = -1;

/** Why a client loses a message, as the trace says it; 0 is a call to a database that failed. */
export const LOSS = { noMemory: 1, tooOld: 2, noTries: 3, tooLarge: 4, notWritten: 5 } as const;

/**
 * The clients of those producers that have one; null if none does. `partitions[edge]` counts the partitions of the
 * topic at the end of an edge.
 */
export function kafkaClients(
  sim: Simulation,
  configs: readonly NodeConfig[],
  partitions: Int32Array,
  hashes: KeyHashes,
  replication: Replication | null = null,
): KafkaClients | null {
  const settings = configs.map((config) => (config.kind === 'producer' ? clientSettings(sim, config) : null));
  return settings.some((of) => of !== null)
    ? new KafkaClients(sim, settings, partitions, hashes, replication)
    : null;
}

/**
 * Kafka clients inside producers: send() adds a message to a batch, for which it reserves memory, and blocks when there
 * is none; `Sender` does the rest. A batch is over when it is answered, out of tries or too old.
 */
export class KafkaClients implements ClusterBatchEnds {
  readonly rows: ClientRows;
  readonly batches: Batches;
  readonly states: ClientStates;
  readonly sender: Sender;
  /** The same for topics that are kept in a cluster; null if there are none. */
  readonly clusterSender: ClusterSender | null;
  /** Those of all producers that write in transactions; null if none does. */
  readonly transactions: Transactions | null;
  /** Called when the message that send() held back is through or lost. */
  onUnblocked: (sim: Simulation, node: number, edge: number) => void = () => {};
  private readonly settings: readonly (ClientSettings | null)[];
  readonly partitioner: Partitioner;
  /** Of each producer: bytes that no batch has reserved. */
  private available = new Float64Array();
  /** Of each producer: the row and message that wait for memory (NONE: none), the event that ends it, and until when. */
  private blockedRow = new Int32Array();
  private blockedMessage = new Int32Array();
  private unblock = new Int32Array();
  private blockedUntil = new Float64Array();
  /** Of each producer 1 while an event looks after its oldest batch. */
  private watches = new Uint8Array();

  constructor(
    sim: Simulation,
    settings: readonly (ClientSettings | null)[],
    partitions: Int32Array,
    hashes: KeyHashes,
    replication: Replication | null,
  ) {
    const { columns, plan, messages } = sim;
    this.settings = settings;
    this.rows = new ClientRows(plan, partitions, (node) => settings[node] !== null);
    this.batches = new Batches(columns, messages, this.rows.count, plan.nodeCount, plan.limits.messages);
    this.states = new ClientStates(columns, plan.nodeCount);
    const parts = { batches: this.batches, rows: this.rows, settings };
    this.sender = new Sender(sim, parts, this);
    this.clusterSender = replication && new ClusterSender(sim, { ...parts, replication }, this);
    const isTransactional = settings.some((of) => of?.transactions);
    this.transactions = isTransactional ? new Transactions(sim, settings, this.rows, this) : null;
    this.partitioner = new Partitioner(sim, this.rows, this.batches, hashes);
    this.partitioner.isAvailable =
      replication && ((edge, lane) => replication.leads(plan.edgeTo[edge], lane));
    columns.f64(this, 'available', plan.nodeCount);
    for (const field of ['blockedRow', 'blockedMessage', 'unblock']) {
      columns.i32(this, field, plan.nodeCount).fill(NONE);
    }
    columns.f64(this, 'blockedUntil', plan.nodeCount);
    columns.u8(this, 'watches', plan.nodeCount);
    settings.forEach((of, node) => (this.available[node] = of?.bufferMemory ?? 0));
  }

  /** The network that requests go over, which may be in trouble. */
  sendOver(network: Network): void {
    this.sender.network = network;
    network.onRecovery = (sim, edge) => this.sender.recover(sim, edge);
    if (this.clusterSender) this.clusterSender.network = network;
  }

  /** send(): false if it blocks for lack of memory; then `onUnblocked` says when it is over. */
  send(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (this.transactions?.holds(sim, node, edge, message)) return false;
    const size = sim.messages.sizeBytes[message];
    const settings = this.settings[node]!;
    if (size > Math.min(MOST_REQUEST_BYTES, settings.bufferMemory)) {
      this.reject(sim, node, 1);
      this.lose(sim, node, message, LOSS.tooLarge);
      return true;
    }
    const row = this.partitioner.choose(sim, edge, message, settings);
    const last = this.batches.last[row];
    const fits = last !== NONE && this.batches.takes(last, size);
    if (fits || this.available[node] >= this.needed(node, size)) {
      this.add(sim, node, row, message);
      return true;
    }
    this.states.blocks(sim.now, node);
    this.blockedRow[node] = row;
    this.blockedMessage[node] = message;
    this.blockedUntil[node] = sim.now + settings.maxBlock;
    this.unblock[node] = sim.at(this.blockedUntil[node], node, CLIENT_TIMER.unblock, 0);
    sim.transfers.holdBack(sim, edge);
    this.flush(sim, node);
    return false;
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    switch (type) {
      case CLIENT_TIMER.ready:
        return this.ready(sim, node, arg);
      case CLIENT_TIMER.write:
        return this.sender.write(sim, node, arg);
      case CLIENT_TIMER.answer:
        return this.sender.answer(sim, node, arg);
      case CLIENT_TIMER.hangUp:
        return this.sender.hangUp(sim, node, arg);
      case CLIENT_TIMER.unblock:
        return this.endBlock(sim, node);
      case CLIENT_TIMER.tooOld:
        return this.giveUpOld(sim, node);
      case CLIENT_TIMER.endTransaction:
      case CLIENT_TIMER.writeMarkers:
      case CLIENT_TIMER.transactionEnded:
        return this.transactions!.fire(sim, node, type, arg);
      default:
        return this.clusterSender!.fire(sim, node, type, arg);
    }
  }

  isBlocked(node: number): boolean {
    return this.states.isBlocked(node) || this.transactions?.isFlushing(node) === true;
  }

  isFlushed(node: number): boolean {
    return this.batches.oldest[node] === NONE;
  }

  /** Sends every batch as soon as requests in flight allow. */
  flush(sim: Simulation, node: number): void {
    const { outStart, outEdges } = sim.plan;
    for (let at = outStart[node]; at < outStart[node + 1]; at++) {
      if (this.rows.has(outEdges[at])) this.drain(sim, node, outEdges[at]);
    }
  }

  /** Visits the batches along an edge that are in requests without an answer. */
  eachInFlight(edge: number, visit: (batch: number) => void): void {
    this.sender.requests.eachBatch(edge, this.batches, visit);
    this.clusterSender?.connections.eachInRequest(edge, visit);
  }

  acknowledged(sim: Simulation, node: number, batch: number): void {
    this.batches.forgetAge(node, batch);
    if (this.batches.inTrouble[batch] === 1) this.states.recovers(sim.now, node);
    this.release(sim, node, this.batches.reserved[batch]);
    this.transactions?.answered(sim, node);
  }

  written(sim: Simulation, node: number, batch: number): void {
    if (this.batches.givenUp[batch] === 0) this.acknowledged(sim, node, batch);
    this.loseAll(sim, node, batch, LOSS.notWritten);
  }

  unwritten(sim: Simulation, node: number, batch: number): void {
    this.loseAll(sim, node, batch, LOSS.notWritten);
  }

  unanswered(sim: Simulation, node: number, batch: number): void {
    const { batches } = this;
    const settings = this.settings[node]!;
    if (batches.givenUp[batch] === 1) {
      this.loseAll(sim, node, batch, LOSS.tooOld);
      return;
    }
    if (batches.tries[batch] > settings.retries) {
      this.reject(sim, node, batches.count[batch]);
      this.acknowledged(sim, node, batch);
      return this.loseAll(sim, node, batch, LOSS.noTries);
    }
    sim.metrics.add(node, METRIC.retries, batches.count[batch]);
    batches.putBack(batch, settings.isIdempotent);
    if (batches.inTrouble[batch] === 0) this.states.fails(sim.now, node);
    batches.inTrouble[batch] = 1;
    batches.backsOff[batch] = 1;
    const wait = clientBackoff(sim, node, settings, batches.tries[batch] - 1);
    batches.timer[batch] = sim.after(wait, node, CLIENT_TIMER.ready, batch);
  }

  hasClient(node: number): boolean {
    return this.settings[node] !== null;
  }

  /** How often a client asks for the partitions of its topics; null for a producer without one. */
  metadataMaxAge(node: number): number | null {
    return this.settings[node]?.metadataMaxAge ?? null;
  }

  /** Share of the memory that is reserved. */
  reservedShare(node: number): number {
    const settings = this.settings[node];
    return settings === null ? NaN : 1 - this.available[node] / settings.bufferMemory;
  }

  /** Bytes that batches of a producer have reserved. */
  reservedBytes(node: number): number {
    return (this.settings[node]?.bufferMemory ?? 0) - this.available[node];
  }

  /** Messages in the batches of a producer, found by walking them. */
  held(sim: Simulation, node: number): number {
    const { outStart, outEdges } = sim.plan;
    let count = 0;
    for (let at = outStart[node]; at < outStart[node + 1]; at++) {
      const edge = outEdges[at];
      for (let row = this.rows.first[edge]; row < this.rows.end[edge]; row++) {
        count += this.batches.messagesFrom(this.batches.first[row]);
      }
      this.eachInFlight(edge, (batch) => (count += this.batches.messagesOf(batch)));
    }
    return count;
  }

  /** Messages that a producer keeps while the log has copies of them: they take slots, and count nowhere. */
  spares(sim: Simulation, node: number): number {
    const { outStart, outEdges } = sim.plan;
    let count = 0;
    const add = (batch: number) => (count += this.batches.sparesOf(batch));
    for (const edge of outEdges.subarray(outStart[node], outStart[node + 1])) {
      for (let row = this.rows.first[edge]; row < this.rows.end[edge]; row++) {
        for (let batch = this.batches.first[row]; batch !== NONE; batch = this.batches.next[batch])
          add(batch);
      }
      this.eachInFlight(edge, add);
    }
    return count;
  }

  private add(sim: Simulation, node: number, row: number, message: number): void {
    const { batches, rows } = this;
    const { linger } = this.settings[node]!;
    const size = sim.messages.sizeBytes[message];
    this.transactions?.adds(sim, node, row, message);
    let batch = batches.last[row];
    const isNew = batch === NONE || !batches.takes(batch, size);
    if (isNew) batch = this.open(sim, node, row, size);
    batches.add(batch, message);
    const isFull = batches.isFull(batch);
    const edge = rows.edgeOf[row];
    this.partitioner.added(edge, row, size, this.settings[node]!, isFull);
    if (isFull || (isNew && (linger === 0 || batches.first[row] !== batch))) this.drain(sim, node, edge);
    this.transactions?.added(sim, node);
  }

  private drain(sim: Simulation, node: number, edge: number): void {
    if (this.clusterSender?.connections.has(edge)) this.clusterSender.drain(sim, node, edge);
    else this.sender.drain(sim, node, edge);
  }

  private open(sim: Simulation, node: number, row: number, size: number): number {
    const { batches } = this;
    const { linger, deliveryTimeout } = this.settings[node]!;
    const reserved = this.needed(node, size);
    this.available[node] -= reserved;
    const batch = batches.open(node, row, reserved, sim.now);
    if (linger === 0) batches.due[batch] = 1;
    else batches.timer[batch] = sim.after(linger, node, CLIENT_TIMER.ready, batch);
    if (this.watches[node] === 0) {
      this.watches[node] = 1;
      sim.after(deliveryTimeout, node, CLIENT_TIMER.tooOld, 0);
    }
    return batch;
  }

  private ready(sim: Simulation, node: number, batch: number): void {
    const { batches } = this;
    batches.timer[batch] = NONE;
    batches.due[batch] = 1;
    batches.backsOff[batch] = 0;
    this.drain(sim, node, this.rows.edgeOf[batches.row[batch]]);
  }

  /** Memory for the message that waits is there, or its time is over. */
  private endBlock(sim: Simulation, node: number): void {
    const row = this.blockedRow[node];
    const message = this.blockedMessage[node];
    this.unblock[node] = NONE;
    this.states.goesOn(sim.now, node);
    this.blockedRow[node] = NONE;
    this.blockedMessage[node] = NONE;
    const edge = this.rows.edgeOf[row];
    sim.transfers.served(sim, edge);
    if (this.transactions?.holds(sim, node, edge, message)) return;
    if (this.available[node] >= this.needed(node, sim.messages.sizeBytes[message])) {
      this.add(sim, node, row, message);
    } else {
      this.reject(sim, node, 1);
      this.lose(sim, node, message, LOSS.noMemory);
    }
    this.onUnblocked(sim, node, edge);
  }

  /** Gives memory back, for which a message may wait. */
  private release(sim: Simulation, node: number, bytes: number): void {
    this.available[node] += bytes;
    if (!this.states.isBlocked(node) || this.blockedUntil[node] === sim.now) return;
    const needed = this.needed(node, sim.messages.sizeBytes[this.blockedMessage[node]]);
    if (this.available[node] < needed) return;
    // At this instant, but not within the call of a sender that is in the middle of its work.
    sim.cancel(this.unblock[node]);
    this.blockedUntil[node] = sim.now;
    this.unblock[node] = sim.after(0, node, CLIENT_TIMER.unblock, 0);
  }

  /** Batches that were not answered in time, wherever they are. */
  private giveUpOld(sim: Simulation, node: number): void {
    const { batches } = this;
    const { deliveryTimeout } = this.settings[node]!;
    this.watches[node] = 0;
    for (let batch = batches.oldest[node]; batch !== NONE; batch = batches.oldest[node]) {
      const until = batches.createdAt[batch] + deliveryTimeout;
      if (until > sim.now) {
        this.watches[node] = 1;
        sim.at(until, node, CLIENT_TIMER.tooOld, 0);
        return;
      }
      this.giveUp(sim, node, batch);
    }
  }

  private giveUp(sim: Simulation, node: number, batch: number): void {
    const { batches } = this;
    this.reject(sim, node, batches.count[batch]);
    this.acknowledged(sim, node, batch);
    if (batches.inRequest[batch] === 1) {
      batches.givenUp[batch] = 1;
      return;
    }
    if (batches.timer[batch] !== NONE) sim.cancel(batches.timer[batch]);
    batches.removeFromQueue(batch);
    this.loseAll(sim, node, batch, LOSS.tooOld);
  }

  /** The application hears that so many messages could not be sent. */
  private reject(sim: Simulation, node: number, count: number): void {
    sim.metrics.add(node, METRIC.failures, count);
    this.transactions?.failed(node);
  }

  private loseAll(sim: Simulation, node: number, batch: number, reason: number): void {
    this.loseMessages(sim, node, batch, reason);
    this.batches.free(batch);
  }

  /** What of a batch is not in the log is lost; if it still travels, it arrives empty. */
  loseMessages(sim: Simulation, node: number, batch: number, reason: number = LOSS.tooOld): void {
    const isSpare = this.batches.isSpare[batch] === 1;
    for (let message = this.batches.head[batch]; message !== NO_MESSAGE;) {
      const after = sim.messages.next[message];
      if (isSpare) sim.messages.free(message);
      else this.lose(sim, node, message, reason);
      message = after;
    }
    this.batches.head[batch] = NO_MESSAGE;
  }

  private lose(sim: Simulation, node: number, message: number, reason: number): void {
    sim.metrics.count(node, METRIC.dropped);
    const { serial } = sim.messages;
    if (sim.trace.messages) sim.trace.add(sim.now, TRACE.dropped, node, serial[message], reason, 0);
    sim.messages.free(message);
  }

  private needed(node: number, size: number): number {
    return Math.max(this.settings[node]!.batchSize, size);
  }
}
