import { METRIC } from '../../engine/metrics.ts';
import { NO_MESSAGE } from '../../engine/messages.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Replication } from '../shared/replication/replication.ts';
import type { Batches } from './batches.ts';
import type { ClientRows } from './client-rows.ts';
import { ACKS, type ClientSettings } from './client-settings.ts';
import type { ClusterConnections } from './cluster-connections.ts';

const NONE = -1;

/** What a sender and the leaders that it writes to know of. */
export interface ClusterParts {
  batches: Batches;
  rows: ClientRows;
  settings: readonly (ClientSettings | null)[];
  replication: Replication;
}

/** What the leaders of partitions do with the batches of Kafka clients: refuse, write, and know when they may answer. */
export class LeaderWrites {
  private readonly batches: Batches;
  private readonly rows: ClientRows;
  private readonly settings: readonly (ClientSettings | null)[];
  private readonly replication: Replication;
  private readonly connections: ClusterConnections;
  private readonly targets: Int32Array;

  constructor(targets: Int32Array, parts: ClusterParts, connections: ClusterConnections) {
    this.batches = parts.batches;
    this.rows = parts.rows;
    this.settings = parts.settings;
    this.replication = parts.replication;
    this.connections = connections;
    this.targets = targets;
  }

  leads(connection: number, row: number): boolean {
    const { table } = this.replication;
    const partition = this.partitionOf(row);
    const leader = table.leader[partition];
    return table.isServed(partition) && table.broker[leader] === this.connections.brokerOf[connection];
  }

  /** False if the leader refuses the batch. */
  write(sim: Simulation, node: number, batch: number, connection: number): boolean {
    const { batches } = this;
    const { table } = this.replication;
    const { acks, isIdempotent } = this.settings[node]!;
    const partition = this.partitionOf(batches.row[batch]);
    if (!this.leads(connection, batches.row[batch])) return false;
    // NOT_ENOUGH_REPLICAS: nothing is written.
    if (acks === ACKS.all && table.inSyncCount[partition] < table.minInSync[partition]) return false;
    batches.epoch[batch] = table.epoch[partition];
    const wasWritten = batches.written[batch] === 1;
    // The leader remembers the last five batches of an idempotent producer and writes none of them twice.
    if (wasWritten && isIdempotent) return true;
    if (isIdempotent && this.isOlderUnwritten(batch)) return false;
    if (wasWritten) sim.metrics.add(node, METRIC.duplicates, batches.count[batch]);
    batches.written[batch] = 1;
    batches.writtenEnd[batch] = table.end[partition] + batches.count[batch];
    if (!wasWritten) batches.firstEnd[batch] = batches.writtenEnd[batch];
    this.append(sim, node, batch);
    this.replication.appended(sim, partition, batches.writtenEnd[batch]);
    return true;
  }

  /** Whether every batch of a request is refused, or in all replicas in sync. */
  isThrough(request: number): boolean {
    const { batches } = this;
    const { requests } = this.connections;
    const { table } = this.replication;
    let isThrough = true;
    for (let batch = requests.batch[request]; batch !== NONE; batch = batches.next[batch]) {
      if (batches.failed[batch] === 1) continue;
      const partition = this.partitionOf(batches.row[batch]);
      const isSameLeader = batches.epoch[batch] === table.epoch[partition];
      if (isSameLeader && table.highWatermark[partition] < batches.writtenEnd[batch]) isThrough = false;
      // NOT_ENOUGH_REPLICAS_AFTER_APPEND: it is in the log all the same.
      else if (!isSameLeader || table.inSyncCount[partition] < table.minInSync[partition])
        batches.failed[batch] = 1;
    }
    return isThrough;
  }

  isOlder(other: number, batch: number): boolean {
    const { batches } = this;
    return batches.row[other] === batches.row[batch] && batches.sequence[other] < batches.sequence[batch];
  }

  /** Whether the leader lacks an older batch of this producer: OUT_OF_ORDER_SEQUENCE_NUMBER. */
  private isOlderUnwritten(batch: number): boolean {
    const { batches, rows } = this;
    const row = batches.row[batch];
    const isMissing = (other: number) =>
      this.isOlder(other, batch) && batches.written[other] === 0 && batches.givenUp[other] === 0;
    let isOlder = false;
    for (let other = batches.first[row]; other !== NONE; other = batches.next[other]) {
      if (batches.tries[other] > 0 && isMissing(other)) isOlder = true;
    }
    this.connections.eachInRequest(rows.edgeOf[row], (other) => {
      if (isMissing(other)) isOlder = true;
    });
    return isOlder;
  }

  /** Copies go to the log: the client keeps its own messages, which count no more, until it hears the answer. */
  private append(sim: Simulation, node: number, batch: number): void {
    const { batches, rows } = this;
    const { messages, metrics } = sim;
    const edge = rows.edgeOf[batches.row[batch]];
    const lane = batches.row[batch] - rows.first[edge];
    const keeps = this.settings[node]!.acks !== ACKS.none;
    for (let message = batches.head[batch]; message !== NO_MESSAGE;) {
      const after = messages.next[message];
      const record = keeps ? messages.copy(message) : message;
      if (batches.isSpare[batch] === 1) {
        metrics.copied++;
        metrics.count(node, METRIC.in);
      }
      // A tag below zero names the partition.
      sim.deposit(edge, record, ~lane);
      metrics.count(node, METRIC.out);
      message = after;
    }
    if (keeps) batches.isSpare[batch] = 1;
    else batches.head[batch] = NO_MESSAGE;
  }

  private partitionOf(row: number): number {
    const edge = this.rows.edgeOf[row];
    return this.replication.table.of(this.targets[edge], row - this.rows.first[edge]);
  }
}
