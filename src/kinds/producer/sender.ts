import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { assert } from '../../lib/assert.ts';
import type { Batches } from './batches.ts';
import { CLIENT_TIMER } from './client-timer.ts';
import type { ClientRows } from './client-rows.ts';
import { ACKS, type ClientSettings } from './client-settings.ts';
import { nextResend } from '../shared/links/troubles.ts';
import { Requests } from './requests.ts';

const NONE = -1;
/** `max.request.size`: a request takes no further batch beyond it, and a larger message is refused. */
export const MOST_REQUEST_BYTES = 1_048_576;

/** What the network under the edges of clients does to their requests. */
export interface Network {
  /** Time in microseconds that a request and its answer take longer now; Infinity for never. */
  tripOf(sim: Simulation, edge: number): number;
  isCut(edge: number): boolean;
  /** Called when an edge is neither cut nor lossy any more. */
  onRecovery: (sim: Simulation, edge: number) => void;
}

export const NETWORK_IN_ORDER: Network = { tripOf: () => 0, isCut: () => false, onRecovery: () => {} };

/** What becomes of batches, as the sender tells it. */
export interface BatchEnds {
  /** Whether send() waits for memory, so that no batch waits for more messages. */
  isBlocked(node: number): boolean;
  /** Answered: the memory of the batch is free. */
  acknowledged(sim: Simulation, node: number, batch: number): void;
  /** Not answered; to be tried again, or given up. */
  unanswered(sim: Simulation, node: number, batch: number): void;
}

/**
 * The sending half of Kafka clients: puts the first batch of every partition of a topic into a request, writes them
 * to the log half a round trip later and hears the answer after the other half. A topic is one connection, on which
 * requests are served in order; the client hangs up when the oldest is not answered in time.
 */
export class Sender {
  readonly requests: Requests;
  network: Network = NETWORK_IN_ORDER;
  private readonly batches: Batches;
  private readonly rows: ClientRows;
  private readonly settings: readonly (ClientSettings | null)[];
  private readonly ends: BatchEnds;
  /** Of each edge: requests without an answer, and the row that the next request looks at first. */
  private inFlight = new Int32Array();
  private turn = new Int32Array();
  /**
   * Of each edge: when its newest request is written (Infinity if it does not arrive) and answered, and 1 once one will
   * not be in time.
   */
  private writtenAt = new Float64Array();
  private answeredAt = new Float64Array();
  private overdue = new Uint8Array();
  /** Of each row: batches that were ever sent. */
  private sequence = new Float64Array();

  constructor(
    sim: Simulation,
    parts: { batches: Batches; rows: ClientRows; settings: readonly (ClientSettings | null)[] },
    ends: BatchEnds,
  ) {
    const { columns, plan } = sim;
    this.batches = parts.batches;
    this.rows = parts.rows;
    this.settings = parts.settings;
    this.ends = ends;
    this.requests = new Requests(columns, plan.edgeCount, plan.limits.messages);
    for (const field of ['inFlight', 'turn']) columns.i32(this, field, plan.edgeCount);
    for (const field of ['writtenAt', 'answeredAt']) columns.f64(this, field, plan.edgeCount);
    columns.u8(this, 'overdue', plan.edgeCount);
    columns.f64(this, 'sequence', parts.rows.count);
  }

  /** Sends what may leave along an edge, as far as requests in flight allow. */
  drain(sim: Simulation, node: number, edge: number): void {
    const { maxInFlight } = this.settings[node]!;
    while (this.inFlight[edge] < maxInFlight && this.hasReady(node, edge)) this.send(sim, node, edge);
  }

  /** Requests along an edge that nobody has answered. */
  unansweredRequests(edge: number): number {
    return this.inFlight[edge];
  }

  /** The records of a request reach the log. */
  write(sim: Simulation, node: number, request: number): void {
    const { batches, requests } = this;
    const settings = this.settings[node]!;
    requests.timer[request] = NONE;
    if (settings.acks === ACKS.none && this.isHeldUp(request)) {
      this.sendNowhere(sim, node, requests.edge[request], request);
      return;
    }
    for (let batch = requests.batch[request]; batch !== NONE; batch = batches.next[batch]) {
      const wasWritten = batches.written[batch] === 1;
      batches.written[batch] = 1;
      // The leader remembers the last five batches of an idempotent producer and writes none of them twice.
      if (wasWritten && settings.isIdempotent) continue;
      if (wasWritten) sim.metrics.add(node, METRIC.duplicates, batches.count[batch]);
      // Nobody will hear the answer, so the client keeps the messages to send them again.
      const keeps = requests.overdue[request] === 1 && !settings.isIdempotent && batches.givenUp[batch] === 0;
      this.append(sim, node, batch, keeps);
    }
    if (settings.acks === ACKS.none) this.finish(request, requests.edge[request]);
  }

