import { METRIC } from '../../engine/metrics.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { ClientQuotas } from '../shared/replication/client-quotas.ts';
import type { ReplicationListener } from '../shared/replication/followers.ts';
import type { Replication } from '../shared/replication/replication.ts';
import type { Batches } from './batches.ts';
import type { ClientRows } from './client-rows.ts';
import { ACKS, type ClientSettings } from './client-settings.ts';
import { CLIENT_TIMER } from './client-timer.ts';
import { ClusterConnections } from './cluster-connections.ts';
import { LeaderWrites, type ClusterParts } from './leader-writes.ts';
import type { Requests } from './requests.ts';
import { MOST_REQUEST_BYTES, type BatchEnds, NETWORK_IN_ORDER, type Network } from './sender.ts';

const NONE = -1;
/** In place of a request: the broker is at one whose batches are not all written yet. */
const WRITING = -2;

/** Where a request is. */
const PHASE = {
  /** On its way to the broker. */
  travels: 0,
  /** Behind another one of its connection, which the broker has not answered. */
  stands: 1,
  /** Written by the leaders; with acks=all it waits for the replicas in sync. */
  waits: 2,
  answered: 3,
} as const;

/** What becomes of batches beyond what every sender says. */
export interface ClusterBatchEnds extends BatchEnds {
  /** Answered: its messages are in the log, and the client keeps them no more. */
  written(sim: Simulation, node: number, batch: number): void;
  /** Sent without waiting for an answer, and not written. */
  unwritten(sim: Simulation, node: number, batch: number): void;
}

/**
 * The sending half of Kafka clients on the way to topics that are kept in a cluster: a connection to each broker, a
 * request for all the partitions that it leads. The leader refuses what is not its own, and with acks=all what too few
 * replicas in sync would have; then it answers once all of those have it. A broker serves a connection one request at a
 * time. Clients know at once who leads a partition, and keep what they sent until it is answered.
 */
export class ClusterSender implements ReplicationListener {
  readonly connections: ClusterConnections;
  private readonly requests: Requests;
  network: Network = NETWORK_IN_ORDER;
  private readonly batches: Batches;
  private readonly rows: ClientRows;
  private readonly settings: readonly (ClientSettings | null)[];
  private readonly ends: ClusterBatchEnds;
  private readonly replication: Replication;
  private readonly leaders: LeaderWrites;
  readonly quotas: ClientQuotas;
  private inFlight = new Int32Array();
  private turn = new Int32Array();
  /** Of each connection: the request that the broker is at, and when the newest arrives there and is answered. */
  private busy = new Int32Array();
  private arrivesAt = new Float64Array();
  private answeredAt = new Float64Array();
  /** Of each connection: until when the broker leaves the client alone, which sends nothing meanwhile. */
  private mutedUntil = new Float64Array();
  /** Of each row: batches that were ever sent. */
  private sequence = new Float64Array();
  /** Of each partition: the epoch of the leader that clients know. */
  private knownEpoch = new Int32Array();

  constructor(sim: Simulation, parts: ClusterParts, ends: ClusterBatchEnds) {
    const { columns, plan } = sim;
    const { batches, rows, settings, replication } = parts;
    this.batches = batches;
    this.rows = rows;
    this.settings = settings;
    this.ends = ends;
    this.replication = replication;
    this.connections = new ClusterConnections(sim, rows, batches, replication.table);
    this.requests = this.connections.requests;
    this.leaders = new LeaderWrites(plan.edgeTo, parts, this.connections);
    this.quotas = new ClientQuotas(sim, replication.table, ({ producerBytes }) => producerBytes);
    const { count } = this.connections;
    for (const field of ['inFlight', 'turn']) columns.i32(this, field, count);
    columns.i32(this, 'busy', count).fill(NONE);
    for (const field of ['arrivesAt', 'answeredAt', 'mutedUntil']) columns.f64(this, field, count);
    columns.f64(this, 'sequence', parts.rows.count);
    columns.i32(this, 'knownEpoch', replication.table.topic.length);
    replication.listeners.push(this);
  }

  /** Sends what may leave along an edge, as far as requests in flight allow. */
  drain(sim: Simulation, node: number, edge: number): void {
    const { maxInFlight } = this.settings[node]!;
    this.connections.eachConnection(edge, (connection) => {
      if (this.mutedUntil[connection] > sim.now) return;
      while (this.inFlight[connection] < maxInFlight && this.hasReady(node, connection)) {
        this.send(sim, node, connection);
      }
    });
  }

  fire(sim: Simulation, node: number, type: number, request: number): void {
    const { requests } = this;
    if (type === CLIENT_TIMER.unmute) {
      this.serve(sim, node, request);
      this.drain(sim, node, this.connections.edgeOf[request]);
      return;
    }
    const connection = requests.edge[request];
    if (type === CLIENT_TIMER.expire) {
      requests.expiry[request] = NONE;
      this.hangUp(sim, node, connection);
      return;
    }
    requests.timer[request] = NONE;
    if (type === CLIENT_TIMER.reply) {
      this.answer(sim, node, request);
      return;
    }
    requests.phase[request] = PHASE.stands;
    if (this.busy[connection] === NONE) this.serve(sim, node, connection);
  }

