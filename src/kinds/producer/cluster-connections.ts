import type { Simulation } from '../../engine/simulation.ts';
import type { ReplicaTable } from '../shared/replication/replica-table.ts';
import type { Batches } from './batches.ts';
import type { ClientRows } from './client-rows.ts';
import { Requests } from './requests.ts';

const NONE = -1;

/** The connections of Kafka clients to the brokers of clusters: one of each edge to a topic, to each broker. */
export class ClusterConnections {
  readonly requests: Requests;
  /** Of each connection: its edge, and the broker among all of the design. */
  readonly edgeOf: Int32Array;
  readonly brokerOf: Int32Array;
  private readonly batches: Batches;
  /** Of each edge: its first connection; NONE for an edge to any other target. */
  private readonly firstConnection: Int32Array;

  constructor(
    { columns, plan }: Simulation,
    rows: ClientRows,
    batches: Batches,
    { clusterOf, settings }: ReplicaTable,
  ) {
    this.batches = batches;
    this.firstConnection = new Int32Array(plan.edgeCount).fill(NONE);
    const edgeOf: number[] = [];
    const brokerOf: number[] = [];
    for (let edge = 0; edge < plan.edgeCount; edge++) {
      const cluster = settings[clusterOf[plan.edgeTo[edge]]];
      if (!cluster || !rows.has(edge)) continue;
      this.firstConnection[edge] = edgeOf.length;
      for (let broker = 0; broker < cluster.brokers; broker++) {
        edgeOf.push(edge);
        brokerOf.push(cluster.firstBroker + broker);
      }
    }
    this.edgeOf = Int32Array.from(edgeOf);
    this.brokerOf = Int32Array.from(brokerOf);
    this.requests = new Requests(columns, edgeOf.length, plan.limits.messages);
  }

  get count(): number {
    return this.edgeOf.length;
  }

  /** Whether messages along an edge go to the brokers of a cluster. */
  has(edge: number): boolean {
    return this.firstConnection[edge] !== NONE;
  }

  eachConnection(edge: number, visit: (connection: number) => void): void {
    const first = this.firstConnection[edge];
    for (let connection = first; this.edgeOf[connection] === edge; connection++) visit(connection);
  }

  eachEdgeTo({ plan }: Simulation, node: number, visit: (edge: number) => void): void {
    for (let at = plan.inStart[node]; at < plan.inStart[node + 1]; at++) {
      if (this.has(plan.inEdges[at])) visit(plan.inEdges[at]);
    }
  }

  /** Visits every batch in a request along an edge. */
  eachInRequest(edge: number, visit: (batch: number) => void): void {
    const { requests, batches } = this;
    this.eachConnection(edge, (connection) => requests.eachBatch(connection, batches, visit));
  }
}