  /** The answer to the oldest request along an edge is here. */
  answer(sim: Simulation, node: number, request: number): void {
    const { batches, requests } = this;
    const edge = requests.edge[request];
    this.inFlight[edge]--;
    for (let batch = requests.batch[request]; batch !== NONE; batch = batches.next[batch]) {
      if (batches.givenUp[batch] === 0) this.ends.acknowledged(sim, node, batch);
    }
    this.finish(request, edge);
    this.drain(sim, node, edge);
  }

  /** The oldest request along an edge was not answered in time: the client hangs up, and no request counts. */
  hangUp(sim: Simulation, node: number, edge: number): void {
    const { batches, requests } = this;
    this.overdue[edge] = 0;
    this.writtenAt[edge] = 0;
    this.answeredAt[edge] = 0;
    this.inFlight[edge] = 0;
    for (let request = requests.first[edge]; request !== NONE; request = requests.first[edge]) {
      if (requests.timer[request] !== NONE) sim.cancel(requests.timer[request]);
      requests.shift(edge);
      for (let batch = requests.batch[request]; batch !== NONE;) {
        const after = batches.next[batch];
        this.ends.unanswered(sim, node, batch);
        batch = after;
      }
      requests.free(request);
    }
    this.drain(sim, node, edge);
  }

  /**
   * An edge is neither cut nor lossy any more. Requests that nobody answers were not given up, and are written when TCP
   * sends them again next; those with answers are tried again anyway once their time is over.
   */
  recover(sim: Simulation, edge: number): void {
    const { requests } = this;
    const node = sim.plan.edgeFrom[edge];
    if (this.settings[node]?.acks !== ACKS.none) return;
    this.writtenAt[edge] = sim.now;
    for (let request = requests.first[edge]; request !== NONE; request = requests.next[request]) {
      sim.cancel(requests.timer[request]);
      const due = Math.min(requests.dueAt[request], nextResend(requests.sentAt[request], sim.now));
      this.writeAt(sim, node, request, Math.max(this.writtenAt[edge], due));
    }
  }

  private writeAt(sim: Simulation, node: number, request: number, at: number): void {
    const { requests } = this;
    this.writtenAt[requests.edge[request]] = at;
    requests.dueAt[request] = at;
    requests.timer[request] = sim.at(at, node, CLIENT_TIMER.write, request);
  }

  private hasReady(node: number, edge: number): boolean {
    for (let row = this.rows.first[edge]; row < this.rows.end[edge]; row++) {
      if (this.mayLeave(node, row) && this.isReady(node, this.batches.first[row])) return true;
    }
    return false;
  }

  /** It is full, another waits behind it, it has lingered, or send() waits for its memory. */
  private isReady(node: number, batch: number): boolean {
    const { batches } = this;
    const isWaitedFor = batches.next[batch] !== NONE || batches.due[batch] === 1;
    return isWaitedFor || batches.isFull(batch) || this.ends.isBlocked(node);
  }

  /** Whether a row has a batch that a request may take along. */
  private mayLeave(node: number, row: number): boolean {
    const { batches } = this;
    const batch = batches.first[row];
    if (batch === NONE || batches.backsOff[batch] === 1) return false;
    if (batches.tries[batch] === 0 || !this.settings[node]!.isIdempotent) return true;
    return !this.isOlderInFlight(batch);
  }

  /** An idempotent client repeats the batches of a partition one by one, the oldest first. */
  private isOlderInFlight(batch: number): boolean {
    const { batches, requests } = this;
    const row = batches.row[batch];
    const edge = this.rows.edgeOf[row];
    for (let request = requests.first[edge]; request !== NONE; request = requests.next[request]) {
      for (let other = requests.batch[request]; other !== NONE; other = batches.next[other]) {
        if (batches.row[other] === row && batches.sequence[other] < batches.sequence[batch]) return true;
      }
    }
    return false;
  }