  /** Most requests without an answer on one connection of an edge. */
  unansweredRequests(edge: number): number {
    let most = 0;
    this.connections.eachConnection(edge, (connection) => (most = Math.max(most, this.inFlight[connection])));
    return most;
  }

  /** Requests that wait for its replicas may be through, and what found no leader may find one. */
  moved(sim: Simulation, topic: number, lane: number): void {
    const { table } = this.replication;
    const partition = table.of(topic, lane);
    const isNewLeader = this.knownEpoch[partition] !== table.epoch[partition];
    this.knownEpoch[partition] = table.epoch[partition];
    const { edgeFrom } = sim.plan;
    this.connections.eachEdgeTo(sim, topic, (edge) => {
      this.connections.eachConnection(edge, (connection) => {
        const request = this.busy[connection];
        if (request < 0 || !this.leaders.isThrough(request)) return;
        this.busy[connection] = NONE;
        this.respond(sim, edgeFrom[edge], request);
        this.serve(sim, edgeFrom[edge], connection);
      });
      if (isNewLeader) this.drain(sim, edgeFrom[edge], edge);
    });
  }

  /** What a client had written there must be written again. */
  cutOff(sim: Simulation, topic: number, lane: number, from: number): void {
    const { batches, rows } = this;
    const forget = (batch: number) => {
      if (batches.firstEnd[batch] > from) batches.written[batch] = 0;
    };
    this.connections.eachEdgeTo(sim, topic, (edge) => {
      const row = rows.first[edge] + lane;
      for (let batch = batches.first[row]; batch !== NONE; batch = batches.next[batch]) forget(batch);
      this.connections.eachInRequest(edge, (batch) => {
        if (batches.row[batch] === row) forget(batch);
      });
    });
  }

  /** Its connections break: nobody hears the answers. */
  brokerLost(sim: Simulation, cluster: number, broker: number): void {
    const { settings } = this.replication.table;
    const lost = settings[cluster]!.firstBroker + broker;
    for (let connection = 0; connection < this.connections.count; connection++) {
      const node = sim.plan.edgeFrom[this.connections.edgeOf[connection]];
      if (this.connections.brokerOf[connection] === lost) this.hangUp(sim, node, connection);
    }
  }

  private hasReady(node: number, connection: number): boolean {
    const { rows, batches, ends } = this;
    const edge = this.connections.edgeOf[connection];
    for (let row = rows.first[edge]; row < rows.end[edge]; row++) {
      if (!this.mayLeave(node, row, connection)) continue;
      const batch = batches.first[row];
      const isWaitedFor = batches.next[batch] !== NONE || batches.due[batch] === 1;
      if (isWaitedFor || batches.isFull(batch) || ends.isBlocked(node)) return true;
    }
    return false;
  }

  /** Whether a row has a batch that may go to the broker at the end of a connection. */
  private mayLeave(node: number, row: number, connection: number): boolean {
    const { batches } = this;
    const batch = batches.first[row];
    if (batch === NONE || batches.backsOff[batch] === 1 || !this.leaders.leads(connection, row)) return false;
    if (batches.tries[batch] === 0 || !this.settings[node]!.isIdempotent) return true;
    // An idempotent client repeats the batches of a partition one by one, the oldest first.
    return !this.isOlderInFlight(batch);
  }

  private isOlderInFlight(batch: number): boolean {
    const { batches, rows } = this;
    let isOlder = false;
    this.connections.eachInRequest(rows.edgeOf[batches.row[batch]], (other) => {
      if (this.leaders.isOlder(other, batch)) isOlder = true;
    });
    return isOlder;
  }

  private send(sim: Simulation, node: number, connection: number): void {
    const { requests, rows, batches } = this;
    const edge = this.connections.edgeOf[connection];
    const request = requests.open(connection);
    const lanes = rows.end[edge] - rows.first[edge];
    let bytes = 0;
    for (let i = 0; i < lanes; i++) {
      const row = rows.first[edge] + ((this.turn[connection] + i) % lanes);
      if (!this.mayLeave(node, row, connection)) continue;
      const more = batches.bytes[batches.first[row]];
      if (bytes > 0 && bytes + more > MOST_REQUEST_BYTES) {
        this.turn[connection] = row - rows.first[edge];
        break;
      }
      bytes += more;
      this.takeAlong(sim, node, request, row);
    }
    const { acks, latency, requestTimeout } = this.settings[node]!;
    const usual = Math.round(sim.samplers.sample(latency, sim.random, sim.stream(node, PURPOSE.service)));
    // What cannot pass arrives when its time is over, too late to be answered.
    const trip = usual + Math.min(2 * requestTimeout, this.network.tripOf(sim, edge));
    const there = Math.floor(trip / 2);
    this.arrivesAt[connection] = Math.max(sim.now + there, this.arrivesAt[connection]);
    requests.phase[request] = PHASE.travels;
    requests.wayBack[request] = trip - there;
    requests.timer[request] = sim.at(this.arrivesAt[connection], node, CLIENT_TIMER.arrive, request);
    if (acks === ACKS.none) return;
    this.inFlight[connection]++;
    requests.expiry[request] = sim.after(requestTimeout, node, CLIENT_TIMER.expire, request);
  }

  private takeAlong(sim: Simulation, node: number, request: number, row: number): void {
    const { batches } = this;
    const batch = batches.leave(sim, row, this.sequence);
    sim.metrics.add(node, METRIC.attempts, batches.count[batch]);
    this.requests.add(request, batch, batches);
    // Nobody answers, so it counts as successful the moment it leaves.
    if (this.settings[node]!.acks === ACKS.none) this.ends.acknowledged(sim, node, batch);
  }

  /** The broker works on the requests that stand before it, until one has to wait for replicas. */
  private serve(sim: Simulation, node: number, connection: number): void {
    const { requests, batches } = this;
    const { acks } = this.settings[node]!;
    while (this.busy[connection] === NONE && this.mutedUntil[connection] <= sim.now) {
      let request = requests.first[connection];
      while (request !== NONE && requests.phase[request] === PHASE.answered) request = requests.next[request];
      if (request === NONE || requests.phase[request] !== PHASE.stands) return;
      // What is written now may let others go on, but not this connection.
      this.busy[connection] = WRITING;
      requests.phase[request] = PHASE.waits;
      for (let batch = requests.batch[request]; batch !== NONE; batch = batches.next[batch]) {
        const isWritten = this.leaders.write(sim, node, batch, connection);
        batches.failed[batch] = isWritten ? 0 : 1;
      }
      const isThrough = acks !== ACKS.all || this.leaders.isThrough(request);
      this.busy[connection] = isThrough ? NONE : request;
      this.heedQuota(sim, node, connection, request);
      if (!isThrough) return;
      if (acks === ACKS.none) this.endUnanswered(sim, node, request);
      else this.respond(sim, node, request);
    }
  }

  /** Above its quota the broker still answers the client, but serves no further request for a while. */
  private heedQuota(sim: Simulation, node: number, connection: number, request: number): void {
    const { batches, requests } = this;
    let bytes = 0;
    for (let batch = requests.batch[request]; batch !== NONE; batch = batches.next[batch]) {
      bytes += batches.bytes[batch];
    }
    const pause = this.quotas.moved(sim, node, this.connections.brokerOf[connection], bytes);
    if (pause === 0) return;
    this.mutedUntil[connection] = sim.now + pause;
    sim.after(pause, node, CLIENT_TIMER.unmute, connection);
  }

  private respond(sim: Simulation, node: number, request: number): void {
    const { requests } = this;
    const connection = requests.edge[request];
    const at = Math.max(sim.now + requests.wayBack[request], this.answeredAt[connection]);
    this.answeredAt[connection] = at;
    requests.phase[request] = PHASE.answered;
    requests.timer[request] = sim.at(at, node, CLIENT_TIMER.reply, request);
  }

  private answer(sim: Simulation, node: number, request: number): void {
    const connection = this.requests.edge[request];
    this.inFlight[connection]--;
    this.endRequest(sim, request, (batch) => {
      if (this.batches.failed[batch] === 1) this.ends.unanswered(sim, node, batch);
      else this.ends.written(sim, node, batch);
    });
    this.drain(sim, node, this.connections.edgeOf[connection]);
  }

  private endUnanswered(sim: Simulation, node: number, request: number): void {
    this.endRequest(sim, request, (batch) => {
      if (this.batches.failed[batch] === 1) this.ends.unwritten(sim, node, batch);
      else this.batches.free(batch);
    });
  }

  /** No answer comes along a connection any more: whatever it was asked for is to be tried again. */
  private hangUp(sim: Simulation, node: number, connection: number): void {
    const { requests, batches, ends } = this;
    const { acks } = this.settings[node]!;
    this.inFlight[connection] = 0;
    this.busy[connection] = NONE;
    this.arrivesAt[connection] = 0;
    this.answeredAt[connection] = 0;
    for (let request = requests.first[connection]; request !== NONE; request = requests.first[connection]) {
      this.endRequest(sim, request, (batch) => {
        if (acks !== ACKS.none) ends.unanswered(sim, node, batch);
        else if (batches.written[batch] === 1) batches.free(batch);
        else ends.unwritten(sim, node, batch);
      });
    }
    this.drain(sim, node, this.connections.edgeOf[connection]);
  }

  /** Takes the oldest request of its connection apart. */
  private endRequest(sim: Simulation, request: number, end: (batch: number) => void): void {
    const { requests, batches } = this;
    if (requests.timer[request] !== NONE) sim.cancel(requests.timer[request]);
    if (requests.expiry[request] !== NONE) sim.cancel(requests.expiry[request]);
    requests.shift(requests.edge[request]);
    for (let batch = requests.batch[request]; batch !== NONE;) {
      const after = batches.next[batch];
      end(batch);
      batch = after;
    }
    requests.free(request);
  }
}