  private send(sim: Simulation, node: number, edge: number): void {
    const { requests, rows } = this;
    const request = requests.open(edge);
    const lanes = rows.end[edge] - rows.first[edge];
    let bytes = 0;
    for (let i = 0; i < lanes; i++) {
      const row = rows.first[edge] + ((this.turn[edge] + i) % lanes);
      if (!this.mayLeave(node, row)) continue;
      const more = this.batches.bytes[this.batches.first[row]];
      if (bytes > 0 && bytes + more > MOST_REQUEST_BYTES) {
        this.turn[edge] = row - rows.first[edge];
        break;
      }
      bytes += more;
      this.takeAlong(sim, node, request, row);
    }
    this.schedule(sim, node, edge, request);
  }

  private takeAlong(sim: Simulation, node: number, request: number, row: number): void {
    const { batches } = this;
    const batch = batches.leave(sim, row, this.sequence);
    sim.metrics.add(node, METRIC.attempts, batches.count[batch]);
    this.requests.add(request, batch, batches);
    // Nobody answers, so it counts as successful the moment it leaves.
    if (this.settings[node]!.acks === ACKS.none) this.ends.acknowledged(sim, node, batch);
  }

  /** A connection serves requests in order: none is written or answered before the one sent before it. */
  private schedule(sim: Simulation, node: number, edge: number, request: number): void {
    const { requests } = this;
    const { acks, latency, requestTimeout } = this.settings[node]!;
    const usual = Math.round(sim.samplers.sample(latency, sim.random, sim.stream(node, PURPOSE.service)));
    const trip = usual + this.network.tripOf(sim, edge);
    requests.sentAt[request] = sim.now;
    if (trip === Infinity || this.writtenAt[edge] === Infinity) {
      this.sendNowhere(sim, node, edge, request);
      return;
    }
    this.answeredAt[edge] = Math.max(sim.now + trip, this.answeredAt[edge]);
    this.writeAt(sim, node, request, Math.max(sim.now + Math.floor(trip / 2), this.writtenAt[edge]));
    if (acks === ACKS.none) return;
    this.inFlight[edge]++;
    const isInTime = this.answeredAt[edge] <= sim.now + requestTimeout;
    if (this.overdue[edge] === 0 && isInTime) {
      sim.at(this.answeredAt[edge], node, CLIENT_TIMER.answer, request);
      return;
    }
    this.awaitHangUp(sim, node, edge, request);
  }

  /** The network is cut, or an earlier request still has to pass it. */
  private isHeldUp(request: number): boolean {
    const edge = this.requests.edge[request];
    return this.network.isCut(edge) || this.requests.first[edge] !== request;
  }

  /** Nobody will answer this request in time. */
  private awaitHangUp(sim: Simulation, node: number, edge: number, request: number): void {
    this.requests.overdue[request] = 1;
    if (this.overdue[edge] === 1) return;
    this.overdue[edge] = 1;
    sim.after(this.settings[node]!.requestTimeout, node, CLIENT_TIMER.hangUp, edge);
  }

  /**
   * The network is cut, or was when one before it on its connection was sent: the request does not arrive before its
   * client hangs up; without answers it is sent for ever.
   */
  private sendNowhere(sim: Simulation, node: number, edge: number, request: number): void {
    const { acks, requestTimeout } = this.settings[node]!;
    if (acks === ACKS.none) {
      this.requests.dueAt[request] = Infinity;
      this.requests.timer[request] = sim.after(requestTimeout, node, CLIENT_TIMER.write, request);
      return;
    }
    this.writtenAt[edge] = Infinity;
    this.inFlight[edge]++;
    this.awaitHangUp(sim, node, edge, request);
  }

  private append(sim: Simulation, node: number, batch: number, keeps: boolean): void {
    const { batches } = this;
    const { messages, metrics } = sim;
    const edge = this.rows.edgeOf[batches.row[batch]];
    const lane = batches.row[batch] - this.rows.first[edge];
    for (let message = batches.head[batch]; message !== NO_MESSAGE;) {
      const after = messages.next[message];
      let record = message;
      if (keeps) {
        record = messages.copy(message);
        metrics.copied++;
        metrics.count(node, METRIC.in);
      }
      // A tag below zero names the partition.
      const isTaken = sim.send(edge, record, ~lane);
      assert(isTaken, 'a topic takes every batch');
      metrics.count(node, METRIC.out);
      message = after;
    }
    if (!keeps) batches.head[batch] = NO_MESSAGE;
  }

  private finish(request: number, edge: number): void {
    const { batches, requests } = this;
    requests.shift(edge);
    for (let batch = requests.batch[request]; batch !== NONE;) {
      const after = batches.next[batch];
      batches.free(batch);
      batch = after;
    }
    requests.free(request);
  }
}
